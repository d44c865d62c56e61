import { cellsOf, glyphsOf } from '../text/cells.ts'
import type { Style } from '../text/style.ts'
import { type Highlighter, highlighter } from './highlight.ts'
import type { LineStart } from './line-start.ts'
import { paint, type Run } from './paint.ts'

/** What a line did to an open fence: `outside` is not part of it and is to be read as a line of its own. */
export interface CodeStep {
  printed?: string
  ended: boolean
  outside: boolean
}

export interface CodeBlock {
  /** The next whole line of the source. */
  add(line: string, width: number, style: Style): CodeStep
}

/** The code behind an opening fence, line by line; a fence that never closes goes to the end. */
export function createCodeBlock({
  mark,
  info,
  indent,
  lead,
  quotes,
}: Extract<LineStart, { type: 'fence' }>): CodeBlock {
  const language = /^[\w#+.-]+/.exec(info)?.[0] ?? ''
  const colour: Highlighter = highlighter(language) ?? ((line) => [{ text: line, look: 0 }])
  const close = new RegExp(`^\\s*${mark[0]}{${mark.length},}\\s*$`)
  return {
    add(line, width, style) {
      const inner = unquoted(line, quotes)
      if (inner === undefined) return { ended: true, outside: true }
      if (close.test(inner)) return { ended: true, outside: false }
      const text = withoutIndent(inner.replaceAll('\t', '    '), indent)
      const bars = lead.rest.replaceAll('│ ', (bar) => style.dim(bar))
      return {
        printed: printCode(colour(text), bars, width, style, cellsOf(lead.rest)),
        ended: false,
        outside: false,
      }
    },
  }
}

/** A line of code two cells in, cut where the terminal's line ends. */
export function printCode(
  runs: readonly Run[],
  lead: string,
  width: number,
  style: Style,
  leadCells = cellsOf(lead),
): string {
  const room = Math.max(8, width - leadCells - 2)
  let out = `${lead}  `
  let used = 0
  for (const run of runs) {
    let piece = ''
    for (const glyph of glyphsOf(run.text)) {
      if (used > 0 && used + glyph.cells > room) {
        out += `${paint(piece, run.look, style)}\n${lead}  `
        piece = ''
        used = 0
      }
      piece += glyph.text
      used += glyph.cells
    }
    out += paint(piece, run.look, style)
  }
  return `${out.trimEnd()}\n`
}

function unquoted(line: string, quotes: number): string | undefined {
  let rest = line
  for (let depth = 0; depth < quotes; depth++) {
    const found = /^\s*> ?/.exec(rest)
    if (!found) return undefined
    rest = rest.slice(found[0].length)
  }
  return rest
}

function withoutIndent(line: string, indent: number): string {
  let at = 0
  while (at < indent && line[at] === ' ') at++
  return line.slice(at)
}
