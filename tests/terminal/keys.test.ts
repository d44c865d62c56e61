import { describe, expect, test } from 'vitest'
import { byteReader, plainText } from '../../src/terminal/keys/bytes.ts'
import { decode, endPaste, type Key, nothingRead, settle } from '../../src/terminal/keys/key.ts'

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
  ['function keys and unknown ones', '\u001b[[Ax\u001bOP\u001b[15~\u001b[Z', ['"x"', 'F1', 'F5', 'S-Tab']],
  [
    'Alt and a key that is a sequence',
    '\u001b\u001b[D\u001b\u001bOD\u001b\u001b[1;5C',
    ['M-Left', 'M-Left', 'C-M-Right'],
  ],
  [
    'the Escape key before other things',
    '\u001b\u001b[200~x\u001b[201~\u001b\u001b[12;4R',
    ['Escape', '<x>', 'Escape'],
  ],
  [
    'keypad keys as code points',
    '\u001b[57399u\u001b[57408;129u\u001b[57413u\u001b[57414u\u001b[57424;5u',
    ['"0"', '"9"', '"+"', 'Enter', 'C-End'],
  ],
  [
    'keys that only change others, as code points',
    '\u001b[57358u\u001b[57441;2u\u001b[57376u\u001b[63743u',
    [],
  ],
  [
    'a key that comes up again, and one that repeats',
    '\u001b[97;1:1u\u001b[97;1:2u\u001b[97;1:3u\u001b[1;1:3A\u001b[3;1:3~',
    ['"a"', '"a"'],
  ],
  [
    'keys with a lock on',
    '\u001b[97;129u\u001b[97;65u\u001b[97;66u\u001b[99;197u\u001b[13;193u\u001b[9;129u\u001b[1;129A',
    ['"a"', '"A"', '"a"', 'C-c', 'Enter', 'Tab', 'Up'],
  ],
  [
    'Shift as code points',
    '\u001b[97;2u\u001b[49:33;2u\u001b[27;2;65~\u001b[0;;228u',
    ['"A"', '"!"', '"A"', '"ä"'],
  ],
  [
    'keys that type nothing',
    '\u001b[118;9u\u001b[27;9;118~\u001b[55296u\u001b[155u\u001b[1114112u\u001b[u',
    [],
  ],
  ['reports of the mouse', '\u001b[M !!x\u001b[<0;12;40M\u001b[<0;12;40m\u001b[32;12;40My', ['"x"', '"y"']],
  ['Ctrl-C inside half a report of the mouse', '\u001b[M \u0003', ['C-c']],
  ['keypad keys of an older kind', '\u001bOp\u001bO5C\u001bO2Px\u001bOM', ['C-Right', 'F1', '"x"', 'Enter']],
  ['an APC', '\u001b_Gi=1;OK\u001b\\x', ['"x"']],
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

/** Each is swallowed whole, whatever it is made of and wherever it is cut. */
const silent: [what: string, bytes: string | Buffer][] = [
  ...cases.flatMap(([what, bytes, keys]): [string, string][] => (keys.length === 0 ? [[what, bytes]] : [])),
  ['the mouse far to the right', Buffer.from([0x1b, 0x5b, 0x4d, 0x20, 0xe9, 0xa0])],
  ['the mouse where its bytes are a letter', Buffer.from([0x1b, 0x5b, 0x4d, 0x20, 0xc3, 0xa9])],
  ['the mouse where its last byte begins a letter', Buffer.from([0x1b, 0x5b, 0x4d, 0xa0, 0x80, 0xe6])],
  ['a title with letters that end in an old terminator', Buffer.from('\u001b]l“quoted”\u001b\\')],
]

describe('cut anywhere, nothing is typed by', () => {
  for (const [what, bytes] of silent)
    test(what, () => {
      const whole = Buffer.concat([Buffer.from('a'), Buffer.from(bytes), Buffer.from('é')])
      for (let cut = 1; cut < whole.length; cut++)
        expect(fromBytes([whole.subarray(0, cut), whole.subarray(cut)])).toBe('"aé"')
      expect(fromBytes(Array.from(whole, (byte) => Buffer.of(byte)))).toBe('"aé"')
    })
})

test('bytes that are no UTF-8 are one sign each, and what only looks like a report of the mouse loses nothing', () => {
  expect(fromBytes([Buffer.from([0xff, 0x41, 0xc3, 0x28, 0x80])])).toBe('"\ufffdA\ufffd(\ufffd"')
  const paste = Buffer.from('\u001b[200~\u001b[Mé日\u001b[201~')
  for (let cut = 1; cut < paste.length; cut++)
    expect(fromBytes([paste.subarray(0, cut), paste.subarray(cut)])).toBe('<\u001b[Mé日>')
})

test('a lone ESC is the Escape key once nothing follows, and half a sequence is dropped', () => {
  const lone = decode(nothingRead, 'a\u001b')
  expect(lone.keys.map(word)).toEqual(['"a"'])
  expect(settle(lone.state).keys.map(word)).toEqual(['Escape'])
  expect(settle(decode(nothingRead, '\u001b\u001b').state).keys.map(word)).toEqual(['Escape', 'Escape'])
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

/** As the keyboard reads them. */
function fromBytes(chunks: readonly Buffer[]): string {
  const bytes = byteReader()
  return plainText(joined(words(chunks.map((chunk) => bytes.read(chunk)))))
}

function word(key: Key): string {
  if (key.type === 'press') return key.name
  return key.type === 'text' ? `"${key.text}"` : `<${key.text}>`
}

/** Neighbouring texts as one: how they are cut does not matter. */
function joined(all: readonly string[]): string {
  return all.join(' ').replaceAll('" "', '')
}
