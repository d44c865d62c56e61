import type { Run } from './paint.ts'

/** How far a mark's partner may be, in UTF-16 units: beyond that the mark stands for itself. */
export const reach = 600

/** What a piece of a line is, and where the next begins; undefined: more of the line is needed to tell. */
export type Piece = { runs: Run[]; next: number } | undefined

export function plain(text: string, next: number, looks = 0): Piece {
  return { runs: [{ text, look: looks }], next }
}

export function isLetter(letter: string | undefined): boolean {
  return letter !== undefined && /[\p{L}\p{N}\ud800-\udfff]/u.test(letter)
}
