import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './markdown.ts'

const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
const [, way = ''] = /^## The way of a line\n([\s\S]*?)^## /m.exec(text) ?? []
const files = [...way.matchAll(/`([a-z-]+\/[a-z/-]+\.ts)`/g)]
  .map(([, file = '']) => file)
  .filter((file) => !file.startsWith('tests/'))

test('the way of a line has fewer than 40 files, each of them once, and all are there', () => {
  expect(files.length).toBeGreaterThan(30)
  expect(files.length).toBeLessThan(40)
  expect(new Set(files).size).toBe(files.length)
  expect(files.filter((file) => !existsSync(join(root, 'src', file)))).toEqual([])
})

test('each file of the way touches another one of it: one imports the other', () => {
  const alone = files.filter((file) => {
    const touching = [...importsOf(file), ...files.filter((other) => importsOf(other).includes(file))]
    return !touching.some((other) => other !== file && files.includes(other))
  })
  expect(alone).toEqual([])
})

function importsOf(file: string): string[] {
  const code = readFileSync(join(root, 'src', file), 'utf8')
  return [...code.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, module = '']) =>
    normalize(join(dirname(file), module)),
  )
}
