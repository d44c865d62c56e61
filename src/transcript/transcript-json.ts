import type { Transcript } from './transcript.ts'
import { checkFields, checkMessage, Mismatch } from './transcript-check.ts'
import { transcriptError } from './transcript-error.ts'

export function formatJson({ name, messages }: Transcript): string {
  const plain = messages.map(({ role, createdAt, partial, blocks }) => ({ role, createdAt, partial, blocks }))
  return `${JSON.stringify({ format: 'q-mux transcript', v: 1, name, messages: plain }, null, 2)}\n`
}

/** @throws UserError with the line and the reason when it is not what `formatJson` makes */
export function parseJsonTranscript(text: string, file: string): Transcript {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const position = Number(/at position (\d+)/.exec(error.message)?.[1] ?? text.length)
    const reason = error.message.replace(/ (?:in JSON )?at position.*$/s, '')
    throw transcriptError(file, lineAt(text, position), reason)
  }
  try {
    return check(value)
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error
    throw transcriptError(
      file,
      lineAt(text, find(text, error.path)),
      `${describe(error.path)}${error.message}`,
    )
  }
}

function check(value: unknown): Transcript {
  const { format, v, name, messages } = checkFields(value, ['format', 'v', 'name', 'messages'], [])
  if (format !== 'q-mux transcript') throw new Mismatch('it must be "q-mux transcript"', ['format'])
  if (v !== 1) throw new Mismatch(`version ${JSON.stringify(v)}; this q reads version 1`, ['v'])
  if (typeof name !== 'string') throw new Mismatch('it is a text', ['name'])
  if (!Array.isArray(messages)) throw new Mismatch('it is a list', ['messages'])
  return { name, messages: messages.map((message, place) => checkMessage(message, ['messages', place])) }
}

/** `messages[3].blocks[0].type: ` */
function describe(path: readonly (string | number)[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  return steps === '' ? '' : `${steps.replace(/^\./, '')}: `
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}

/** Where a value stands in a JSON text, which is known to be one. */
function find(text: string, path: readonly (string | number)[]): number {
  let at = 0
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  take(space)
  for (const step of path) {
    take(/[[{]\s*/y)
    for (let place = 0; at < text.length; place += 1) {
      const key = typeof step === 'number' ? place : JSON.parse(take(string) || '""')
      if (typeof step !== 'number') take(/\s*:\s*/y)
      if (key === step) break
      skipValue(take)
      if (take(/\s*,\s*/y) === '') return at
    }
  }
  return at
}

const space = /\s*/y
const string = /"(?:[^"\\]|\\.)*"/sy

function skipValue(take: (pattern: RegExp) => string): void {
  let depth = 0
  do {
    if (take(/[[{]/y) !== '') depth += 1
    else if (take(/[\]}]/y) !== '') depth -= 1
    else if (take(string) === '' && take(/[^\s,:"[\]{}]+/y) === '') return
    if (depth > 0) take(/[\s,:]*/y)
  } while (depth > 0)
}
