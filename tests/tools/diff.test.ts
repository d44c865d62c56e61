import { expect, test } from 'vitest'
import { diffLines } from '../../src/tools/files/diff.ts'
import { shownDiff } from '../../src/tools/files/diff-shown.ts'

const random = (seed: number) => () => {
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed / 2147483648
}

test('the steps lead from the old lines to the new ones, by a shortest way', () => {
  const next = random(1)
  for (let round = 0; round < 3000; round++) {
    const lines = () =>
      Array.from({ length: Math.floor(next() * 9) }, () => 'abc'[Math.floor(next() * 3)] ?? '')
    const [before, after] = [lines(), lines()]
    const edits = diffLines(before, after)
    const side = (left: string) => edits.filter(({ kind }) => kind !== left).map(({ line }) => line)
    expect(side('add')).toEqual(before)
    expect(side('remove')).toEqual(after)
    expect(edits.filter(({ kind }) => kind === 'same').length).toBe(common(before, after))
  }
})

test('two long texts with nothing in common are replaced whole, soon', () => {
  const text = (letter: string) => Array.from({ length: 20_000 }, (_, index) => `${letter}${index}`)
  expect(diffLines(text('a'), text('b'))).toHaveLength(40_000)
})

test('a missing newline at the end, a carriage return and a new file are seen', () => {
  const texts = (before: string | undefined, after: string) =>
    shownDiff(before, after).map(({ text }) => text)
  expect(texts('a', 'a\n')).toEqual(['@@ -1 +1 @@', '-a  \\u{no newline at the end}', '+a'])
  expect(texts('a\r\n', 'a\n')).toEqual(['@@ -1 +1 @@', '-a\\u{d}', '+a'])
  expect(texts(undefined, 'a\n\tb\n')).toEqual(['@@ -1 +1 @@', '+a', '+\tb'])
  const many = Array.from({ length: 30 }, (_, index) => `${index}\n`)
  const changed = many.with(2, 'x\n').with(25, 'y\n')
  expect(texts(many.join(''), changed.join('')).filter((text) => text.startsWith('@@'))).toEqual([
    '@@ -1 +1 @@',
    '@@ -23 +23 @@',
  ])
})

function common(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0)
  for (const left of a) {
    const next = [0]
    for (const [index, right] of b.entries())
      next.push(left === right ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0))
    row = next
  }
  return row.at(-1) ?? 0
}
