import { isObject, type JsonObject, looseJson } from '../base/json.ts'
import { Refusal } from './refusal.ts'

/**
 * What a value must be: as JSON Schema for the model, and as a reader of what the model sent. Models send arguments
 * loosely: what can only mean one thing is read as that, everything else is refused.
 */
export interface Shape<T> {
  schema: Record<string, unknown>
  optional?: true
  /** Other names that models use for it. */
  also?: readonly string[]
  /**
   * `at` names the value in messages, '' for the whole input; `ignored` hears of arguments that are left out.
   * @throws Refusal with all that is wrong
   */
  read(value: unknown, at: string, ignored?: Ignored): T
}

type Ignored = (name: string) => void

/** An object with these keys and no others, but for some that models add and that change nothing. */
export function object<S extends Shapes>(shapes: S): Shape<Values<S>> {
  const required = Object.keys(shapes).filter((key) => !shapes[key]?.optional)
  const properties = Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, shape.schema]))
  return {
    schema: { type: 'object', properties, required, additionalProperties: false },
    read(value, at, ignored) {
      const given = typeof value === 'string' ? looseJson(value) : value
      if (!isObject(given)) throw wrong(at || 'the input', 'an object', value)
      const sent = unwrapped(given, shapes)
      const problems: string[] = []
      const { values, unknown } = sorted(sent, shapes, at, problems)
      const strange = unknown.filter((key) => !harmless.test(plain(key)))
      if (strange.length > 0) {
        const names = strange.map((key) => JSON.stringify(join(at, key.slice(0, 100)))).join(', ')
        const word = strange.length === 1 ? 'key' : 'keys'
        problems.push(`Unknown ${word} ${names}; known are ${Object.keys(shapes).join(', ')}`)
      }
      const read = Object.entries(shapes).map(([key, shape]) => {
        try {
          return [key, shape.read(values.get(key), join(at, key), ignored)]
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          problems.push(error.message)
          return [key, undefined]
        }
      })
      if (problems.length > 0) throw new Refusal(problems.join('\n'))
      for (const key of unknown) ignored?.(join(at, key))
      return Object.fromEntries(read) as Values<S>
    },
  }
}

/** `limit` in UTF-16 units. */
export function text(description: string, { min = 0, limit = 10_000_000 } = {}): Shape<string> {
  return {
    schema: { type: 'string', description },
    read(sent, at) {
      const one = Array.isArray(sent) && sent.length === 1 ? sent[0] : sent
      const value = Number.isSafeInteger(one) ? String(one) : one
      if (typeof value !== 'string') throw wrong(at, 'a string', sent)
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
      const word = words.find((one) => typeof value === 'string' && plain(one) === plain(value))
      if (word === undefined) throw wrong(at, `one of ${words.join(', ')}`, value)
      return word
    },
  }
}

export function integer(description: string, min: number, max = Number.MAX_SAFE_INTEGER): Shape<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  return {
    schema: { type: 'integer', description },
    read(sent, at) {
      const value =
        typeof sent === 'string' && /^\s*[+-]?\d{1,16}(\.0{1,9})?\s*$/.test(sent) ? Number(sent) : sent
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max)
        return value
      throw wrong(at, `a whole number ${range}`, sent)
    },
  }
}

export function boolean(description: string): Shape<boolean> {
  return {
    schema: { type: 'boolean', description },
    read(sent, at) {
      const word = plain(String(sent))
      if (['true', 'yes', '1'].includes(word)) return true
      if (['false', 'no', '0'].includes(word)) return false
      throw wrong(at, 'true or false', sent)
    },
  }
}

/** One entry alone is a list of one. */
export function list<T>(item: Shape<T>, description: string, max: number): Shape<T[]> {
  return {
    schema: { type: 'array', items: item.schema, minItems: 1, maxItems: max, description },
    read(sent, at, ignored) {
      if (sent === undefined || sent === null) throw wrong(at, 'an array', sent)
      const parsed = typeof sent === 'string' ? looseJson(sent) : undefined
      const value = typeof parsed === 'object' && parsed !== null ? parsed : sent
      const entries = Array.isArray(value) ? value : [value]
      if (entries.length === 0 || entries.length > max) {
        throw new Refusal(`Expected ${at} to have 1 to ${max} entries, got ${entries.length}`)
      }
      return entries.map((one, index) => item.read(one, `${at}[${index}]`, ignored))
    },
  }
}

/** May be left out; models write null for that, too, and `""` where nothing can be empty. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return {
    ...shape,
    optional: true,
    read(value, at, ignored) {
      if (value === undefined || value === null) return undefined
      try {
        return shape.read(value, at, ignored)
      } catch (error) {
        if (value === '') return undefined
        throw error
      }
    },
  }
}

/** Whether an object has one of these names, however it is written. */
export function hasName(value: JsonObject, names: readonly string[]): boolean {
  return Object.keys(value).some((key) => names.some((name) => plain(name) === plain(key)))
}

/** Names that models use for the path of a file, and for that of a directory. */
export const fileNames = ['file_path', 'filename', 'file_name', 'file']
export const directoryNames = ['directory', 'directory_path', 'dir', 'dir_path', 'folder', 'root']

/** With other names that models use for it. */
export function also<T>(names: readonly string[], shape: Shape<T>): Shape<T> {
  return { ...shape, also: names }
}

type Shapes = Record<string, Shape<unknown>>
type Values<S extends Shapes> = { [K in keyof S]: S[K] extends Shape<infer T> ? T : never }

/** Without an object around it that only says that these are arguments. */
function unwrapped(sent: JsonObject, shapes: Shapes): JsonObject {
  const [key, ...more] = Object.keys(sent)
  if (key === undefined || more.length > 0 || key in shapes || !wrappers.includes(plain(key))) return sent
  const inner = typeof sent[key] === 'string' ? looseJson(sent[key]) : sent[key]
  return isObject(inner) ? inner : sent
}

const wrappers = ['input', 'arguments', 'args', 'parameters', 'params']

/** What was sent for each key, under whatever name, and the names that belong to none. */
function sorted(sent: JsonObject, shapes: Shapes, at: string, problems: string[]) {
  const names = new Map<string, string>()
  for (const [key, { also = [] }] of Object.entries(shapes))
    for (const name of [key, ...also]) names.set(plain(name), key)
  const values = new Map<string, unknown>()
  const from = new Map<string, string>()
  const unknown: string[] = []
  for (const [name, value] of Object.entries(sent)) {
    const key = names.get(plain(name))
    if (key === undefined) {
      if (!isFiller(value)) unknown.push(name)
    } else if (isFiller(values.get(key))) {
      values.set(key, value)
      from.set(key, name)
    } else if (!isFiller(value) && value !== values.get(key)) {
      problems.push(
        `${join(at, from.get(key) ?? key)} and ${join(at, name)} are the same argument: send ${key} only`,
      )
    }
  }
  return { values, unknown }
}

/** How models leave an argument out that they name all the same. */
function isFiller(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/** What models add to explain themselves, and a patience that no tool takes. */
const harmless =
  /^(description|explanation|reason|reasoning|rationale|purpose|intent|goal|comment|note|thought|thoughts|thinking|title|summary|timeout(ms|s|sec|secs|seconds)?)$/

/** A word without what models write one way or another: its case, `_`, `-` and blanks. */
function plain(word: string): string {
  return word.length > 200 ? word : word.toLowerCase().replaceAll(/[\s_-]/g, '')
}

function join(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`
}

function wrong(at: string, wanted: string, got: unknown): Refusal {
  return new Refusal(`Expected ${at} to be ${wanted}, got ${kind(got)}`)
}

function kind(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return shortened(value)
  return Array.isArray(value) ? 'an array' : isObject(value) ? 'an object' : `a ${typeof value}`
}

function shortened(text: string): string {
  return text.length > 60
    ? `a string, ${JSON.stringify(text.slice(0, 60))}…`
    : `a string, ${JSON.stringify(text)}`
}
