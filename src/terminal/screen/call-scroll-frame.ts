import { answerPrompt } from '../../domain/approval.ts'
import type { Editor } from '../editor/editor-state.ts'
import type { CallRow } from './call-rows.ts'
import { type CallView, pageNote, unpaged } from './call-scroll.ts'
import { type Frame, layout, type Row } from './layout.ts'

/**
 * A call above its question, as it is drawn while keys come. `armed`: they are answers, and a place for the answer is
 * there.
 */
export function callFrame(view: CallView, { units, at }: Editor, armed: boolean): Frame {
  const { rows, gist, question, paged, top, room, hurried } = view
  const { columns, height } = view.size
  const words = question.at(-1) ?? ''
  const prompt = armed ? words : words.slice(0, -answerPrompt.length)
  const answer = layout(prompt, units, at, { columns, height: Math.max(1, Math.ceil(height / 2)) })
  const below = [...(gist ? [rowOf(gist)] : []), ...question.slice(0, -1).map(ownRow), ...answer.rows]
  const noted = paged && (height > 3 || hurried) ? [ownRow(pageNote(view)), ...below] : below
  const fit = Math.max(0, height - noted.length)
  const page = paged ? rows.slice(top, top + Math.min(room, fit)) : fit > 0 ? rows.slice(-fit) : []
  const all = [...page.map(rowOf), ...noted].slice(-height)
  return {
    rows: all,
    cursor: { row: all.length - answer.rows.length + answer.cursor.row, column: answer.cursor.column },
    columns,
    height,
    loose: true,
    page: paged,
  }
}

/** As it stays on the screen, with its answer: a record of what was asked, and whole. */
export function callRecord(view: CallView, { units }: Editor, columns: number): Frame {
  const { rows, gist, question } = unpaged(view, columns)
  const height = Number.MAX_SAFE_INTEGER
  const answer = layout(question.at(-1) ?? '', units, units.length, { columns, height })
  const above = [...rows, ...(gist ? [gist] : [])].map(rowOf).concat(question.slice(0, -1).map(ownRow))
  const cursor = { row: above.length + answer.cursor.row, column: answer.cursor.column }
  return { rows: [...above, ...answer.rows], cursor, columns, height }
}

/** In one piece, which the terminal does not break: it is narrower than the window. */
function rowOf({ text, cells }: CallRow): Row {
  return { cells: [{ text: `${text}${toItsEnd}`, width: cells }], soft: false }
}

function ownRow(text: string): Row {
  return {
    cells: [{ text: `${text}${toItsEnd}`, width: text.replaceAll(/\u001b\[\d+m/g, '').length }],
    soft: false,
  }
}

/** Erases the rest of the row: nobody knows for sure how wide its letters are drawn. */
const toItsEnd = '\u001b[K'
