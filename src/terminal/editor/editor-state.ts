import type { HistoryEntry } from './line-history.ts'
import type { Place, Unit } from './units.ts'

/** A line (or several) being typed. A value: keys make new ones. */
export interface Editor extends Place {
  /** What undo goes back to, newest last. */
  readonly undo: readonly Place[]
  readonly killed: readonly Unit[]
  /** What the key before did: a run of typing is one step to undo, a run of kills one text to yank. */
  readonly last: 'typing' | 'kill' | 'vertical' | 'complete' | 'other'
  /** The column that moving up and down keeps to. */
  readonly goal: number
  /** Which entry of the history stands here, and the draft that was typed before. */
  readonly recall: { readonly index: number; readonly draft: Place } | undefined
  readonly search: Search | undefined
}

/** Ctrl-R: the newest entry that holds what is typed. */
export interface Search {
  readonly query: string
  /** Of the entry that is shown; undefined before the first one. */
  readonly index: number | undefined
  readonly failed: boolean
  /** What was typed before: it comes back when the search is given up. */
  readonly draft: Place
}

/** The history, oldest first; asked for only by the keys that need it. */
export type History = () => readonly HistoryEntry[]

export const emptyEditor: Editor = {
  units: [],
  at: 0,
  undo: [],
  killed: [],
  last: 'other',
  goal: 0,
  recall: undefined,
  search: undefined,
}

/** A fresh line that remembers what was killed. */
export function emptied(editor: Editor): Editor {
  return { ...emptyEditor, killed: editor.killed }
}
