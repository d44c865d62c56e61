import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, openShell, q } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
})
afterEach(() => lab.dispose())

const file = (name: string) => join(lab.home, name)
const copies = () => join(lab.home, '.local/state/q-mux/writes')

/** What a process leaves that was killed while it wrote a file. */
function leaveHalfWritten(name: string): void {
  const copy = join(copies(), '4194305_1.abcdef')
  mkdirSync(copy, { recursive: true, mode: 0o700 })
  writeFileSync(join(copy, 'before'), 'the old text\n')
  writeFileSync(join(copy, 'after'), 'THE NEW TEXT\n')
  writeFileSync(join(copy, 'about.json'), JSON.stringify({ path: file(name) }))
  writeFileSync(file(name), 'THE Nld text\n')
}

/** What is on the screen, however the length of a path wraps it. */
const flat = (terminal: { screen(): string }): string => terminal.screen().replaceAll(/\s/g, '')

test('the next session that starts puts back what a killed one left half written, and says so', async () => {
  leaveHalfWritten('notes.txt')
  const terminal = openShell(lab, `cd ${lab.home}; ${q} chat --name talk`)
  await until(() => flat(terminal).includes('notes.txtwascutoff:itholdsagainwhatitheldbefore'))
  expect(readFileSync(file('notes.txt'), 'utf8')).toBe('the old text\n')
  expect(readdirSync(copies())).toEqual([])
})

test('so does the next write of a session that is open, and the copies of a write are gone with it', async () => {
  const terminal = openShell(lab, `cd ${lab.home}; ${q} chat --name talk`)
  await until(() => terminal.screen().includes('[talk] q>'))
  leaveHalfWritten('notes.txt')
  writeFileSync(file('other.txt'), 'one\n')
  const input = { command: 'append', path: 'other.txt', new_str: 'two\n' }
  terminal.type(`tool fs_write ${JSON.stringify(input)}`)
  await until(() => terminal.screen().includes('[y/n/t]:'))
  terminal.type('y')
  await until(() => flat(terminal).includes('notes.txtwascutoff:itholdsagain'))
  await until(() => readFileSync(file('other.txt'), 'utf8') === 'one\ntwo\n')
  expect(readFileSync(file('notes.txt'), 'utf8')).toBe('the old text\n')
  await until(() => readdirSync(copies()).length === 0)
})
