import { expect, test } from 'vitest'
import { sanitize } from '../../src/domain/sanitizer.ts'
import { reveal } from '../../src/tools/reveal.ts'

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
  ['日本語 é ü', '日本語 é ü'],
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
