import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { cellsOf, glyphsOf, graphemes } from '../../src/text/cells.ts'

test('every character is as wide as string-width says', () => {
  const wrong: string[] = []
  for (let code = 0x20; code <= 0x1ffff; code++) {
    const letter = String.fromCodePoint(code)
    if (/[\p{C}\u2028\u2029]/u.test(letter)) continue
    if (cellsOf(letter) !== stringWidth(letter)) wrong.push(code.toString(16))
  }
  expect(wrong).toEqual([])
})

test.each([
  '👨‍👩‍👧',
  '🏳️‍🌈',
  '🇩🇪',
  '1️⃣',
  '❤️',
  '❤',
  '⌚︎',
  'e\u0301',
  '한국어',
  '각',
  'ำน้ำ',
  'नमस्ते',
  '👍🏽',
  'ｱﾞ',
  '日本語 text',
  '🇩🇪🇫🇷🇩',
  '👩🏽‍💻 works',
  '🧑‍🧑‍🧒‍🧒',
  'ก็',
  'ﷺ',
  '한',
  '〰️',
  '‼︎',
  '❤\u200d🔥',
  '\u200b\u2060\ufeff',
  'a\u0300\u0301\u0302\u0303',
  'Ⅷ①ª',
])('and so is %s', (text) => expect(cellsOf(text)).toBe(stringWidth(text)))

test('asked again, and for a text longer than what is kept, the answer is the same', () => {
  for (let round = 0; round < 2; round++) {
    expect(cellsOf('日本')).toBe(4)
    expect(cellsOf('日'.repeat(100))).toBe(200)
    for (let code = 0x4e00; code < 0x4e00 + 3000; code++) expect(cellsOf(String.fromCodePoint(code))).toBe(2)
  }
})

test('a text is cut between letters, never inside one', () => {
  expect(graphemes('ae\u0301👨‍👩‍👧🇩🇪한')).toEqual(['a', 'e\u0301', '👨‍👩‍👧', '🇩🇪', '한'])
  expect(graphemes('a\tb')).toEqual(['a', '\t', 'b'])
  expect(graphemes('')).toEqual([])
  expect(glyphsOf('é日')).toEqual([
    { text: 'é', cells: 1 },
    { text: '日', cells: 2 },
  ])
})

test('half of a letter, as a broken text has it, is one cell or none, and no error', () => {
  for (const text of ['\ud83d', 'a\udc4d', '\ufe0f', '\u200d', '\u0301'])
    expect(cellsOf(text)).toBeLessThan(3)
})
