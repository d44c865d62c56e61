import type { Key } from '../keys/key.ts'
import type { Editor, History } from './editor-state.ts'
import * as edits from './edits.ts'
import { beginSearch, searchKey } from './history-search.ts'
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
export function reduce(editor: Editor, key: Key, history: History): Reduced {
  if (editor.search) {
    const { editor: next, pass } = searchKey(editor, editor.search, key, history)
    return pass ? reduce(next, key, history) : { editor: next }
  }
  if (key.type === 'paste')
    return { editor: edits.insertText(editor, key.text, { pasted: true, more: key.more === true }) }
  // Nobody types so much at once: a terminal without bracketed paste sends a long text in pieces that go on with one another.
  if (key.type === 'text' && key.text.length > 1000)
    return { editor: edits.insertText(editor, key.text, { pasted: true, more: true }) }
  if (key.type === 'text') return { editor: edits.insertText(editor, key.text) }
  return press(editor, key.name, history)
}

function press(editor: Editor, name: string, history: History): Reduced {
  const motion = motions.motions[name]
  if (motion) return { editor: { ...editor, at: motion(editor), last: 'other' } }
  const edit = edits.edits[name]
  if (edit) return { editor: edit(editor) }
  switch (name) {
    case 'Enter':
      return enterAdds(editor)
        ? { editor: edits.continueLine(editor) }
        : { editor: { ...editor, at: editor.units.length }, effect: 'submit' }
    case 'C-c':
      return { editor, effect: 'interrupt' }
    case 'C-d':
      return editor.units.length === 0 ? { editor, effect: 'end' } : { editor: edits.deleteNext(editor) }
    case 'Tab':
      return { editor: { ...editor, last: 'complete' }, effect: 'complete' }
    case 'C-l':
      return { editor, effect: 'clear' }
    case 'C-z':
      return { editor, effect: 'suspend' }
    case 'Up':
    case 'C-p':
      return { editor: motions.vertical(editor, -1) ?? recallPrevious(editor, history()) }
    case 'Down':
    case 'C-n':
      return { editor: motions.vertical(editor, 1) ?? recallNext(editor, history()) }
    case 'C-r':
      return { editor: beginSearch(editor) }
    default:
      return { editor }
  }
}
