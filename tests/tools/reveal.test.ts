import { expect, test } from 'vitest'
import { sanitize } from '../../src/text/sanitizer.ts'
import { lookalikeNotes, reveal } from '../../src/tools/reveal.ts'

test.each([
  ['ls -la', 'ls -la'],
  ['rm \u202etxt.exe', 'rm \\u{202e}txt.exe'],
  ['a\u200bb', 'a\\u{200b}b'],
  ['a\u001b[8mb', 'a\\u{1b}[8mb'],
  ['a\rb', 'a\\u{d}b'],
  ['a\u0000\u0007\u009b', 'a\\u{0}\\u{7}\\u{9b}'],
  ['a\tb', 'a\\u{9}b'],
  ['a\u00a0b\u3000c', 'a\\u{a0}b\\u{3000}c'],
  ['a\u3164b\u115f', 'a\\u{3164}b\\u{115f}'],
  ['a\u2800b', 'a\\u{2800}b'],
  ['a\ufe0f', 'a\\u{fe0f}'],
  ['a\u{e0041}', 'a\\u{e0041}'],
  ['tail ', 'tail\\u{20}'],
  [`ls${' '.repeat(300)}; rm x`, 'ls\\u{20*300}; rm x'],
  ['\ud800', '\ufffd'],
  ['echo \\u{202e}', 'echo \\u{5c}u{202e}'],
  ['日本語 é ü नमस्ते สวัสดี', '日本語 é ü नमस्ते สวัสดี'],
  ['cafe\u0301', 'cafe\\u{301}'],
  ['▐ ls', '\\u{2590} ls'],
])('%j is shown as %s', (text, expected) => expect(reveal(text)).toBe(expected))

test('no two texts look the same, and nothing in a shown one is active', () => {
  const parts = ['a', ' ', '\\', 'u{', '20', '}', '\u202e', '*', '24', '\t', ' '.repeat(24), '202e']
  const seen = new Map<string, string>()
  let state = 7
  for (let round = 0; round < 20_000; round++) {
    let text = ''
    for (let length = 0; length < 5; length++) {
      state = (state * 1103515245 + 12345) % 2147483648
      text += parts[Math.floor((state / 2147483648) * parts.length)]
    }
    const look = reveal(text)
    expect(seen.get(look) ?? text).toBe(text)
    expect(sanitize(look)).toBe(look)
    seen.set(look, text)
  }
})

test('no sign that fonts draw as nothing, and no bar, is left as it is', () => {
  const named = [
    ...[
      '115f',
      '1160',
      '3164',
      'ffa0',
      '2800',
      '034f',
      '17b4',
      '17b5',
      'feff',
      'fffc',
      '1d159',
      '16fe4',
      '13441',
    ],
    ...[
      '00a0',
      '1680',
      '2000',
      '200a',
      '202f',
      '205f',
      '3000',
      '2028',
      '2029',
      '00ad',
      'e000',
      '10fffd',
      '0378',
    ],
    ...['2590', '258c', '2503', '275a', '1fb87'],
  ].map((hex) => Number.parseInt(hex, 16))
  const ranges = [
    [0x180b, 0x180f],
    [0x200b, 0x200f],
    [0x202a, 0x202e],
    [0x2060, 0x206f],
    [0xfe00, 0xfe0f],
    [0xe0000, 0xe0fff],
    [0x1bca0, 0x1bca3],
    [0x1d173, 0x1d17a],
  ].flatMap(([from = 0, to = 0]) => Array.from({ length: to - from + 1 }, (_, at) => from + at))
  for (const code of [...named, ...ranges])
    expect(reveal(`漢${String.fromCodePoint(code)}漢`)).toBe(`漢\\u{${code.toString(16)}}漢`)
})

test('letters of other alphabets within a word of a-z are noted, and words of one alphabet are not', () => {
  const notes = (text: string) => lookalikeNotes([{ kind: 'text', text }]).map((note) => note.text)
  expect(notes('\u0441at README.md; ls \u03bfut')).toEqual([
    'letters of other alphabets within words of a-z: \\u{441} \\u{3bf}',
  ])
  expect(notes('echo "привет, мир" naïve đường test文件 API-ключ')).toEqual([])
})
