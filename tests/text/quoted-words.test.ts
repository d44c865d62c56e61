import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { splitWords } from '../../src/text/quoted-words.ts'

test.each([
  ['notify-send -a q', ['notify-send', '-a', 'q']],
  ['  /opt/my\\ tools/ring   --loud ', ['/opt/my tools/ring', '--loud']],
  [`say 'two words' "and 'three' more"`, ['say', 'two words', "and 'three' more"]],
  [`a""b '' "\\"\\\\\\x" 'it'\\''s'`, ['ab', '', '"\\\\x', "it's"]],
  ['', []],
])('%j is split as a shell splits it', (text, words) => {
  expect(splitWords(text)).toEqual(words)
  const script = `printf '%s\\0' ${text === '' ? '' : text}`
  if (text !== '')
    expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(words)
})

test('nothing is expanded, and nothing but quotes means anything', () => {
  const text = 'ring $HOME ~/x *.ts $(touch x) `id` a;b c|d >e &'
  expect(splitWords(text)).toEqual(text.split(' '))
})

test.each(["'open", 'a "b', 'end\\', `"'`, `a'b"c`])('%j has no end, and is refused', (text) => {
  expect(splitWords(text)).toBeUndefined()
})

test('a long line that is refused at its end is refused at once', () => {
  expect(splitWords(`${'a"b c"\\d'.repeat(20_000)}'`)).toBeUndefined()
})
