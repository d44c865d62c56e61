import { describe, expect, test } from 'vitest'
import { decode, endPaste, type Key, nothingRead, settle } from '../../src/terminal/keys.ts'

const cases: [what: string, bytes: string, keys: string[]][] = [
  ['letters', 'héllo 日本', ['"héllo 日本"']],
  [
    'control keys',
    '\u0001\u0003\u001f\t\r\n\u007f\b',
    ['C-a', 'C-c', 'C-_', 'Tab', 'Enter', 'C-j', 'Backspace', 'Backspace'],
  ],
  ['arrows in both modes', '\u001b[A\u001bOB\u001b[1;5C\u001b[1;3D', ['Up', 'Down', 'C-Right', 'M-Left']],
  ['Home, End, Delete', '\u001b[H\u001b[4~\u001b[3~\u001bOF', ['Home', 'End', 'Delete', 'End']],
  ['Meta keys', '\u001bb\u001b\r\u001b\u007f\u001b日', ['M-b', 'M-Enter', 'M-Backspace', 'M-日']],
  ['keys as code points', '\u001b[13;2u\u001b[27;5;13~\u001b[97;5u', ['M-Enter', 'M-Enter', 'C-a']],
  ['a cursor position report', 'a\u001b[12;40Rb', ['"a"', '"b"']],
  ['device attributes', '\u001b[?62;22c\u001b[>41;354;0c\u001b[0n', []],
  [
    'replies to OSC and DCS queries',
    '\u001b]11;rgb:0000/0000/0000\u001b\\x\u001b]10;?\u0007\u001bP>|tmux 3.3a\u001b\\y',
    ['"x"', '"y"'],
  ],
  ['focus and mode reports', '\u001b[I\u001b[O\u001b[?2026;2$y', []],
  ['function keys and unknown ones', '\u001b[[Ax\u001bOP\u001b[15~\u001b[Z', ['"x"', 'S-Tab']],
  ['Ctrl-C inside half a reply', '\u001b]11;rgb\u0003', ['C-c']],
  ['Ctrl-C inside half a sequence', '\u001b[12\u0003', ['C-c']],
  [
    'a paste',
    'a\u001b[200~one\rtwo\r\nthree\t\u0003\u001b[A\u001b[201~b',
    ['"a"', '<one\ntwo\nthree\t\u0003\u001b[A>', '"b"'],
  ],
  ['an empty paste', '\u001b[200~\u001b[201~', ['<>']],
  ['an end without a beginning', 'x\u001b[201~y', ['"x"', '"y"']],
  ['an end inside a paste', '\u001b[200~rm\u001b[201~\ry\u001b[201~', ['<rm>', 'Enter', '"y"']],
]

describe('keys are read from', () => {
  for (const [what, bytes, expected] of cases) {
    test(what, () => expect(words([bytes])).toEqual(expected))
    test(`${what}, byte by byte`, () => expect(joined(words(bytes.split('')))).toEqual(joined(expected)))
  }
})

test('a lone ESC is the Escape key once nothing follows, and half a sequence is dropped', () => {
  const lone = decode(nothingRead, 'a\u001b')
  expect(lone.keys.map(word)).toEqual(['"a"'])
  expect(settle(lone.state).keys.map(word)).toEqual(['Escape'])
  const half = decode(nothingRead, '\u001b[1;')
  expect(settle(half.state)).toEqual({ keys: [], state: nothingRead })
})

test('a paste that never ends can be ended', () => {
  const { keys, state } = decode(nothingRead, '\u001b[200~abc\u001b[20')
  expect(keys).toEqual([])
  expect(endPaste(state).keys.map(word)).toEqual(['<abc\u001b[20>'])
})

test('5 MB in pieces of 4 KB are read in linear time', () => {
  const text = 'x'
    .repeat(1023)
    .concat('\n')
    .repeat(5 * 1024)
  const bytes = `\u001b[200~${text}\u001b[201~`
  let state = nothingRead
  const found: Key[] = []
  for (let at = 0; at < bytes.length; at += 4095) {
    const decoded = decode(state, bytes.slice(at, at + 4095))
    state = decoded.state
    found.push(...decoded.keys)
  }
  expect(found.length).toBe(1)
  expect(found[0]?.type === 'paste' && found[0].text === text).toBe(true)
})

function words(chunks: readonly string[]): string[] {
  let state = nothingRead
  return chunks.flatMap((chunk) => {
    const decoded = decode(state, chunk)
    state = decoded.state
    return decoded.keys.map(word)
  })
}

function word(key: Key): string {
  if (key.type === 'press') return key.name
  return key.type === 'text' ? `"${key.text}"` : `<${key.text}>`
}

/** Neighbouring texts as one: how they are cut does not matter. */
function joined(all: readonly string[]): string {
  return all.join(' ').replaceAll('" "', '')
}
