import { readLine, simpleWords, type Word } from './shell-words.ts'

/** What of a line cannot be read off it. */
export interface Unread {
  /** `program`: what runs is a file of somebody's own, named by its path; `text`: anything else. */
  type: 'text' | 'program'
  what: string
}

/**
 * Why no rule that denies commands can be sure of a line: expansions, escapes, programs that run a text or a file that is
 * not on it. undefined for a line that says all that it runs. A guard rail, no sandbox: programs that are no interpreters
 * may start others, too.
 */
export function unreadIn(command: string): Unread | undefined {
  if (!simpleWords(command) && /[$`\\*?[{~]|[^ -~\n\t]/.test(command))
    return { type: 'text', what: 'an expansion or an escape' }
  for (const words of commandsIn(command)) {
    const found = unreadWords(words)
    if (found) return found
  }
  return undefined
}

/** Words of these names run text wherever they stand: `git bisect run sh x`. */
const plainShells = names('sh bash dash zsh ksh')
const shells = names(
  'sh bash dash ash zsh ksh mksh csh tcsh fish rbash yash elvish nu xonsh pwsh powershell cmd',
)
const languages = names(
  `python pypy ipython perl ruby irb node nodejs deno bun tsx ts-node php lua luajit awk gawk mawk nawk osascript tclsh
  wish expect r rscript julia guile groovy jshell elixir iex escript erl ghci runghc runhaskell racket scheme sbcl clisp
  clojure clj bb ocaml utop gdb lldb ed ex vi vim nvim emacs socat`,
)
/** Run what they are told on standard input, in a file or by their words, some of it elsewhere. */
const runners = names(
  'busybox toybox ssh rsh mosh xargs parallel at batch crontab eval source . trap alias enable base64 m4',
)
/** Run their words as a command. */
const wrappers = names(
  `nice timeout gtimeout nohup sudo doas su runuser setpriv command builtin exec time coproc setsid stdbuf ionice chrt
  taskset chroot unshare nsenter flock watch entr strace ltrace script unbuffer rlwrap prlimit systemd-run tmux screen
  docker podman kubectl nix-shell npx bunx pnpm uv uvx pipx poetry pipenv conda bundle
  xvfb-run dbus-run-session firejail bwrap fakeroot eatmydata proot numactl caffeinate chronic hyperfine sg`,
)
const introductions = names('if then else elif while until do ! function')
const systemPlaces = /^(?:\/usr(?:\/local)?|\/opt\/homebrew|\/run\/current-system\/sw)?\/s?bin\/[^/]+$/
/** Variables that make programs run other programs. */
const leading =
  /^(?:PATH|LD_\w+|DYLD_\w+|BASH_ENV|ENV|SHELL|NODE_OPTIONS|PERL5\w+|RUBY\w+|PYTHON\w+|GIT_\w+|EDITOR|VISUAL|PAGER)\+?=/

/** Settings of git whose values nothing runs; of any other a value may be a program, or where one is found. */
const plainSettings =
  /^(?:user|author|committer|color|advice|column|log|status|init|i18n|commit|push|pull|rebase|fetch|http|branch|checkout|clone|gc|index|rerere|blame|grep|tag|stash|diff\.(?:algorithm|renames|context|noprefix)|merge\.conflictstyle|safe|core\.(?:quotepath|autocrlf|eol|whitespace|abbrev|filemode|safecrlf|longpaths|ignorecase|precomposeunicode|symlinks|commentchar))(?:[.=]|$)/i

/** The words of each command of a line, without what is redirected. */
function commandsIn(line: string): Word[][] {
  let command: Word[] = []
  const commands = [command]
  let target = false
  for (const token of readLine(line)) {
    if (token.type === 'word') {
      if (!target) command.push(token)
      target = false
      continue
    }
    // `<(` begins a command all the same: its bracket does. In `>&` and `>|` nothing ends.
    if (target && (token.text === '&' || token.text === '|')) continue
    target = token.text === '<' || token.text === '>'
    if (target) {
      if (/^\d+$/.test(command.at(-1)?.text ?? '')) command.pop()
      continue
    }
    command = []
    commands.push(command)
  }
  return commands
}

function unreadWords(words: readonly Word[]): Unread | undefined {
  const hidden = words.map(textRunBy).find((found) => found !== undefined)
  if (hidden !== undefined) return text(hidden)
  let at = 0
  while (introductions.has(words[at]?.text ?? '') || isAssignment(words[at])) at += 1
  const outermost = at
  for (; at < words.length; at += 1) {
    const word = words[at]?.text ?? ''
    if (at > outermost && /^[-+]|^[\d.]+[smhd]?$|=/.test(word)) continue
    if (!wrappers.has(programName(word))) return unreadProgram(word, words.slice(at + 1))
    const behind =
      at === outermost
        ? words
            .slice(at + 1)
            .map(textBehind)
            .find((found) => found)
        : undefined
    if (behind) return behind
  }
  return undefined
}

function unreadProgram(word: string, others: readonly Word[]): Unread | undefined {
  const name = programName(word)
  if (isInterpreter(name)) return others.length === 1 && isHarmless(others[0]) ? undefined : text(name)
  if (name === 'env') return others.some((other) => !isAssignment(other)) ? text(name) : undefined
  if (/^(?:g|bsd)?make$/.test(name)) return others.some(isOwnMakefile) ? text(name) : undefined
  if (name === 'git') return others.some(isGitSetting) ? text(name) : undefined
  if (name === 'find')
    return others.some((other) => /^-(?:exec|ok)/.test(other.text)) ? text(name) : undefined
  return word.includes('/') && !systemPlaces.test(word) ? { type: 'program', what: word } : undefined
}

/** A wrapper's options may have values of their own: any interpreter behind it counts, and what a quote holds. */
function textBehind(word: Word): Unread | undefined {
  const name = programName(word.text)
  if (name !== '.' && (isInterpreter(name) || name === 'env')) return text(name)
  return word.quoted && /\s/.test(word.text) ? unreadIn(word.text) : undefined
}

/** Where a value or a quoted word begins with a shell: `alias.x=!f`, `SHELL=/bin/sh`, `"bash x"`. */
function textRunBy({ text, quoted }: Word, index: number): string | undefined {
  if (leading.test(text)) return text.slice(0, text.indexOf('='))
  if (index > 0 && plainShells.has(programName(text)) && (!text.includes('/') || systemPlaces.test(text)))
    return text
  const value = text.slice(text.lastIndexOf('=') + 1)
  if (value.length < text.length && value.startsWith('!')) return text.slice(0, text.length - value.length)
  const [begin = ''] = value.trimStart().split(/\s/, 1)
  const name = programName(begin)
  if (value.length < text.length) return shells.has(name) || languages.has(name) ? name : undefined
  return quoted && begin.length < value.length && shells.has(name) ? name : undefined
}

function text(what: string): Unread {
  return { type: 'text', what }
}

function isInterpreter(name: string): boolean {
  return shells.has(name) || languages.has(name) || runners.has(name)
}

/** `/usr/bin/Python3.11` → `python`. */
function programName(text: string): string {
  const name = text.slice(text.lastIndexOf('/') + 1).toLowerCase()
  if (runners.has(name) || name.length > 40) return name
  const bare = name.replace(/(?:\.exe|-static)$/, '')
  const unnumbered = bare.replace(/[-.]?\d.*$/s, '')
  // `ed25519` is no `ed`.
  return unnumbered.length > 2 ? unnumbered : bare
}

function isHarmless(word: Pick<Word, 'text'> | undefined): boolean {
  return word?.text === '--version' || word?.text === '--help'
}

/** `-f FILE`, `--eval=TEXT`, `SHELL=x`, `-sf -`: also shortened or in a bundle. */
function isOwnMakefile({ text }: Word): boolean {
  return /^-[A-Za-z]*[fE]|^--(?:fi|mak|ev)|^(?:MAKEFILES|MAKEFLAGS|SHELL|\.SHELLFLAGS)[?:+!]*=/.test(text)
}

/** `-c core.sshCommand=x`, `-ccore.pager=x`, `--config-env=core.editor=X`, `--exec-path=x`. */
function isGitSetting({ text }: Word, index: number, words: readonly Word[]): boolean {
  const behind = /^(?:-c|--config-env)$/.test(words[index - 1]?.text ?? '') ? '' : undefined
  const start = behind ?? /^(?:-c|--config-env=)(?=.)/.exec(text)?.[0]
  if (/^--exec-path=/.test(text)) return true
  if (start === undefined) return false
  const setting = text.slice(start.length)
  return /^[\w-]+\./.test(setting) && !plainSettings.test(setting)
}

function isAssignment(word: Word | undefined): boolean {
  return /^[A-Za-z_]\w*\+?=/.test(word?.text ?? '')
}

function names(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}
