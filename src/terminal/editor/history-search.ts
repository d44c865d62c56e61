import { graphemes } from '../../text/cells.ts'
import type { Key } from '../keys/key.ts'
import type { Editor, History, Search } from './editor-state.ts'
import type { KeyBindings } from './line-bindings.ts'
import { type HistoryEntry, textOfEntry } from './line-history.ts'
import { recalledUnits } from './recall.ts'

export function beginSearch(editor: Editor): Editor {
  const draft = { units: editor.units, at: editor.at }
  return { ...editor, last: 'other', search: { query: '', index: undefined, failed: false, draft } }
}

/** What stands in the prompt's place while searching. */
export function searchPrompt({ query, failed }: Search): string {
  return `(${failed ? 'nothing in the history for' : 'history'}) ${query}: `
}

/** A key while searching. `pass`: it takes what is shown, and goes on to do what it always does. */
export function searchKey(
  editor: Editor,
  search: Search,
  key: Key,
  history: History,
  bindings: KeyBindings,
): { editor: Editor; pass?: boolean } {
  if (key.type !== 'press') {
    const query = search.query + key.text.replaceAll('\n', ' ')
    return { editor: find(editor, { ...search, query }, history(), search.index, -1) }
  }
  if (bindings.get(key.name) === 'history-search')
    return { editor: find(editor, search, history(), before(search.index), -1) }
  switch (key.name) {
    case 'C-s':
      return { editor: find(editor, search, history(), (search.index ?? -1) + 1, 1) }
    case 'Backspace': {
      const query = graphemes(search.query).slice(0, -1).join('')
      return { editor: find(editor, { ...search, query }, history(), undefined, -1) }
    }
    case 'C-g':
    case 'C-c':
      return { editor: { ...editor, ...search.draft, search: undefined } }
    case 'Escape':
    case 'Tab':
      return { editor: taken(editor, search) }
    default:
      return { editor: taken(editor, search), pass: true }
  }
}

function before(index: number | undefined): number | undefined {
  return index === undefined ? undefined : index - 1
}

function find(
  editor: Editor,
  search: Search,
  history: readonly HistoryEntry[],
  from: number | undefined,
  by: -1 | 1,
): Editor {
  const { query } = search
  if (query === '')
    return { ...editor, ...search.draft, search: { ...search, index: undefined, failed: false } }
  const wanted = query.toLowerCase()
  for (let index = from ?? history.length - 1; index >= 0 && index < history.length; index += by) {
    const entry = history[index] ?? ''
    const text = textOfEntry(entry)
    const at = text.toLowerCase().indexOf(wanted)
    // Pressed again, it looks for another text than the one that is shown.
    if (
      at === -1 ||
      (from !== search.index &&
        search.index !== undefined &&
        text === textOfEntry(history[search.index] ?? ''))
    )
      continue
    const units = recalledUnits(entry)
    const cursor = Math.min(units.length, graphemes(text.slice(0, at)).length)
    return { ...editor, units, at: cursor, search: { ...search, index, failed: false } }
  }
  return { ...editor, search: { ...search, failed: true } }
}

function taken(editor: Editor, search: Search): Editor {
  const undo = [...editor.undo, search.draft]
  return { ...editor, undo, recall: undefined, search: undefined }
}
