import { type Choice, type Choosing, chosen, moved, withChoices } from './choice.ts'
import { type Effect, reduce } from './editor/editor.ts'
import { type Editor, emptyEditor, type History } from './editor/editor-state.ts'
import { insertText } from './editor/edits.ts'
import { searchPrompt } from './editor/history-search.ts'
import { defaultBindings, type KeyBindings } from './editor/line-bindings.ts'
import { textOf } from './editor/units.ts'
import { isPress, type Key } from './keys/key.ts'
import {
  type CallView,
  drawn,
  mayAnswer,
  resizedTo,
  scrolled,
  type WindowSize,
} from './screen/call-scroll.ts'
import { callFrame, callRecord } from './screen/call-scroll-frame.ts'
import { type Frame, layout } from './screen/layout.ts'
import type { Answer, TypedLine } from './terminal.ts'

/** Who gets the keys. A question has a line of its own, and the half-typed one waits. */
export interface Reader {
  kind: 'line' | 'question'
  prompt: string
  editor: Editor
  /** Keys count only from now on: those before were typed for somebody else. */
  armed: boolean
  /** Waits for what may complete the line; keys wait with it. */
  completing: boolean
  /** The answers to pick from, of a question that has some. */
  choosing?: Choosing | undefined
  /** What is asked permission for, of a question that asks it. */
  view?: CallView | undefined
  /** Of a question: it is new with each time that it comes up on the screen. */
  showing?: symbol
  resolve(line: Answer): void
}

export function lineReader(prompt: string, draft: Editor, resolve: (line: TypedLine) => void): Reader {
  return { kind: 'line', prompt, editor: draft, armed: true, completing: false, resolve }
}

export function questionReader(
  prompt: string,
  choices: readonly Choice[] | undefined,
  resolve: (answer: Answer) => void,
): Reader {
  return {
    kind: 'question',
    prompt,
    editor: emptyEditor,
    armed: false,
    completing: false,
    choosing: choices && { choices, at: 0 },
    resolve,
  }
}

/** A question for permission to run what is shown. */
export function permissionReader(view: CallView, resolve: (answer: Answer) => void): Reader {
  return { ...questionReader('', undefined, resolve), view }
}

/** Changes a reader by a key. Returns what the key asks of whoever holds it; `dismiss`: the choice is left as it is. */
export function press(
  reader: Reader,
  key: Key,
  history: History,
  bindings: KeyBindings = defaultBindings,
): Effect | 'dismiss' | undefined {
  const { choosing, editor: before } = reader
  if (reader.view?.hurried) reader.view = { ...reader.view, hurried: false }
  if (choosing && isPress(key, 'Escape')) return 'dismiss'
  const picked = choosing && moved(choosing, typedIn(reader), key)
  if (picked) {
    reader.choosing = picked
    return undefined
  }
  const page = reader.view && scrolled(reader.view, key, before.units.length === 0)
  if (page) {
    reader.view = page
    return undefined
  }
  const { editor, effect } = reduce(before, key, reader.kind === 'line' ? history : () => [], bindings)
  reader.editor = editor
  if (choosing && typedIn(reader) !== textOf(before.units)) reader.choosing = { ...choosing, at: 0 }
  return effect === 'submit' && reader.view ? answered(reader, reader.view) : effect
}

/** What Enter sends; an answer that was picked takes the place of what was typed to find it. */
export function submitted(reader: Reader): string {
  if (reader.choosing) {
    reader.editor = insertText(emptyEditor, chosen(reader.choosing, typedIn(reader)))
  }
  return typedIn(reader)
}

export function typedIn({ editor }: Reader): string {
  return textOf(editor.units)
}

/** As it is drawn while keys come; what is drawn of a call counts as seen. */
export function frameOf(reader: Reader, size: WindowSize): Frame {
  const { prompt, editor, choosing } = reader
  if (reader.view) {
    reader.view = drawn(resizedTo(reader.view, size))
    return callFrame(reader.view, editor, reader.armed)
  }
  const words = editor.search ? searchPrompt(editor.search) : prompt
  const frame = layout(words, editor.units, editor.at, size)
  return choosing ? withChoices(frame, choosing, typedIn(reader)) : frame
}

/** As it stays on the screen: whole, whatever the window's height, and without the answers below it. */
export function finalFrameOf({ prompt, editor, view }: Reader, columns: number): Frame {
  if (view) return callRecord(view, editor, columns)
  return layout(prompt, editor.units, editor.units.length, { columns, height: Number.MAX_SAFE_INTEGER })
}

/** Enter: nothing is no answer, and a yes is none before all was seen. */
function answered(reader: Reader, view: CallView): Effect | undefined {
  const typed = typedIn(reader)
  if (typed.trim() === '') return undefined
  if (mayAnswer(view, typed)) return 'submit'
  reader.editor = emptyEditor
  reader.view = { ...view, hurried: true }
  return undefined
}
