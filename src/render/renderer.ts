import type { Style } from '../text/style.ts'
import { type CodeBlock, createCodeBlock } from './code-block.ts'
import { nextInline } from './inline.ts'
import { type Around, type Classified, classifyLine } from './line-start.ts'
import { look } from './paint.ts'
import { createPrinter } from './printer.ts'
import { createTable, type Table } from './table-block.ts'

export interface Renderer {
  /** More of the answer, sanitised, however it is cut; what is to be printed now. Never takes back what was printed. */
  write(text: string): string
  /** The rest: what was held back, whatever was left open. */
  end(): string
}

export interface RendererOptions {
  /** Cells of a line at this moment. */
  columns: () => number
  style: Style
  /** The text goes through as it is (`--plain`, NO_COLOR, a pipe). */
  plain?: boolean
}

/** Markdown for a terminal, as it streams: text flows word by word, other blocks come line by line, tables whole. */
export function createRenderer({ columns, style, plain = false }: RendererOptions): Renderer {
  if (plain) return { write: (text) => text, end: () => '' }
  const printer = createPrinter(columns, style)
  const { flow, width } = printer
  let line = ''
  /** Half of a character. */
  let half = ''
  /** Where in `line` the text begins that has not been given to the flow; undefined: the line is not flowing. */
  let flowing: number | undefined
  let needsAll = false
  let code: CodeBlock | undefined
  let table: Table | undefined
  let around: Around = { items: [], quotes: 0, afterBlank: true, afterText: false }

  return {
    write(text) {
      const whole = half + text
      half = /[\ud800-\udbff]$/.exec(whole)?.[0] ?? ''
      const lines = whole.slice(0, whole.length - half.length).split('\n')
      for (const [index, part] of lines.entries()) {
        if (index > 0) endLine()
        if (part !== '') addToLine(part)
      }
      return printer.take()
    },
    end() {
      if (half !== '') addToLine('\ufffd')
      if (line !== '') endLine()
      endTable()
      return printer.take()
    },
  }

  function addToLine(part: string): void {
    line += part
    if (flowing !== undefined) return pump(false)
    if (needsAll || code) return
    if (table) {
      const first = /\S/.exec(part)?.[0]
      if (first === undefined) return
      needsAll = table.mayContinue(first)
      if (needsAll) return
      endTable()
    }
    const classified = classifyLine(line, false, around)
    if (classified === 'all') needsAll = true
    else if (classified !== 'more') show(classified, false)
  }

  function endLine(): void {
    if (flowing !== undefined) {
      pump(true)
      flow.end()
    } else if (code) codeLine(code)
    else if (!table?.take(line.trimEnd())) {
      endTable()
      showWhole()
    }
    line = ''
    flowing = undefined
    needsAll = false
  }

  function codeLine(block: CodeBlock): void {
    const { printed, ended, outside } = block.add(line, width(), style)
    if (printed !== undefined) printer.print(printed)
    if (ended) code = undefined
    if (outside) showWhole()
  }

  function endTable(): void {
    const ended = table?.end()
    table = undefined
    if (ended?.text !== undefined) printer.paragraph(ended.lead, ended.text, look.plain)
  }

  function showWhole(): void {
    const classified = classifyLine(line, true, around)
    if (typeof classified !== 'string') show(classified, true)
  }

  function show({ start, items, quotes }: Classified, whole: boolean): void {
    const afterBlank = start.type === 'blank' || (start.type === 'code' && around.afterBlank)
    around = { items, quotes, afterBlank, afterText: start.type === 'paragraph' }
    const { lead, type } = start
    if (type === 'blank') return printer.blank(lead.first.trimEnd())
    printer.open()
    if (type === 'heading') {
      printer.paragraph(lead, start.text, look.bold | (start.level < 3 ? look.heading : 0))
    } else if (type === 'rule') printer.rule(lead)
    else if (type === 'code') printer.code(lead, start.text, look.code)
    else if (type === 'fence') {
      code = createCodeBlock(start)
      if (start.info !== '') printer.code(lead, start.info, look.dim)
      else if (lead.first !== lead.rest) printer.print(`${lead.first.trimEnd()}\n`)
    } else if (type === 'row') {
      table = createTable(start, { width, style, print: (lines) => printer.print(`${lines.join('\n')}\n`) })
    } else {
      printer.begin(lead)
      flowing = start.at
      pump(whole)
      if (whole) flow.end()
    }
  }

  function pump(whole: boolean): void {
    while (flowing !== undefined && flowing < line.length) {
      const piece = nextInline(line, flowing, whole)
      if (!piece) return
      for (const run of piece.runs) flow.add(run.text, run.look)
      flowing = piece.next
    }
    // What was given on is not looked at again, but for the letter before a mark.
    if (flowing !== undefined && flowing > 1000) {
      line = line.slice(flowing - 1)
      flowing = 1
    }
  }
}
