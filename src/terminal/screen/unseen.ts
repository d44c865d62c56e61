import { glyphsOf } from '../../text/cells.ts'
import { openStream, type TextForm } from './answer-stream.ts'

/** What was printed in one go: `shown`, as it stands on the screen. */
export type Piece =
  | { kind: 'words'; shown: string }
  /** The rows of a call, with their bars. */
  | { kind: 'call'; shown: string }
  /** `raw` is the text before it got its form. */
  | { kind: 'answer'; shown: string; raw: string; form: TextForm | undefined }

/** What was printed since the last line was sent, for a terminal that gets another width before anybody has seen it. */
export interface Unseen {
  printed(kind: 'words' | 'call', text: string): void
  stream(form: TextForm | undefined): { write(raw: string): void; printed(text: string): void }
  /** What comes from here on stands below something that is none of it. */
  forget(): void
  /** Nobody has seen what stands there. */
  mark(): void
  /** What stands there, for the new width, and how many rows it took in it before; undefined where it can stay. */
  layOut(columns: number): { rows: number; pieces: readonly Piece[] } | undefined
}

/** So many letters are kept of what was printed last. */
const most = 200_000

export function createUnseen(): Unseen {
  let pieces: Piece[] = []
  let isUnseen = false

  return {
    printed: (kind, shown) => keep({ kind, shown }),
    stream(form) {
      const piece: Extract<Piece, { kind: 'answer' }> = { kind: 'answer', shown: '', raw: '', form }
      let isBegun = false
      let isLost = false
      return {
        write(raw) {
          if (!isLost) piece.raw += raw
        },
        printed(text) {
          if (!isBegun) keep(piece)
          isBegun = true
          // Something else came into the midst of it, or it is too long: what stands where is not known any more.
          isLost ||= pieces.at(-1) !== piece || piece.shown.length > most
          if (isLost) forget()
          else piece.shown += text
        },
      }
    },
    forget,
    mark() {
      isUnseen = true
    },
    layOut(columns) {
      const before = textOf(pieces)
      if (!isUnseen || !endsLine.test(before) || !pieces.some(({ kind }) => kind === 'answer'))
        return undefined
      const rows = rowsOf(before, columns)
      for (const piece of pieces) if (piece.kind === 'answer') piece.shown = formed(piece.raw, piece.form)
      return { rows, pieces }
    },
  }

  function keep(piece: Piece): void {
    pieces.push(piece)
    let letters = pieces.reduce((sum, { shown }) => sum + shown.length, 0)
    while (letters > most && pieces.length > 1) letters -= pieces.shift()?.shown.length ?? 0
  }

  function forget(): void {
    pieces = []
    isUnseen = false
  }
}

const endsLine = /\n(?:\u001b\[[\d;]*m)*$/

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ shown }) => shown).join('')
}

function formed(raw: string, form: TextForm | undefined): string {
  let text = ''
  const stream = openStream((part) => {
    text += part
  }, form?.anew?.())
  stream.write(raw)
  stream.end()
  return text
}

/** How many rows whole lines take where they begin at the left. */
function rowsOf(text: string, columns: number): number {
  const lines = text.replaceAll(/\u001b\[[\d;]*m/g, '').split('\n')
  return lines.slice(0, -1).reduce((sum, line) => sum + rowsOfLine(line, columns), 0)
}

function rowsOfLine(line: string, columns: number): number {
  let rows = 1
  let used = 0
  for (const { text, cells } of glyphsOf(line)) {
    const wide = text === '\t' ? Math.min(8 - (used % 8), columns - used) : cells
    if (used + wide > columns) {
      rows += 1
      used = 0
    }
    used += wide
  }
  return rows
}
