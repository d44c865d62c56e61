import { cellsOf } from '../text/cells.ts'
import type { Style } from '../text/style.ts'
import { printCode } from './code-block.ts'
import { createFlow, type Flow } from './flow.ts'
import { inlineRuns } from './inline.ts'
import type { Lead } from './line-start.ts'

/** Puts blocks one below the other, with one blank line where the source has any number of them. */
export interface Printer {
  /** Lays out the text of a line that is begun. */
  readonly flow: Flow
  /** Cells of a line at this moment. */
  width(): number
  /** A blank line of the source; `bars` of quotes that it stands in. It is printed when something follows. */
  blank(bars: string): void
  /** A block comes: what is blank before it is printed. */
  open(): void
  /** Begins a line of text: more of it goes to the flow. */
  begin(lead: Lead): void
  paragraph(lead: Lead, text: string, looks: number): void
  rule(lead: Lead): void
  code(lead: Lead, text: string, looks: number): void
  /** Whole lines, each with its newline. */
  print(lines: string): void
  take(): string
}

export function createPrinter(columns: () => number, style: Style): Printer {
  const width = () => Math.max(10, columns())
  const flow = createFlow(width, style)
  const dimBars = (lead: string) => lead.replaceAll('│ ', (bar) => style.dim(bar))
  let out = ''
  let waiting: string | undefined
  let started = false

  return { flow, width, blank, open, begin, paragraph, rule, code, print, take }

  function blank(bars: string): void {
    waiting ??= bars
  }

  function open(): void {
    if (waiting !== undefined && started) print(`${style.dim(waiting)}\n`)
    waiting = undefined
    started = true
  }

  function begin({ first, rest }: Lead): void {
    flow.begin(dimBars(first), dimBars(rest))
  }

  function paragraph(lead: Lead, text: string, looks: number): void {
    begin(lead)
    for (const run of inlineRuns(text, looks)) flow.add(run.text, run.look)
    flow.end()
  }

  function rule({ first }: Lead): void {
    const cells = Math.max(3, Math.min(40, width() - cellsOf(first)))
    print(`${style.dim(first + '─'.repeat(cells))}\n`)
  }

  function code({ first }: Lead, text: string, looks: number): void {
    print(printCode([{ text, look: looks }], dimBars(first), width(), style, cellsOf(first)))
  }

  function print(lines: string): void {
    out += flow.take() + lines
  }

  function take(): string {
    const taken = out + flow.take()
    out = ''
    return taken
  }
}
