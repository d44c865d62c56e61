import type { LineCommand } from '../../domain/line-commands.ts'
import type { Editor } from './editor-state.ts'
import { lineEnd, lineStart, wordEnd, wordStart } from './motions.ts'
import { insert, letterIn, type Origin, type Place, spliced } from './units.ts'

/** Commands that change the text. */
export const edits = {
  'delete-char-left': (editor) =>
    editor.at === 0
      ? editor
      : change(editor, spliced(editor.units, editor.at - 1, editor.at, [], editor.at - 1)),
  'delete-char-right': deleteNext,
  newline: (editor) => insertText(editor, '\n'),
  'kill-to-line-end': (editor) => {
    const end = lineEnd(editor)
    return kill(editor, editor.at, end === editor.at ? end + 1 : end)
  },
  'kill-to-line-start': (editor) => {
    const start = lineStart(editor)
    return kill(editor, start === editor.at ? start - 1 : start, editor.at)
  },
  'kill-blank-word-left': (editor) => kill(editor, blankWordStart(editor), editor.at),
  'kill-word-left': (editor) => kill(editor, wordStart(editor), editor.at),
  'kill-word-right': (editor) => kill(editor, editor.at, wordEnd(editor)),
  yank: (editor) =>
    change(
      editor,
      spliced(editor.units, editor.at, editor.at, editor.killed, editor.at + editor.killed.length),
    ),
  'transpose-chars': transpose,
  undo,
} satisfies Partial<Record<LineCommand, (editor: Editor) => Editor>>

export function insertText(editor: Editor, text: string, origin: Origin = { pasted: false }): Editor {
  const typing = text.length < 10 && text !== '\n'
  const next = change(editor, insert(editor, text, origin), typing && editor.last === 'typing')
  return { ...next, last: typing ? 'typing' : 'other' }
}

export function deleteNext(editor: Editor): Editor {
  if (editor.at === editor.units.length) return editor
  return change(editor, spliced(editor.units, editor.at, editor.at + 1, [], editor.at))
}

/** Enter where the text goes on: a backslash at its end gives way to the new line. */
export function continueLine(editor: Editor): Editor {
  const { units } = editor
  const last = units.at(-1)
  if (last === undefined || letterIn(last) !== '\\') return insertText(editor, '\n')
  return change(editor, spliced(units, units.length - 1, units.length, ['\n'], units.length))
}

/** The editor with another text. `joined`: to undo it is to undo what came before it, too. */
function change(editor: Editor, { units, at }: Place, joined = false): Editor {
  const before: Place = { units: editor.units, at: editor.at }
  const undo = joined ? editor.undo : [...editor.undo.slice(-199), before]
  return { ...editor, units, at, undo, last: 'other', recall: undefined }
}

function kill(editor: Editor, from: number, to: number): Editor {
  const start = Math.max(0, from)
  const end = Math.min(editor.units.length, to)
  if (start === end) return editor
  const gone = editor.units.slice(start, end)
  const before = editor.last === 'kill' ? editor.killed : []
  const killed = start < editor.at ? [...gone, ...before] : [...before, ...gone]
  return { ...change(editor, spliced(editor.units, start, end, [], start)), killed, last: 'kill' }
}

function blankWordStart({ units, at }: Place): number {
  const blank = (index: number): boolean => {
    const unit = units[index]
    return unit !== undefined && /^\s/.test(letterIn(unit) ?? '')
  }
  let start = at
  while (start > 0 && blank(start - 1)) start--
  while (start > 0 && !blank(start - 1)) start--
  return start
}

function transpose(editor: Editor): Editor {
  const { units } = editor
  const at = editor.at === units.length ? editor.at - 1 : editor.at
  const left = units[at - 1]
  const right = units[at]
  if (left === undefined || right === undefined) return editor
  return change(editor, spliced(units, at - 1, at + 1, [right, left], at + 1))
}

function undo(editor: Editor): Editor {
  const before = editor.undo.at(-1)
  if (!before) return editor
  return { ...editor, ...before, undo: editor.undo.slice(0, -1), last: 'other', recall: undefined }
}
