/**
 * The words of a command line that a shell would run as exactly one command with exactly these words; undefined for
 * everything else. It knows what is harmless, not what is dangerous: any character or word that is not known to mean
 * itself makes the line compound. So there is no list of tricks to keep complete.
 */
export function simpleWords(command: string): string[] | undefined {
  if (!/^(?:[\w./:=@%+,^-]+|'[\w ./:=@%+,^-]*'|"[\w ./:=@%+,^-]*"| )+$/.test(command)) return undefined
  const words = command.match(/(?:[\w./:=@%+,^-]|'[^']*'|"[^"]*")+/g) ?? []
  const [first = ''] = words
  if (!/^[\w./@%+,:-]+$/.test(first) || isReserved(first)) return undefined
  return words.map((word) => word.replaceAll(/['"]/g, ''))
}

/** `npm test`, `git log *`, `npm run test*`: a last `*` of its own stands for any further words, on a word for its rest. */
export function matchesCommand(pattern: string, command: string): boolean {
  const words = simpleWords(command)
  if (!words) return false
  const wanted = pattern.trim().split(/ +/)
  const open = wanted.length > 1 && wanted.at(-1) === '*'
  if (open) wanted.pop()
  if (open ? words.length < wanted.length : words.length !== wanted.length) return false
  return wanted.every((want, index) => matchesWord(want, words[index] ?? ''))
}

/**
 * Whether the words of `pattern` occur in the line, in this order, anywhere: behind `;`, in `$( )`, with a path before
 * the first, with quotes and backslashes in between. It rather finds too much: it serves to refuse.
 */
export function mentionsCommand(pattern: string, command: string): boolean {
  const wanted = pattern.trim().split(/ +/)
  if (wanted.length > 1 && wanted.at(-1) === '*') wanted.pop()
  const words = command.replaceAll(/['"\\]/g, '').split(/[\s;&|()<>`${}=!]+/)
  let next = 0
  for (const word of words) {
    const want = wanted[next]
    if (want === undefined) break
    if (matchesWord(want, word) || (next === 0 && matchesWord(want, word.slice(word.lastIndexOf('/') + 1))))
      next++
  }
  return next === wanted.length
}

/** Whether what runs cannot be read off the line: expansions, escapes, a command that runs text. */
export function isOpaque(command: string): boolean {
  return (
    /[$`\\*?[{~]|[^ -~\n\t]/.test(command) ||
    /(?:^|[\s;&|(/])(?:eval|source|\.|xargs|base64)(?:\s|$)/.test(command)
  )
}

function matchesWord(want: string, word: string): boolean {
  return want.endsWith('*') ? word.startsWith(want.slice(0, -1)) : want === word
}

/** Words that are no command, or that run their arguments as a command line of its own. */
function isReserved(word: string): boolean {
  return (
    /^(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|select|function|time|coproc|in)$/.test(
      word,
    ) ||
    /^(?:eval|source|\.|exec|command|builtin|trap|alias|unalias|enable|set|shopt|export|declare|typeset|readonly|local|hash)$/.test(
      word,
    )
  )
}
