import { type Language, languageOf } from './languages.ts'
import { look, type Run } from './paint.ts'

/** Colours the lines of one block of code, in order: comments and strings may run over several. */
export type Highlighter = (line: string) => Run[]

/** undefined for a language that is not known. */
export function highlighter(name: string): Highlighter | undefined {
  if (name === 'diff' || name === 'patch') return diffLine
  const language = languageOf(name)
  if (!language) return undefined
  /** What ends the comment or string that is open. */
  let open: { close: string; look: number } | undefined

  return (line) => {
    const runs: Run[] = []
    const add = (text: string, looks: number) => {
      const last = runs.at(-1)
      if (last?.look === looks) last.text += text
      else if (text !== '') runs.push({ text, look: looks })
    }
    let at = 0
    while (at < line.length) {
      if (open) {
        const end = endOf(line, at, open.close, open.look === look.string)
        add(line.slice(at, end ?? line.length), open.look)
        if (end === undefined) break
        open = undefined
        at = end
        continue
      }
      const piece = nextPiece(line, at, language)
      if (piece.close !== undefined) open = { close: piece.close, look: piece.look }
      add(line.slice(at, piece.end), piece.look)
      at = piece.end
    }
    if (open && language.oneLine.includes(open.close)) open = undefined
    return runs
  }
}

function nextPiece(
  line: string,
  at: number,
  language: Language,
): { end: number; look: number; close?: string } {
  for (const [start, close] of language.blocks) {
    if (line.startsWith(start, at)) return { end: at + start.length, look: look.dim, close }
  }
  for (const start of language.comments) {
    const alone = start !== '#' || at === 0 || /\s/.test(line[at - 1] ?? '')
    if (alone && line.startsWith(start, at)) return { end: line.length, look: look.dim }
  }
  for (const quote of language.strings) {
    if (line.startsWith(quote, at)) return { end: at + quote.length, look: look.string, close: quote }
  }
  number.lastIndex = at
  const digits = number.exec(line)
  if (digits) return { end: at + digits[0].length, look: look.number }
  word.lastIndex = at
  const name = word.exec(line)?.[0]
  if (name === undefined) return { end: at + 1, look: look.plain }
  const known = language.keywords.has(language.anyCase ? name.toLowerCase() : name)
  return { end: at + name.length, look: known ? look.keyword : look.plain }
}

function endOf(line: string, at: number, close: string, escapes: boolean): number | undefined {
  for (let from = at; from < line.length; from++) {
    if (escapes && line[from] === '\\') from++
    else if (line.startsWith(close, from)) return from + close.length
  }
  return undefined
}

function diffLine(line: string): Run[] {
  const looks = line.startsWith('@@')
    ? look.code
    : line[0] === '+'
      ? look.string
      : line[0] === '-'
        ? look.removed
        : 0
  return line === '' ? [] : [{ text: line, look: looks }]
}

const number = /(?<![\w$])(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\w*/y
const word = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y
