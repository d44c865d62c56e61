import { type Asked, questionRows, readVerdict, shortQuestion, thisCommand } from '../../domain/approval.ts'
import type { Style } from '../../text/style.ts'
import { isPress, type Key } from '../keys/key.ts'
import { type CallRow, callRows, gistRow, trustRows } from './call-rows.ts'

export interface WindowSize {
  columns: number
  height: number
}

export interface CallViewOf {
  asked: Pick<Asked, 'tool' | 'lines' | 'trust'>
  style: Style
  /** Our own words above the call. */
  title?: string | undefined
}

/** What somebody is asked about, as it stands in a window, and how much of it was on the screen. */
export interface CallView extends CallViewOf, Laid {
  readonly size: WindowSize
  /** The first row of the page. */
  readonly top: number
  /** `end` of the last row that was on the screen: the same in a window of another size. */
  readonly seen: number
  /** A yes came before all was seen. */
  readonly hurried: boolean
}

interface Laid {
  /** It does not fit into the window, or did not before: it is read in pages. */
  readonly paged: boolean
  readonly rows: readonly CallRow[]
  /** Stands again directly above the question. */
  readonly gist: CallRow | undefined
  /** The answer is typed behind its last row. */
  readonly question: readonly string[]
  /** How many rows a page has; 0 in a window that is too low to show anything. */
  readonly room: number
  /** `end` of the last row that must have been seen. */
  readonly last: number
}

export function createCallView(of: CallViewOf, size: WindowSize): CallView {
  const laid = lay(of, size, false)
  return { ...of, ...laid, size, top: 0, seen: 0, hurried: false }
}

/** In a window of another size: what was seen is seen, and the page begins where it began. */
export function resizedTo(view: CallView, size: WindowSize): CallView {
  if (view.size.columns === size.columns && view.size.height === size.height) return view
  const laid = lay(view, size, view.paged)
  const before = view.rows[view.top - 1]?.end ?? -1
  const top = laid.rows.findIndex(({ end }) => end > before)
  return withTop({ ...view, ...laid, size }, top)
}

/** After a key that moves the page; undefined for one that does not. `blank`: nothing is typed yet. */
export function scrolled(view: CallView, key: Key, blank: boolean): CallView | undefined {
  const top = view.paged ? topAfter(view, key, blank) : undefined
  return top === undefined ? undefined : withTop(view, top)
}

/** What stands in the window now is seen: to be called when it is drawn. */
export function drawn(view: CallView): CallView {
  const { rows, top, room, seen } = view
  const bottom = room > 0 ? (rows[Math.min(rows.length, top + room) - 1]?.end ?? 0) : 0
  return bottom > seen ? { ...view, seen: bottom } : view
}

export function allSeen({ seen, last }: CallView): boolean {
  return seen >= last
}

/** Whether an answer counts: a no always, a yes when all was on the screen. */
export function mayAnswer(view: CallView, typed: string): boolean {
  return allSeen(view) || readVerdict(typed).type === 'decline'
}

/** The whole of it, as it stays on the screen. */
export function unpaged(view: CallView, columns: number): Laid {
  return lay(view, { columns, height: Number.POSITIVE_INFINITY }, false)
}

/** What the row above the gist says of a page. */
export function pageNote(view: CallView): string {
  const { hurried, rows, top, room, style, size } = view
  const say = (words: string): string => words.slice(0, size.columns - 1)
  if (room === 0) return style.yellow(say('too low to read it: make the window higher'))
  if (!allSeen(view)) {
    const last = Math.min(rows.length, top + room)
    const where = hurried ? 'read to its end first' : `rows ${top + 1}-${last} of ${rows.length}`
    return style.yellow(say(`${where}: Space, PgDn, End`))
  }
  const words = 'y runs it once, t trusts it too, n or words decline'
  return style.dim(say(words.length < size.columns ? words : 'y once, t trusts, n declines'))
}

function lay({ asked, style, title }: CallViewOf, size: WindowSize, paged: boolean): Laid {
  const { columns, height } = size
  const name = title?.slice(0, columns - 1) ?? ''
  const head = title ? [{ text: style.bold(name), cells: name.length, end: 0 }] : []
  const call = [...head, ...callRows(asked, columns, style)]
  const shown = call.at(-1)?.end ?? 0
  const trust = trustRows(asked.trust, shown, columns, style)
  const question = questionRows(asked.trust, columns)
  const rows = question ? call : [...call, ...trust]
  const gist = call.length > head.length + 2 ? gistRow(asked, columns, style) : undefined
  const words = question ?? [shortQuestion(columns)]
  const last = asked.trust === thisCommand ? shown : (trust.at(-1)?.end ?? shown)
  if (!paged && rows.length + (gist ? 1 : 0) + words.length <= height)
    return { paged, rows, gist, question: words, room: rows.length, last: rows.at(-1)?.end ?? 0 }
  return {
    paged: true,
    rows: [...call, ...trust],
    gist: gistRow(asked, columns, style),
    question: [shortQuestion(columns)],
    room: Math.max(0, height - (height > 3 ? 3 : 2)),
    last,
  }
}

function withTop(view: CallView, top: number): CallView {
  return { ...view, top: Math.max(0, Math.min(top, view.rows.length - view.room)) }
}

function topAfter({ top, room, rows }: CallView, key: Key, blank: boolean): number | undefined {
  if (key.type === 'text' && blank && /^ +$/.test(key.text)) return top + room * key.text.length
  if (isPress(key, 'Up', 'C-p')) return top - 1
  if (isPress(key, 'Down', 'C-n')) return top + 1
  if (isPress(key, 'PageUp', 'M-v')) return top - room
  if (isPress(key, 'PageDown', 'C-v')) return top + room
  if (isPress(key, 'Home')) return 0
  return isPress(key, 'End') ? rows.length : undefined
}
