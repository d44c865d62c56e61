import { isObject } from '../base/json.ts'
import { Refusal } from './refusal.ts'
import {
  also,
  boolean,
  directoryNames,
  fileNames,
  hasName,
  integer,
  list,
  object,
  oneOf,
  optional,
  type Shape,
  text,
} from './shape.ts'

export type ReadOperation =
  /** Lines counted from 1, both included; negative ones from the end, -1 is the last. */
  | { mode: 'Line'; path: string; start: number; end: number }
  | { mode: 'Directory'; path: string; depth: number; all: boolean }
  | { mode: 'Search'; path: string; pattern: string; context: number }

const line = (description: string) => optional(integer(description, -10_000_000, 10_000_000))

const pathNames = [...fileNames, ...directoryNames]

const operation = object({
  mode: oneOf(
    ['Line', 'Directory', 'Search'],
    'Line: lines of a file. Directory: its entries. Search: lines of a file that contain a text.',
  ),
  path: also(
    pathNames,
    text('File or directory: absolute, relative to the working directory, ~/… or @session/…', {
      min: 1,
      limit: 4096,
    }),
  ),
  start_line: line('Line: first line, default 1; negative counts from the end'),
  end_line: line('Line: last line, default -1, the last one'),
  pattern: also(
    ['query', 'search'],
    optional(
      text('Search: the text to find, letter case ignored; no regular expression', { min: 1, limit: 1000 }),
    ),
  ),
  context_lines: also(
    ['context'],
    optional(integer('Search: lines shown around each find, default 2', 0, 20)),
  ),
  depth: also(['max_depth'], optional(integer('Directory: levels below the first, default 0', 0, 10))),
  include_ignored: optional(boolean('Directory: also what .gitignore leaves out, default false')),
})

const whole = object({ operations: also(['operation'], list(operation, 'What to read', 20)) })

export const fsReadShape: Shape<{ operations: ReadOperation[] }> = {
  schema: whole.schema,
  read: (value, at, ignored) => ({
    operations: whole.read(asOperations(value), at, ignored).operations.map((one, index) => {
      const { mode, path, pattern } = one
      if (mode === 'Directory')
        return { mode, path, depth: one.depth ?? 0, all: one.include_ignored ?? false }
      if (mode === 'Line') return { mode, path, start: one.start_line ?? 1, end: one.end_line ?? -1 }
      if (pattern === undefined) throw new Refusal(`operations[${index}]: mode Search needs a pattern`)
      return { mode, path, pattern, context: one.context_lines ?? 2 }
    }),
  }),
}

/** One operation alone, without the list around it, or the list alone. */
function asOperations(value: unknown): unknown {
  if (Array.isArray(value)) return { operations: value }
  const alone = isObject(value) && !hasName(value, ['operations', 'operation'])
  return alone && hasName(value, ['mode', 'path', ...pathNames]) ? { operations: [value] } : value
}
