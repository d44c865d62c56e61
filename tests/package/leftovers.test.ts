import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { runVitest } from '../repeat/vitest.ts'
import { livenessOf, processOf } from '../support/processes.ts'
import { until } from '../support/until.ts'

function project(...lines: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'q-left-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const setup = fileURLToPath(new URL('../support/leftovers.ts', import.meta.url))
  const settings = { globals: true, globalSetup: setup }
  writeFileSync(join(directory, 'vitest.config.mjs'), `export default { test: ${JSON.stringify(settings)} }`)
  const head = ["import fs from 'node:fs'", "import { spawn } from 'node:child_process'"]
  writeFileSync(join(directory, 'a.test.js'), [...head, ...lines].join('\n'))
  return directory
}

/** A test's line that starts a process which outlives it, and says in a file which one. */
const leave = (file: string) =>
  `fs.writeFileSync(${JSON.stringify(file)}, String(spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).pid))`

test.runIf(process.platform === 'linux')(
  'a run that leaves a process and a file behind ends and removes them, names them and fails',
  async () => {
    const at = project(
      `test('a', () => { ${leave(join(tmpdir(), 'left-pid'))} })`,
      "test('b', () => fs.writeFileSync(process.env.TMPDIR + '/left.txt', ''))",
    )
    onTestFinished(() => rmSync(join(tmpdir(), 'left-pid'), { force: true }))
    const { passed, failures } = await runVitest([], at)
    expect(passed).toBe(2)
    expect(failures).toMatchObject([{ file: '', why: expect.stringMatching(/The tests left behind:/) }])
    expect(failures[0]?.why).toMatch(/process \d+: sleep 1000/)
    expect(failures[0]?.why).toContain('file left.txt')
    const pid = Number(readFileSync(join(tmpdir(), 'left-pid'), 'utf8'))
    await until(() => livenessOf(processOf(pid)) === 'gone')
  },
)

test.runIf(process.platform === 'linux')('a run that is interrupted leaves no process', async () => {
  const file = join(tmpdir(), 'left-pid-2')
  onTestFinished(() => rmSync(file, { force: true }))
  const at = project(`test('a', async () => { ${leave(file)}; await new Promise(() => {}) }, 1e6)`)
  const stopper = new AbortController()
  const run = runVitest([], at, stopper.signal)
  const pid = await until(() => Number(readFileSync(file, 'utf8')))
  const left = processOf(pid)
  expect(livenessOf(left)).toBe('alive')
  stopper.abort()
  await run
  await until(() => livenessOf(left) === 'gone', { what: 'the end of the process' })
})
