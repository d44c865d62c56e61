import { Refusal } from '../refusal.ts'
import { also, fileNames, integer, object, oneOf, optional, type Shape, text } from '../shape.ts'
import { flat, spliceLines } from './line-ends.ts'

export type WriteInput =
  | { command: 'create'; path: string; file_text: string }
  | { command: 'str_replace'; path: string; old_str: string; new_str: string }
  /** After line `insert_line`; 0: before the first. */
  | { command: 'insert'; path: string; insert_line: number; new_str: string }
  | { command: 'append'; path: string; new_str: string }

const whole = object({
  command: oneOf(
    ['create', 'str_replace', 'insert', 'append'],
    'create: a new file, or all of an old one. str_replace: one place in a file. insert: after a line. append: at the end.',
  ),
  path: also(
    fileNames,
    text('The file: absolute, relative to the working directory, ~/… or @session/…', {
      min: 1,
      limit: 4096,
    }),
  ),
  file_text: also(
    ['content', 'contents', 'file_content', 'file_contents', 'text'],
    optional(text('create: the whole content')),
  ),
  old_str: also(
    ['old_string', 'old_text'],
    optional(text('str_replace: the text to replace, exactly as it stands in the file; it must occur once')),
  ),
  new_str: also(['new_string', 'new_text'], optional(text('str_replace, insert, append: the new text'))),
  insert_line: optional(integer('insert: the line after which the text goes; 0 is the beginning', 0)),
  summary: optional(text('One line on what the change is for', { limit: 1000 })),
})

export const fsWriteShape: Shape<WriteInput> = {
  schema: whole.schema,
  read(value, at, ignored) {
    const { command, path, ...given } = whole.read(value, at, ignored)
    // A text is the only one that the command takes, whatever it is called.
    if (command === 'create') given.file_text ??= taken(given, 'new_str')
    else if (command !== 'str_replace') given.new_str ??= taken(given, 'file_text')
    const { file_text, old_str, new_str, insert_line } = given
    for (const key of strangers[command])
      if (given[key]) throw new Refusal(`${command} takes no ${key}: leave it out, or use another command`)
    if (command === 'create') return { command, path, file_text: needed(command, 'file_text', file_text) }
    const text = needed(command, 'new_str', new_str)
    if (command === 'append') return { command, path, new_str: text }
    if (command === 'insert') {
      return { command, path, insert_line: needed(command, 'insert_line', insert_line), new_str: text }
    }
    const old = needed(command, 'old_str', old_str)
    if (old === '') throw new Refusal('Expected old_str not to be empty: use insert or append')
    if (old === text) throw new Refusal('old_str and new_str are the same: nothing would change')
    return { command, path, old_str: old, new_str: text }
  },
}

/** What a command has no use for. Empty texts and zeros are how models leave something out. */
const strangers = {
  create: ['old_str', 'new_str', 'insert_line'],
  str_replace: ['file_text', 'insert_line'],
  insert: ['file_text', 'old_str'],
  append: ['file_text', 'old_str', 'insert_line'],
} as const

function taken<K extends string>(from: Record<K, string | undefined>, key: K): string | undefined {
  const text = from[key]
  from[key] = undefined
  return text
}

/**
 * The file's new content. `before` is undefined for a file that does not exist; an old one keeps its BOM, its line ends
 * (`\n` and `\r\n` in the input are both one), and its last line without an end. @throws Refusal
 */
export function edited(input: WriteInput, before: string | undefined): string {
  if (!before && input.command === 'create') return input.file_text
  if (before === undefined) throw new Refusal(`${input.path} does not exist: use create`)
  return before.startsWith(bom) ? bom + changed(input, before.slice(1)) : changed(input, before)
}

const bom = '\ufeff'

function changed(input: WriteInput, before: string): string {
  const old = flat(before)
  const open = old !== '' && !old.endsWith('\n')
  switch (input.command) {
    case 'create': {
      const text = withoutBom(input.file_text)
      return spliceLines(before, 0, old.length, open ? withoutEnd(text) : text)
    }
    case 'append': {
      const text = open ? `\n${withoutEnd(input.new_str)}` : input.new_str
      return spliceLines(before, old.length, old.length, text)
    }
    case 'insert':
      return inserted(before, old, input)
    case 'str_replace': {
      const wanted = withoutBom(flat(input.old_str))
      const first = wanted === '' ? -1 : old.indexOf(wanted)
      if (first < 0) throw new Refusal(`old_str does not occur in ${input.path}: read the file again.`)
      if (old.indexOf(wanted, first + 1) >= 0) {
        throw new Refusal(
          `old_str occurs more than once in ${input.path}: include more of the lines around it`,
        )
      }
      const text = input.old_str.startsWith(bom) ? withoutBom(input.new_str) : input.new_str
      return spliceLines(before, first, first + wanted.length, text)
    }
  }
}

function inserted(
  before: string,
  old: string,
  { path, insert_line, new_str }: Extract<WriteInput, { command: 'insert' }>,
): string {
  const lines = old === '' ? [] : old.split(/(?<=\n)/)
  if (insert_line > lines.length) {
    throw new Refusal(`${path} has ${lines.length} lines; insert_line is ${insert_line}`)
  }
  const place = lines.slice(0, insert_line).join('').length
  const gap = place > 0 && old[place - 1] !== '\n'
  if (gap) return spliceLines(before, place, place, `\n${withoutEnd(new_str)}`)
  const end = place < old.length && !new_str.endsWith('\n') ? '\n' : ''
  return spliceLines(before, place, place, `${new_str}${end}`)
}

function withoutBom(text: string): string {
  return text.startsWith(bom) ? text.slice(1) : text
}

/** Without the line end at its end. */
function withoutEnd(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function needed<T>(command: string, key: string, value: T | undefined): T {
  if (value === undefined) throw new Refusal(`${command} needs ${key}`)
  return value
}
