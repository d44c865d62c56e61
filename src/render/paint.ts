import type { Style } from '../text/style.ts'

/** How a piece of text looks: a sum of these. */
export const look = {
  plain: 0,
  bold: 1,
  italic: 2,
  code: 4,
  struck: 8,
  link: 16,
  heading: 32,
  dim: 64,
  string: 128,
  keyword: 256,
  number: 512,
  removed: 1024,
} as const

/** Text and its look. */
export interface Run {
  text: string
  look: number
}

/** Every piece is closed by itself: nothing runs on into what follows. */
export function paint(text: string, looks: number, style: Style): string {
  let painted = text
  if (looks & look.code) painted = style.cyan(painted)
  if (looks & look.string) painted = style.green(painted)
  if (looks & look.keyword) painted = style.magenta(painted)
  if (looks & look.number) painted = style.yellow(painted)
  if (looks & look.removed) painted = style.red(painted)
  if (looks & look.link) painted = style.blue(painted)
  if (looks & look.heading) painted = style.magenta(painted)
  if (looks & look.italic) painted = style.italic(painted)
  if (looks & look.struck || (looks & look.dim && !(looks & look.bold))) painted = style.dim(painted)
  if (looks & look.bold) painted = style.bold(painted)
  return painted
}
