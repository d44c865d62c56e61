import { expect, test } from 'vitest'
import { joinLines, topicsOf } from '../../src/provider/guide/guide-docs.ts'

test.each([
  ['one\ntwo\n\nthree\nfour', 'one two\n\nthree four'],
  ['text:\n- one\n  more\n- two', 'text:\n- one more\n- two'],
  ['1. one\n   more\n2. two', '1. one more\n2. two'],
  ['| a |\n| - |\n| b |\n\nend', '| a |\n| - |\n| b |\n\nend'],
  ['as\nso:\n\n```sh\na\nb\n\nc\n```\nand\non', 'as so:\n\n```sh\na\nb\n\nc\n```\nand on'],
])('%j is %j where the terminal breaks the lines', (text, joined) => expect(joinLines(text)).toBe(joined))

test('the topics are the first heading of each file', () => {
  const section = (file: string, level: number, heading: string) => ({ file, level, heading, text: 'x' })
  expect(
    topicsOf([
      section('a.md', 2, 'One'),
      section('a.md', 2, 'Two'),
      section('b.md', 3, 'Small'),
      section('b.md', 2, 'Three'),
    ]),
  ).toEqual(['One', 'Three'])
})
