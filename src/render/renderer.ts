import type { Style } from '../domain/style.ts'
import { cellsOf } from './cells.ts'
import { type CodeBlock, createCodeBlock, printCode } from './code-block.ts'
import { createFlow } from './flow.ts'
import { inlineRuns, nextInline } from './inline.ts'
import { type Around, type Lead, type LineStart, tellLine } from './line-start.ts'
import { look } from './paint.ts'
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
  const width = () => Math.max(10, columns())
  const flow = createFlow(width, style)
  let out = ''
  let line = ''
  let half = ''
  /** Where in `line` the text begins that has not been given to the flow; undefined: the line is not flowing. */
  let flowing: number | undefined
  let needsAll = false
  let code: CodeBlock | undefined
  let table: Table | undefined
  let blank: string | undefined
  let started = false
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
      return take()
    },
    end() {
      if (half !== '') addToLine('\ufffd')
      if (line !== '') endLine()
      endTable()
      return take()
    },
  }

  function take(): string {
    const taken = out + flow.take()
    out = ''
    return taken
  }

  function addToLine(part: string): void {
    line += part
    if (flowing !== undefined) return pump(false)
    if (needsAll || code) return
    if (table) {
      const first = /\S/.exec(line)?.[0]
      if (first === undefined) return
      if (table.mayContinue(first)) {
        needsAll = true
        return
      }
      endTable()
    }
    const told = tellLine(line, false, around)
    if (told === 'all') needsAll = true
    else if (told !== 'more') show(told.start, told, false)
  }

  function endLine(): void {
    const whole = line.replace(/[ \t]+$/, '')
    if (flowing !== undefined) {
      pump(true)
      flow.end()
    } else if (code) inCode()
    else if (!table?.take(whole)) {
      endTable()
      const told = tellLine(line, true, around)
      if (typeof told !== 'string') show(told.start, told, true)
    }
    line = ''
    flowing = undefined
    needsAll = false
  }

  function inCode(): void {
    const rest = code?.add(line, width(), style)
    if (rest === undefined) return
    if (rest.printed !== undefined) out += flow.take() + rest.printed
    if (rest.ended) code = undefined
    if (rest.outside) {
      const told = tellLine(line, true, around)
      if (typeof told !== 'string') show(told.start, told, true)
    }
  }

  function endTable(): void {
    const ended = table
    table = undefined
    if (!ended) return
    const { lead, text } = ended.end()
    if (text !== undefined) paragraph(lead, text, look.plain)
  }

  function show(
    start: LineStart,
    { items, quotes }: Pick<Around, 'items'> & { quotes: number },
    whole: boolean,
  ): void {
    around = {
      items,
      quotes,
      afterBlank: start.type === 'blank' || (start.type === 'code' && around.afterBlank),
      afterText: start.type === 'paragraph',
    }
    if (start.type === 'blank') {
      blank ??= start.lead.first.trimEnd()
      return
    }
    openBlock()
    const { lead } = start
    switch (start.type) {
      case 'paragraph':
        begin(lead)
        flowing = start.at
        if (!whole) return pump(false)
        pump(true)
        return flow.end()
      case 'heading':
        return paragraph(lead, start.text, look.bold | (start.level < 3 ? look.heading : 0))
      case 'rule':
        out += `${flow.take()}${style.dim(lead.first + '─'.repeat(Math.max(3, Math.min(40, width() - cellsOf(lead.first)))))}\n`
        return
      case 'fence': {
        const opened = createCodeBlock(start)
        code = opened
        if (start.info !== '')
          out += flow.take() + printCode([{ text: start.info, look: look.dim }], lead.first, width(), style)
        else if (lead.first !== lead.rest) out += `${flow.take()}${lead.first.trimEnd()}\n`
        return
      }
      case 'code':
        out += flow.take() + printCode([{ text: start.text, look: look.code }], lead.first, width(), style)
        return
      case 'row':
        table = createTable(start, {
          width,
          style,
          print: (lines) => {
            out += flow.take() + lines.map((one) => `${one}\n`).join('')
          },
        })
    }
  }

  function openBlock(): void {
    if (blank !== undefined && started) out += `${flow.take()}${style.dim(blank)}\n`
    blank = undefined
    started = true
  }

  function begin(lead: Lead): void {
    flow.begin(
      lead.first.replaceAll('│ ', (bar) => style.dim(bar)),
      lead.rest.replaceAll('│ ', (bar) => style.dim(bar)),
    )
  }

  function paragraph(lead: Lead, text: string, looks: number): void {
    begin(lead)
    for (const run of inlineRuns(text, looks)) flow.add(run.text, run.look)
    flow.end()
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
