import { isObject, parseJson } from '../../base/json.ts'

/** The words of a refusal's body, and what it calls the error (empty where it does not), out of the shapes they come in. */
export function saidIn(body: string): { words: string; code: string } {
  const json = parseJson(body)
  const outer = Array.isArray(json) ? json[0] : json
  if (typeof outer === 'string' && outer !== '') return { words: outer, code: '' }
  if (isObject(outer)) {
    const error = outer.error ?? outer.errors ?? outer
    const inner = Array.isArray(error) ? error[0] : error
    const code = [outer.__type, ...codesOf(inner), ...codesOf(outer)].filter(isWord).join(' ')
    if (isWord(inner)) return { words: isWord(outer.message) ? outer.message : inner, code }
    const words = [...wordsOf(inner), ...wordsOf(outer)].find(isWord)
    if (words !== undefined) return { words, code }
  }
  const inside = firstWords(outer)
  if (inside !== undefined) return { words: inside.slice(0, 300), code: '' }
  const text = withoutTags(body.slice(0, 100_000)).replaceAll(/\s+/g, ' ').trim()
  return { words: text === '' ? 'it did not say why' : text.slice(0, 300), code: '' }
}

/** The words of an error that lies deeper: in lists of details, in another service's answer. */
function firstWords(value: unknown, depth = 0): string | undefined {
  if (depth > 4) return undefined
  const [first] = Array.isArray(value) ? value : [value]
  if (!isObject(first)) return undefined
  for (const name of places) {
    const found = first[name]
    const words = isWord(found) ? found : firstWords(found, depth + 1)
    if (words !== undefined) return words
  }
  return undefined
}

const places = [
  'message',
  'msg',
  'error',
  'errors',
  'detail',
  'details',
  'fault',
  'faultstring',
  'reason',
  'text',
]

function codesOf(error: unknown): unknown[] {
  return isObject(error) ? [error.code, error.type, error.status] : []
}

function wordsOf(error: unknown): unknown[] {
  return isObject(error)
    ? [error.message, error.Message, error.detail, error.msg, error.error_description, error.title]
    : []
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** A page as text: without tags, and without what scripts and styles hold. */
function withoutTags(page: string): string {
  if (!page.trimStart().startsWith('<')) return page
  const lower = page.toLowerCase()
  const pieces: string[] = []
  for (let at = 0; at < page.length; ) {
    const open = page.indexOf('<', at)
    if (open < 0) return [...pieces, page.slice(at)].join(' ')
    pieces.push(page.slice(at, open))
    const [, hidden] = /^<(script|style)\b/i.exec(page.slice(open, open + 8)) ?? []
    const shut = hidden ? lower.indexOf(`</${hidden.toLowerCase()}`, open) : open
    const end = shut < 0 ? -1 : page.indexOf('>', shut)
    if (end < 0) break
    at = end + 1
  }
  return pieces.join(' ')
}
