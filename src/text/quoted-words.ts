/**
 * The words of a command line as a shell would split it, with its quotes and backslashes, and with nothing else of a
 * shell: no variables, no `~`, no patterns, no `;`. undefined when a quote or a last backslash stands alone.
 */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = []
  const rest = text.trim()
  for (let at = 0; at < rest.length; ) {
    wholeWord.lastIndex = at
    const [word = ''] = wholeWord.exec(rest) ?? []
    at += word.length
    // What stopped it was neither the end nor white space: a quote that does not end.
    if (at < rest.length && !/\s/.test(rest.charAt(at))) return undefined
    words.push(
      word.replaceAll(part, (_, single, double, escaped, plain) => literal(single, double, escaped ?? plain)),
    )
    while (/\s/.test(rest.charAt(at))) at += 1
  }
  return words
}

const wholeWord = /(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+/sy
const part = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|(.)/gs

/** Inside double quotes a backslash stands for itself, except before what it can protect there. */
function literal(single: string | undefined, double: string | undefined, other: string): string {
  return single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? other
}
