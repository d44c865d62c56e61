import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { again } from '../repeat/again.ts'
import { type Failure, runVitest } from '../repeat/vitest.ts'

let project: string
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'q-again-'))
  writeFileSync(join(project, 'vitest.config.mjs'), 'export default { test: { globals: true } }')
})
afterEach(() => rmSync(project, { recursive: true }))

/** Tests that pass only once this file is there, and make it. */
const once = (mark: string) =>
  `const was = fs.existsSync(${JSON.stringify(mark)}); fs.writeFileSync(${JSON.stringify(mark)}, '')`
const write = (file: string, ...lines: string[]) =>
  writeFileSync(join(project, file), ["import fs from 'node:fs'", ...lines].join('\n'))
const names = (failures: readonly Failure[]) => failures.map(({ file, test }) => `${file} > ${test}`)

test('what passes the second time is named and counts as passed; what fails again is a failure', async () => {
  write('fine.test.js', "test('fine', () => {})")
  write(
    'flaky.test.js',
    once(join(project, 'flaky')),
    "describe('group', () => { test('now and then', () => expect(was).toBe(true)); test('always', () => {}) })",
  )
  write('broken.test.js', "test('never', () => expect(1).toBe(2))", "test('well', () => {})")
  write(
    'unloaded.test.js',
    once(join(project, 'unloaded')),
    "if (!was) throw new Error('no')",
    "test('a', () => {})",
  )

  const first = await runVitest([], project)
  expect(first.passed).toBe(3)
  expect(names(first.failures).sort()).toEqual([
    'broken.test.js > never',
    'flaky.test.js > group now and then',
    'unloaded.test.js > ',
  ])
  expect(first.failures.find(({ file }) => file === 'broken.test.js')?.why).toContain('expected 1 to be 2')

  const lines: string[] = []
  const second = await again(first, project, (line) => lines.push(line))
  expect(lines.sort()).toEqual(['FLAKED flaky.test.js > group now and then', 'FLAKED unloaded.test.js'])
  expect(second.passed).toBe(5)
  expect(names(second.failures)).toEqual(['broken.test.js > never'])
})

test('a run that failed as a whole is not made good by trying again', async () => {
  writeFileSync(
    join(project, 'vitest.config.mjs'),
    "export default { test: { globals: true, globalSetup: 'left.mjs' } }",
  )
  write('left.mjs', "export function teardown() { throw new Error('left behind') }")
  write('fine.test.js', "test('fine', () => {})")
  const first = await runVitest([], project)
  expect(first).toMatchObject({
    passed: 1,
    failures: [{ file: '', why: expect.stringContaining('left behind') }],
  })
  expect(await again(first, project, () => {})).toEqual(first)
})
