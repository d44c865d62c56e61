import { exitCode, UserError } from '../../base/errors.ts'
import { print } from '../../text/print.ts'
import { defineVerb } from '../verb.ts'

export default defineVerb({
  meta: { name: 'completion', description: 'Print the completion script for bash, zsh or fish' },
  args: {
    shell: {
      type: 'positional',
      required: true,
      completes: ['bash', 'zsh', 'fish'],
      description: 'bash, zsh or fish',
    },
  },
  run({ args }) {
    const script = Object.hasOwn(scripts, args.shell) ? scripts[args.shell] : undefined
    if (script === undefined) {
      throw new UserError(`there is no completion for "${args.shell.slice(0, 40)}"`, {
        hint: 'shells: bash, zsh, fish',
        exit: exitCode.usage,
      })
    }
    print(script)
  },
})

/** Each asks `q complete` for the words that may stand at the cursor: all knowledge is in one place. */
const scripts: Record<string, string> = {
  bash: `# q completion for bash: source <(q completion bash)
_q() {
  local IFS=$'\\n'
  COMPREPLY=($(q complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  if [ "\${COMPREPLY[0]}" = :files ]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
  fi
}
complete -F _q q
`,
  zsh: `#compdef q
# q completion for zsh, after compinit: source <(q completion zsh)
_q() {
  local -a found
  found=(\${(f)"$(q complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if [[ $found[1] == :files ]]; then
    [[ -prefix --*= ]] && compset -P '*='
    _files
  else
    compadd -- $found
  fi
}
compdef _q q
`,
  fish: `# q completion for fish: q completion fish | source
function __q_complete
  set -l found (q complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)
  if test "$found[1]" = :files
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
complete -c q -f -a '(__q_complete)'
`,
}
