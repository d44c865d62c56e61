import { describe, expect, test } from 'vitest'
import { visible } from '../../src/terminal/editor/letters.ts'
import { unitsOf } from '../../src/terminal/editor/units.ts'
import { draw, erase } from '../../src/terminal/screen/draw.ts'
import { type Frame, layout } from '../../src/terminal/screen/layout.ts'
import { cellsOf } from '../../src/text/cells.ts'

const wide = { columns: 10, height: 20 }

const cases: [what: string, text: string, rows: string[], cursor: string][] = [
  ['nothing typed', '', ['q> '], '0,3'],
  ['a short text', 'abc', ['q> abc'], '0,6'],
  ['a text that folds', 'abcdefghij', ['q> abcdefg', 'hij'], '1,3'],
  ['a full row: the cursor is on the next', 'abcdefg', ['q> abcdefg', ' '], '1,0'],
  ['lines', 'ab\n\ncd', ['q> ab', '', 'cd'], '2,2'],
  ['a full row and a line end', 'abcdefg\nx', ['q> abcdefg', 'x'], '1,1'],
  ['wide letters do not straddle the edge', 'abcdef日本', ['q> abcdef', '日本'], '1,4'],
  ['a tab goes to the next stop', 'a\tb', ['q> a    b'], '0,9'],
  ['control characters are spelled out', 'a\u001b[\u0000', ['q> a^[[^@'], '0,9'],
  ['reordering characters are spelled out', '\u202ex', ['q> <202e>x'.slice(0, 10), ' '], '1,0'],
]

describe('laid out is', () => {
  for (const [what, text, rows, cursor] of cases)
    test(what, () => {
      const units = unitsOf(text)
      const frame = layout('q> ', units, units.length, wide)
      expect(rowsOf(frame)).toEqual(rows)
      expect(`${frame.cursor.row},${frame.cursor.column}`).toBe(cursor)
    })

  test('a prompt with styles as one cell, or without them where it does not fit', () => {
    const prompt = '\u001b[1m[name]\u001b[22m q> '
    expect(layout(prompt, [], 0, { columns: 40, height: 9 }).rows[0]?.cells).toEqual([
      { text: prompt, width: 10 },
    ])
    expect(rowsOf(layout(prompt, [], 0, { columns: 6, height: 9 }))).toEqual(['[name]', ' q> '])
  })

  test('of a text higher than the screen the part around the cursor', () => {
    const units = unitsOf('1\n2\n3\n4')
    expect(rowsOf(layout('', units, 7, { columns: 10, height: 2 }))).toEqual(['3', '4'])
    expect(rowsOf(layout('', units, 0, { columns: 10, height: 2 }))).toEqual(['1', '2'])
  })

  test('anything, in a window of one column', () => {
    expect(rowsOf(layout('q>', ['日', 'a'], 2, { columns: 1, height: 9 }))).toEqual([
      'q',
      '>',
      '日',
      'a',
      ' ',
    ])
  })
})

test('widths are those of the terminal', () => {
  const letters = ['a', 'é', '日', '한', '👍', '👨‍👩‍👧', '🇩🇪', '…', '⠋', '\u0301', 'e\u0301', 'ก็', 'ｱ']
  expect(letters.map(cellsOf)).toEqual([1, 1, 2, 2, 2, 2, 2, 1, 1, 0, 1, 1, 1])
})

test('no letter is shown by anything that acts', () => {
  for (let code = 0; code <= 0xffff; code++) {
    const shown = visible(String.fromCharCode(code))
    expect(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/.test(shown)).toBe(false)
  }
})

describe('drawn again is', () => {
  const at = (text: string, columns = 20): Frame => {
    const units = unitsOf(text)
    return layout('q> ', units, units.length, { columns, height: 20 })
  }
  test('a letter more by that letter', () => expect(draw(at('ab'), at('abc'))).toBe('c'))
  test('a letter less by erasing it', () => expect(draw(at('abc'), at('ab'))).toBe('\u001b[6G\u001b[K'))
  test('nothing by nothing', () => expect(draw(at('a\nb'), at('a\nb'))).toBe(''))
  test('another window from where the first row must be now', () => {
    const clear = '\u001b[K\u001b7\u001b[B\u001b[J\u001b8'
    const shown = at('abcdefghijklmnop', 20)
    expect([20, 10, 7].map((columns) => erase(shown, columns))).toEqual([
      `\r${clear}`,
      `\u001b[1A\r${clear}`,
      `\u001b[2A\r${clear}`,
    ])
    expect(draw(shown, at('abcdefghijklmnop', 10)).startsWith(`\u001b[1A\r${clear}`)).toBe(true)
  })
})

test('what tmux breaks anew itself is not drawn at all', () => {
  const units = unitsOf('abcdefghijklmnop\nqrs')
  const at = (columns: number): Frame => layout('q> ', units, units.length, { columns, height: 20 })
  expect(draw(at(20), at(30), true)).toBe('')
  expect(draw(at(20), at(9), true)).toBe('')
  expect(draw(at(9), at(20), true)).toBe('')
})

function rowsOf(frame: Frame): string[] {
  return frame.rows.map((row) => row.cells.map((cell) => cell.text).join(''))
}
