import { isObject } from '../base/json.ts'
import { type Block, roles } from '../domain/message.ts'
import type { TranscriptMessage } from './transcript.ts'

/** A value that is not what it has to be: why, and where in the document. */
export class Mismatch extends Error {
  readonly path: readonly (string | number)[]

  constructor(reason: string, path: readonly (string | number)[] = []) {
    super(reason)
    this.path = path
  }
}

type Path = readonly (string | number)[]

/** @throws Mismatch when it is anything else than a message, unknown fields included */
export function checkMessage(value: unknown, path: Path = []): TranscriptMessage {
  const fields = checkFields(value, ['role', 'createdAt', 'partial', 'blocks'], path)
  const role = oneOf(fields.role, roles, [...path, 'role'])
  const { createdAt, partial } = fields
  if (typeof createdAt !== 'number' || !Number.isSafeInteger(createdAt))
    throw new Mismatch('a time is a whole number of ms since 1970', [...path, 'createdAt'])
  if (typeof partial !== 'boolean') throw new Mismatch('partial is true or false', [...path, 'partial'])
  if (!Array.isArray(fields.blocks)) throw new Mismatch('blocks is a list', [...path, 'blocks'])
  const blocks = fields.blocks.map((block, place) => checkBlock(block, [...path, 'blocks', place]))
  return { role, createdAt, partial, blocks }
}

/** @throws Mismatch */
export function checkBlock(value: unknown, path: Path = []): Block {
  if (!isObject(value)) throw new Mismatch('a block is an object', path)
  const type = oneOf(value.type, ['text', 'tool_use', 'tool_result'] as const, [...path, 'type'])
  if (type === 'text') {
    const fields = checkFields(value, ['type', 'text'], path)
    return { type, text: string(fields.text, [...path, 'text']) }
  }
  if (type === 'tool_use') {
    const { id, name, input } = checkFields(value, ['type', 'id', 'name', 'input'], path)
    return { type, id: string(id, [...path, 'id']), name: string(name, [...path, 'name']), input }
  }
  const fields = checkFields(value, ['type', 'id', 'content', 'status'], path)
  return {
    type,
    id: string(fields.id, [...path, 'id']),
    content: string(fields.content, [...path, 'content']),
    status: oneOf(fields.status, ['success', 'error'] as const, [...path, 'status']),
  }
}

/** @throws Mismatch unless it is an object with exactly these fields */
export function checkFields<K extends string>(
  value: unknown,
  names: readonly K[],
  path: Path,
): Record<K, unknown> {
  if (!isObject(value)) throw new Mismatch(`an object with ${names.join(', ')} is expected`, path)
  for (const name of names) if (!Object.hasOwn(value, name)) throw new Mismatch(`${name} is missing`, path)
  const known: readonly string[] = names
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new Mismatch(`nothing is called ${JSON.stringify(unknown.slice(0, 40))} here`, [...path, unknown])
  return value as Record<K, unknown>
}

function string(value: unknown, path: Path): string {
  if (typeof value === 'string') return value
  throw new Mismatch(`${path.at(-1)} is a text`, path)
}

function oneOf<T extends string>(value: unknown, words: readonly T[], path: Path): T {
  const found = words.find((word) => word === value)
  if (found !== undefined) return found
  throw new Mismatch(`${path.at(-1)} is one of ${words.join(', ')}`, path)
}
