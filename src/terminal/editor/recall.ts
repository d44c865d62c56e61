import type { Editor } from './editor-state.ts'
import { type HistoryEntry, textOfEntry } from './line-history.ts'
import { type Place, textOf, type Unit, unitsOf } from './units.ts'

/** A line of the history as it may be edited; what was pasted then still is. */
export function recalledUnits(entry: HistoryEntry): Unit[] {
  if (typeof entry === 'string') return unitsOf(entry)
  const { text, typed } = entry
  return [...unitsOf(text.slice(0, typed)), ...unitsOf(text.slice(typed), true)]
}

/** The entry before the one that stands here, of those that begin as the draft does. */
export function recallPrevious(editor: Editor, history: readonly HistoryEntry[]): Editor {
  return recallFrom(editor, history, -1)
}

/** The one after it; after the newest, the draft. */
export function recallNext(editor: Editor, history: readonly HistoryEntry[]): Editor {
  return editor.recall ? recallFrom(editor, history, 1) : editor
}

function recallFrom(editor: Editor, history: readonly HistoryEntry[], by: -1 | 1): Editor {
  const draft: Place = editor.recall?.draft ?? { units: editor.units, at: editor.at }
  const prefix = textOf(draft.units)
  const shown = textOf(editor.units)
  // Other workers add to the history meanwhile, at its end only.
  for (let index = (editor.recall?.index ?? history.length) + by; index >= 0; index += by) {
    const entry = history[index]
    if (entry === undefined) return { ...editor, ...draft, recall: undefined, last: 'other' }
    const text = textOfEntry(entry)
    if (text === shown || !text.startsWith(prefix)) continue
    const units = recalledUnits(entry)
    return { ...editor, units, at: units.length, recall: { index, draft }, last: 'other' }
  }
  return editor
}
