import { isObject } from '../domain/json.ts'

/** Why a call cannot run, in words for the model. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** What a value must be: as JSON Schema for the model, and as a strict reader of what the model sent. */
export interface Shape<T> {
  schema: Record<string, unknown>
  optional?: true
  /** `at` names the value in messages, '' for the whole input. @throws Refusal */
  read(value: unknown, at: string): T
}

/** An object with these keys and no others. */
export function object<S extends Shapes>(shapes: S): Shape<Values<S>> {
  const required = Object.keys(shapes).filter((key) => !shapes[key]?.optional)
  const properties = Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, shape.schema]))
  return {
    schema: { type: 'object', properties, required, additionalProperties: false },
    read(value, at) {
      if (!isObject(value)) {
        throw new Refusal(`Expected ${at || 'the input'} to be an object, got ${kind(value)}`)
      }
      const unknown = Object.keys(value).find((key) => !Object.hasOwn(shapes, key))
      if (unknown !== undefined) {
        const known = Object.keys(shapes).join(', ')
        throw new Refusal(`Unknown key ${JSON.stringify(join(at, unknown))}; known are ${known}`)
      }
      const read = Object.entries(shapes).map(([key, shape]) => [key, shape.read(value[key], join(at, key))])
      return Object.fromEntries(read) as Values<S>
    },
  }
}

/** `limit` in UTF-16 units. */
export function text(description: string, { min = 0, limit = 10_000_000 } = {}): Shape<string> {
  return {
    schema: { type: 'string', description },
    read(value, at) {
      if (typeof value !== 'string') throw new Refusal(`Expected ${at} to be a string, got ${kind(value)}`)
      if (value.length < min) throw new Refusal(`Expected ${at} not to be empty`)
      if (value.length > limit) throw new Refusal(`Expected ${at} to have at most ${limit} characters`)
      return value
    },
  }
}

export function oneOf<const W extends readonly string[]>(words: W, description: string): Shape<W[number]> {
  return {
    schema: { type: 'string', enum: words, description },
    read(value, at) {
      const word = words.find((one) => one === value)
      if (word !== undefined) return word
      const got = typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : kind(value)
      throw new Refusal(`Expected ${at} to be one of ${words.join(', ')}, got ${got}`)
    },
  }
}

export function integer(description: string, min: number, max = Number.MAX_SAFE_INTEGER): Shape<number> {
  return {
    schema: { type: 'integer', description },
    read(value, at) {
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max)
        return value
      const got = typeof value === 'number' ? value : kind(value)
      throw new Refusal(`Expected ${at} to be a whole number of at least ${min}, got ${got}`)
    },
  }
}

export function boolean(description: string): Shape<boolean> {
  return {
    schema: { type: 'boolean', description },
    read(value, at) {
      if (typeof value === 'boolean') return value
      throw new Refusal(`Expected ${at} to be true or false, got ${kind(value)}`)
    },
  }
}

export function list<T>(item: Shape<T>, description: string, max: number): Shape<T[]> {
  return {
    schema: { type: 'array', items: item.schema, minItems: 1, maxItems: max, description },
    read(value, at) {
      if (!Array.isArray(value)) throw new Refusal(`Expected ${at} to be an array, got ${kind(value)}`)
      if (value.length === 0 || value.length > max) {
        throw new Refusal(`Expected ${at} to have 1 to ${max} entries, got ${value.length}`)
      }
      return value.map((one, index) => item.read(one, `${at}[${index}]`))
    },
  }
}

/** May be left out; models write null for that, too. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return {
    schema: shape.schema,
    optional: true,
    read: (value, at) => (value === undefined || value === null ? undefined : shape.read(value, at)),
  }
}

type Shapes = Record<string, Shape<unknown>>
type Values<S extends Shapes> = { [K in keyof S]: S[K] extends Shape<infer T> ? T : never }

function join(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`
}

function kind(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}
