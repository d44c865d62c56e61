import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testFiles } from '../repeat/timed.ts'
import { root } from '../repeat/vitest.ts'
import { endChildren, startChild } from '../support/child.ts'
import { startsTmux, tmuxAt } from '../tmux-versions/programs.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'q-programs-'))
})
afterEach(async () => {
  await endChildren()
  rmSync(directory, { recursive: true, force: true })
})

const program = new URL('../tmux-versions/run.ts', import.meta.url)

/** A program in a directory of its own, which says that it is tmux 9.9 and then does what is given. */
function fakeTmux(name: string, then: string): string {
  const path = join(directory, name, 'tmux')
  mkdirSync(join(directory, name))
  writeFileSync(path, `#!/bin/sh\nif [ "$1" = -V ]; then echo tmux 9.9; exit; fi\n${then}\n`)
  chmodSync(path, 0o755)
  return path
}

const path = process.env.PATH ?? ''

test('the tests that start tmux are those that use the lab, themselves or by a helper', () => {
  const files = testFiles(root).filter((file) => startsTmux(root, file))
  for (const file of ['tmux/jumps', 'worker/turn', 'plugin/plugin', 'workspace/restore'])
    expect(files).toContain(`tests/${file}.test.ts`)
  for (const file of ['domain/name', 'render/renderer', 'tmux/printed'])
    expect(files).not.toContain(`tests/${file}.test.ts`)
})

test('a program or the directory that holds it is a tmux, when it says its version', () => {
  const tmux = fakeTmux('one', 'exit 1')
  expect(tmuxAt(tmux)).toEqual({ path: tmux, version: '9.9' })
  expect(tmuxAt(join(directory, 'one'))).toEqual({ path: tmux, version: '9.9' })
  expect(() => tmuxAt(directory)).toThrow(`${join(directory, 'tmux')} is no tmux`)
  expect(() => tmuxAt('/bin/sh')).toThrow('/bin/sh is no tmux')
})

test('each program gets a line with what passed and failed, failures are named, and it ends with 1 then', async () => {
  const works = fakeTmux('works', `PATH='${path}' exec tmux "$@"`)
  const broken = fakeTmux('broken', 'echo this one is broken >&2; exit 1')
  const child = startChild(program, [works, broken, '--only', 'tmux/bindings'])
  expect(await child.ended, child.errors()).toBe(1)
  const [first, second] = child.lines.filter((line) => /^9\.9 +\d+ +\d+$/.test(line))
  expect(first).toMatch(/^9\.9 +[1-9]\d* +0$/)
  expect(second).toMatch(/^9\.9 +\d+ +[1-9]\d*$/)
  const failed = child.lines.filter((line) => line.startsWith('FAILED with 9.9: tests/tmux/bindings.test.ts'))
  expect(failed.length).toBeGreaterThan(0)
  expect(child.lines.join('\n')).toContain('this one is broken')
})

test.each([
  [[], 'name a tmux program'],
  [['/bin/sh'], '/bin/sh is no tmux'],
  [['/bin/sh', '--only', 'no-such-file'], 'no test file that starts tmux is called no-such-file'],
  [['--sometimes'], "Unknown option '--sometimes'"],
])('%j says how it is used and ends with 2', async (words, said) => {
  const child = startChild(program, words)
  expect(await child.ended).toBe(2)
  expect(child.errors()).toContain(said)
  expect(child.errors()).toContain('usage: npm run test:tmux -- PATH… [--only PART]…')
})
