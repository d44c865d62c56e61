import { cellsOf, type Glyph, glyphsOf } from '../text/cells.ts'
import type { Style } from '../text/style.ts'
import { look, paint } from './paint.ts'

/** Lays text out in lines, word by word as it comes: a word is given out once it is complete and never again. */
export interface Flow {
  /** Begins a line: `first` stands before its first word, `rest` before those of the lines that it wraps to. */
  begin(first: string, rest: string): void
  /** More text without a newline. However it is cut, the same comes out in the end. */
  add(text: string, looks: number): void
  /** Ends the line. */
  end(): void
  /** What is to be printed now. */
  take(): string
}

/** UTF-16 units: more marks on one letter are no writing, and each new one would have all of them looked at. */
const maxGlyphLength = 64

export function createFlow(columns: () => number, style: Style): Flow {
  let out = ''
  let rest = ''
  let restCells = 0
  let column = 0
  /** Cells before the first word of the present line. */
  let margin = 0
  let blank: { text: string; look: number } | undefined
  let word: (Glyph & { look: number })[] = []
  let wordCells = 0
  /** The last glyph may grow with the next piece. */
  let tail = ''
  let tailLook = 0

  return {
    begin(first, more) {
      out += first
      rest = more
      restCells = cellsOf(stripped(more))
      margin = column = cellsOf(stripped(first))
    },
    add(text, looks) {
      if (tail !== '' && looks !== tailLook) settle()
      tailLook = looks
      for (const part of text.split(/([ \t]+)/)) {
        if (/^[ \t]/.test(part)) putBlank(part, looks)
        else if (part !== '') putText(part, looks)
      }
    },
    end() {
      settle()
      breakWord()
      out += '\n'
      blank = undefined
      column = 0
    },
    take() {
      const taken = out
      out = ''
      return taken
    },
  }

  function settle(): void {
    for (const glyph of glyphsOf(tail)) put({ ...glyph, look: tailLook })
    tail = ''
  }

  function putText(text: string, looks: number): void {
    tail += text
    const glyphs = glyphsOf(tail)
    tail = glyphs.pop()?.text ?? ''
    for (const glyph of glyphs) put({ ...glyph, look: looks })
    if (tail.length > maxGlyphLength) settle()
  }

  /** One blank between words, in code as many as there are. */
  function putBlank(text: string, looks: number): void {
    settle()
    breakWord()
    const code = (looks & look.code) > 0
    const blanks = code ? (blank?.text ?? '') + ' '.repeat(text.length) : ' '
    blank = { text: blanks, look: looks & look.code }
  }

  function put(glyph: Glyph & { look: number }): void {
    const last = word.at(-1)
    if (last && (last.cells > 1 || glyph.cells > 1) && !staysWith(last.text, glyph.text)) breakWord()
    word.push(glyph)
    wordCells += glyph.cells
    if (wordCells > room()) cutWord()
  }

  /** Cells of a line behind its margin. */
  function room(): number {
    return Math.max(Math.min(8, columns()), columns() - restCells)
  }

  function breakWord(): void {
    if (word.length === 0) return
    const gap = column > margin ? (blank?.text ?? '') : ''
    if (column > margin && column + gap.length + wordCells > columns()) newLine()
    else if (gap !== '') {
      out += paint(gap, blank?.look ?? 0, style)
      column += gap.length
    }
    print(word)
    word = []
    wordCells = 0
    blank = undefined
  }

  /** A word that fits on no line: what fits on one is printed, the last glyph begins the next. */
  function cutWord(): void {
    const last = word.pop()
    if (word.length > 0) {
      wordCells -= last?.cells ?? 0
      breakWord()
      newLine()
    }
    if (last) word.push(last)
    wordCells = last?.cells ?? 0
  }

  function newLine(): void {
    out += `\n${rest}`
    margin = column = restCells
    blank = undefined
  }

  function print(glyphs: readonly (Glyph & { look: number })[]): void {
    let text = ''
    for (const [index, glyph] of glyphs.entries()) {
      text += glyph.text
      column += glyph.cells
      if (glyphs[index + 1]?.look === glyph.look) continue
      out += paint(text, glyph.look, style)
      text = ''
    }
  }
}

/** Without our own styles. */
export function stripped(text: string): string {
  return text.replaceAll(/\u001b\[\d*m/g, '')
}

/** Whether no line may break between two wide glyphs: before closing marks and behind opening ones. */
function staysWith(left: string, right: string): boolean {
  return (
    /^[、。，．：；！？）］｝」』】〉》〕ー々…‥・ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.!?:;)\]}'"%]/u.test(
      right,
    ) || /[（［｛「『【〈《〔([{'"$]$/u.test(left)
  )
}
