const reference = /(?<![\p{L}\p{N}_@./\\-])@(?:"([^"\n]+)"|([^\s"'`<>()[\]{}|;,]+))/gu

/**
 * What may name a file in a prompt, `@PATH` or `@"a path with spaces"`, each once: most words that begin with `@` name
 * none, and only a look at the disk tells. What ends a sentence does not belong to a path, `\@` and an e-mail address
 * name none, and `@session/` is a matter of its own.
 */
export function pathReferences(prompt: string): string[] {
  const paths = [...prompt.matchAll(reference)].map(([, quoted, plain = '']) => quoted ?? withoutEnd(plain))
  return [...new Set(paths.filter((path) => path !== '' && !path.startsWith('session/')))]
}

/** Without what ends a sentence. A pattern for it would try each of a million points anew. */
function withoutEnd(path: string): string {
  let end = path.length
  while (end > 0 && '.:!?…'.includes(path.charAt(end - 1))) end -= 1
  return path.slice(0, end)
}
