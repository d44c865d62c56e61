import { glyphsOf } from '../domain/cells.ts'
import { openStream, type TextForm } from './answer-stream.ts'

/** What was printed in one go. */
interface Piece {
  /** As it stands on the screen. */
  shown: string
  /** The text before it got its form; undefined: it has none, and stands as it is in any width. */
  raw: string | undefined
  form: TextForm | undefined
}

/** More than this many letters of an answer are not kept to be laid out again. */
const most = 200_000

/** What was printed since the last line was sent, for a terminal that gets another width before anybody has seen it. */
export interface Unseen {
  printed(text: string): void
  stream(form: TextForm | undefined): { write(raw: string): void; printed(text: string): void }
  /** What comes from here on stands below something that is none of it. */
  forget(): void
  /** Nobody has seen what stands there. */
  mark(): void
  /** What stands there in the new width, and how many rows it takes in it before that; undefined where it can stay. */
  layOut(columns: number): { rows: number; text: string } | undefined
}

export function createUnseen(): Unseen {
  let pieces: Piece[] = []
  let letters = 0
  let isUnseen = false

  return {
    printed: (text) => void pieces.push({ shown: text, raw: undefined, form: undefined }),
    stream(form) {
      const piece: Piece = { shown: '', raw: '', form }
      let isBegun = false
      return {
        write(raw) {
          letters += raw.length
          if (letters > most) pieces = []
          else piece.raw += raw
        },
        printed(text) {
          if (!isBegun && letters <= most) pieces.push(piece)
          isBegun = true
          // Something else came into the midst of it: what stands where is not known any more.
          if (pieces.at(-1) !== piece) forget()
          piece.shown += text
        },
      }
    },
    forget,
    mark() {
      isUnseen = true
    },
    layOut(columns) {
      if (!isUnseen || !pieces.some(({ form }) => form)) return undefined
      const rows = rowsOf(pieces.map(({ shown }) => shown).join(''), columns)
      for (const piece of pieces) if (piece.raw !== undefined) piece.shown = formed(piece.raw, piece.form)
      return { rows, text: pieces.map(({ shown }) => shown).join('') }
    },
  }

  function forget(): void {
    pieces = []
    letters = 0
    isUnseen = false
  }
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
