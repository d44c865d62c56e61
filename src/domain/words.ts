/**
 * The words of a command line as a shell would split it, with its quotes and backslashes, and with nothing else of a
 * shell: no variables, no `~`, no patterns, no `;`. undefined when a quote or a last backslash stands alone.
 */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = []
  let rest = text.trimStart()
  while (rest !== '') {
    const [word = ''] = wholeWord.exec(rest) ?? []
    rest = rest.slice(word.length)
    // What stopped it was neither the end nor white space: a quote that does not end.
    if (rest !== '' && !/^\s/.test(rest)) return undefined
    words.push(
      word.replaceAll(part, (_, single, double, escaped, plain) => literal(single, double, escaped ?? plain)),
    )
    rest = rest.trimStart()
  }
  return words
}

const wholeWord = /^(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+/s
const part = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|(.)/gs

/** Inside double quotes a backslash stands for itself, except before what it can protect there. */
function literal(single: string | undefined, double: string | undefined, other: string): string {
  return single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? other
}
