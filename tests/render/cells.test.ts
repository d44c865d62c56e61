import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { cellsOf } from '../../src/render/cells.ts'

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
])('and so is %s', (text) => expect(cellsOf(text)).toBe(stringWidth(text)))
