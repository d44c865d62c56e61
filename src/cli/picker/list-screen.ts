import { glyphsOf } from '../../text/cells.ts'
import type { Style } from '../../text/style.ts'
import type { Size } from './alternate-screen.ts'

/** One line of a picker. */
export interface ListEntry<T> {
  value: T
  /** What is typed is looked for in it. */
  key: string
  line: string
}

export interface ListScreen {
  matches: readonly ListEntry<unknown>[]
  typed: string
  /** The place of the one that Enter takes. */
  at: number
  help: string
  none: string
  news?: string | undefined
}

/** A picker's whole screen, the cursor behind what is typed. */
export function listScreen(
  { matches, typed, at, help, none, news }: ListScreen,
  size: Size,
  style: Style,
): string {
  const room = Math.max(1, size.rows - 3)
  const first = Math.max(0, at - room + 1)
  const rows = matches.slice(first, first + room).map((choice, index) => {
    const line = clip(choice.line, size.columns - 3)
    return `${index + first === at ? style.cyan('▌') : ' '} ${line}`
  })
  const nothing = matches.length === 0 ? [style.dim(`  ${none}`)] : []
  const below =
    news === undefined ? style.dim(clip(help, size.columns - 1)) : style.yellow(clip(news, size.columns - 1))
  return `\u001b[H\u001b[2J${['', ...rows, ...nothing].join('\r\n')}\u001b[${size.rows};1H${below}\u001b[1;1H${style.bold('>')} ${typed}`
}

/** Cuts a line, with our styles in it, to a number of cells. */
function clip(line: string, cells: number): string {
  let room = cells
  let clipped = ''
  for (const [part, style] of line.matchAll(/(\u001b\[\d+m)|[^\u001b]+/g)) {
    if (style !== undefined) {
      clipped += style
      continue
    }
    for (const glyph of glyphsOf(part)) {
      room -= glyph.cells
      if (room < 0) break
      clipped += glyph.text
    }
  }
  return clipped
}
