import { likelyPath } from './path-reference.ts'

const reference = /(?<![\p{L}\p{N}_@./\\-])@session\/(?:"([^"\n]+)"|((?:\\.|[^\s"`\\])+))/gu

/**
 * The files that a prompt names by `@session/PATH`, or `@session/"a path with spaces"`, each once. What ends a sentence
 * does not belong to a path, and `\@session/` names none.
 */
export function sessionReferences(prompt: string): string[] {
  const paths = [...prompt.matchAll(reference)].map(([, quoted, plain = '']) => quoted ?? likelyPath(plain))
  return [...new Set(paths.filter((path) => path !== ''))]
}
