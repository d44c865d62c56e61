import { functionWords } from './data/stop-words.ts'

/** A piece of a sentence: a word that may carry the name, or the grammar between such words. */
export interface Token {
  /** Lower case, letters and digits only. */
  readonly text: string
  /** As it was written. */
  readonly written: string
  /** Part of the grammar, never of a name. */
  readonly grammar: boolean
  /** How it was written and what stood around it: 'code', 'flag', 'camel', 'path', 'scope', 'paren'. */
  readonly marks: ReadonlySet<string>
}

/** The tokens of a sentence in the order in which they were written. */
export function tokensOf(sentence: string): Token[] {
  const tokens: Token[] = []
  let quoted = false
  let parenthesis = false
  const scopeEnd = sentence.match(scope)?.[0].length ?? 0
  for (const chunk of sentence.matchAll(/\S+/g)) {
    const written = chunk[0]
    const opening = written.match(/^[^\p{L}\p{N}]*/u)?.[0] ?? ''
    const closing = written.slice(opening.length).match(/(?<![^\p{L}\p{N}])[^\p{L}\p{N}]*$/u)?.[0] ?? ''
    if (/[`"“]/.test(opening)) quoted = true
    if (opening.includes('(')) parenthesis = true
    const shape: string[] = []
    if (quoted) shape.push('code')
    if (parenthesis) shape.push('paren')
    if (/^[`'"([]*--?\w/.test(written)) shape.push('flag')
    if (chunk.index < scopeEnd) shape.push('scope')
    const parts = partsOf(written.replace(/['’]/g, ''))
    for (const part of parts) tokens.push(token(part, shape, parts.length))
    if (/[,.;:!?]/.test(closing)) tokens.push(pause)
    if (/[`"”]/.test(closing)) quoted = false
    if (closing.includes(')')) parenthesis = false
  }
  return tokens
}

/** `feat(cache): ` or `compose up: ` in front of a title. */
const scope = /^[\w./-]+(?:\s[\w./-]+)?(?:\([^)]*\))?!?:(?=\s)/

/** Names that are one word although a capital stands in the middle. */
const oneWord =
  /^(?:GitHub|GitLab|JavaScript|TypeScript|OAuth\d?|macOS|iOS|DynamoDB|MongoDB|GraphQL|PostgreSQL|MySQL|SQLite|YouTube|OpenAPI|OpenAI|WebSocket|NodeJS|LaTeX|PowerShell|CloudFormation|CloudWatch|DevOps|FastAPI|NumPy|PyTorch|IPv[46]|PyPI|WiFi|IDs|URLs|APIs|PRs|CLIs)$/i

const pause: Token = { text: '', written: '', grammar: true, marks: new Set(['pause']) }

function token(part: Part, shape: readonly string[], siblings: number): Token {
  const text = part.text.toLowerCase()
  const marks = new Set(shape)
  if (part.camel) marks.add('camel')
  if (siblings > 1) marks.add('joined')
  if (part.path) marks.add('path')
  return { text, written: part.text, grammar: functionWords.has(text), marks }
}

interface Part {
  readonly text: string
  readonly camel: boolean
  readonly path: boolean
}

function partsOf(written: string): Part[] {
  const path = /[\w)]\/[\w(]/.test(written)
  return (written.match(/[A-Za-z0-9]+/g) ?? []).flatMap((piece) => {
    const pieces = oneWord.test(piece)
      ? [piece]
      : piece.split(/(?<=[a-z0-9])(?=[A-Z][a-z]|[A-Z]{2,}$)|(?<=[A-Z])(?=[A-Z][a-z]{2})/)
    return pieces.map((text) => ({ text, camel: pieces.length > 1, path }))
  })
}
