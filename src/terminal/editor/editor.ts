import type { LineCommand } from '../../domain/line-commands.ts'
import type { Key } from '../keys/key.ts'
import type { Editor, History } from './editor-state.ts'
import * as edits from './edits.ts'
import { beginSearch, searchKey } from './history-search.ts'
import { defaultBindings, type KeyBindings } from './line-bindings.ts'
import * as motions from './motions.ts'
import { enterAdds } from './multiline.ts'
import { recallNext, recallPrevious } from './recall.ts'

/** What a key asks of whoever holds the editor. */
export type Effect = 'submit' | 'interrupt' | 'end' | 'complete' | 'clear' | 'suspend'

export interface Reduced {
  editor: Editor
  effect?: Effect
}

/** The editor after a key. */
export function reduce(
  editor: Editor,
  key: Key,
  history: History,
  bindings: KeyBindings = defaultBindings,
): Reduced {
  if (editor.search) {
    const { editor: next, pass } = searchKey(editor, editor.search, key, history, bindings)
    return pass ? reduce(next, key, history, bindings) : { editor: next }
  }
  if (key.type === 'paste')
    return { editor: edits.insertText(editor, key.text, { pasted: true, more: key.more === true }) }
  // Nobody types so much at once: a terminal without bracketed paste sends a long text in pieces that go on with one another.
  if (key.type === 'text' && key.text.length > 1000)
    return { editor: edits.insertText(editor, key.text, { pasted: true, more: true }) }
  if (key.type === 'text') return { editor: edits.insertText(editor, key.text) }
  const command = bindings.get(key.name)
  return command ? commands[command](editor, history) : fixed(editor, key.name)
}

const moves = Object.entries(motions.motions).map(([name, motion]) => [
  name,
  (editor: Editor) => ({ editor: { ...editor, at: motion(editor), last: 'other' } }),
])
const changes = Object.entries(edits.edits).map(([name, edit]) => [
  name,
  (editor: Editor) => ({ editor: edit(editor) }),
])

type Command = (editor: Editor, history: History) => Reduced

/** What each command does. */
const commands: Record<LineCommand, Command> = {
  ...(Object.fromEntries(moves) as Record<keyof typeof motions.motions, Command>),
  ...(Object.fromEntries(changes) as Record<keyof typeof edits.edits, Command>),
  up: (editor, history) => ({ editor: motions.vertical(editor, -1) ?? recallPrevious(editor, history()) }),
  down: (editor, history) => ({ editor: motions.vertical(editor, 1) ?? recallNext(editor, history()) }),
  'history-search': (editor) => ({ editor: beginSearch(editor) }),
  'delete-or-exit': (editor) =>
    editor.units.length === 0 ? { editor, effect: 'end' } : { editor: edits.deleteNext(editor) },
  complete: (editor) => ({ editor: { ...editor, last: 'complete' }, effect: 'complete' }),
  'clear-screen': (editor) => ({ editor, effect: 'clear' }),
}

/** Keys that always do the same. */
function fixed(editor: Editor, name: string): Reduced {
  switch (name) {
    case 'Enter':
      return enterAdds(editor)
        ? { editor: edits.continueLine(editor) }
        : { editor: { ...editor, at: editor.units.length }, effect: 'submit' }
    case 'C-c':
      return { editor, effect: 'interrupt' }
    case 'C-z':
      return { editor, effect: 'suspend' }
    default:
      return { editor }
  }
}
