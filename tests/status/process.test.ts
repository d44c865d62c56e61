import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProcessId } from '../../src/domain/session.ts'
import { procTable } from '../../src/status/proc-table.ts'
import type { ProcessTable } from '../../src/status/process-identity.ts'
import { psTable } from '../../src/status/ps-table.ts'
import { startProgram } from '../support/child.ts'
import { until } from '../support/until.ts'
import { openPlace, type Place } from './harness.ts'

let place: Place
beforeEach(() => {
  place = openPlace()
})
afterEach(() => place.dispose())

const linux = process.platform === 'linux'
const kinds: [string, () => ProcessTable][] = [
  ...(linux ? [['/proc', procTable] as [string, () => ProcessTable]] : []),
  ['ps', () => psTable('/bin:/usr/bin')],
]

/** The kernel's letter for a process, from the end of the line, where no name stands. */
function stateOf(pid: number): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '')[0]
}

describe.each(kinds)('by %s', (_, make) => {
  let table: ProcessTable
  beforeEach(() => {
    table = make()
  })

  async function another() {
    const child = place.start('wait')
    await until(() => child.lines[0])
    return { child, identity: table.processOf(child.pid) }
  }

  test('this process is alive, and says of itself the same each time', () => {
    expect(table.thisProcess()).toEqual({ pid: process.pid, startTime: expect.stringMatching(/^\S.*\S$/) })
    expect(make().thisProcess()).toEqual(table.thisProcess())
    expect(table.processOf(process.pid)).toEqual(table.thisProcess())
    expect(table.livenessOf(table.thisProcess())).toBe('alive')
  })

  test('another process is alive, frozen by SIGSTOP, alive again, and gone when it is killed', async () => {
    const { child, identity } = await another()
    expect(table.livenessOf(identity)).toBe('alive')
    child.process.kill('SIGSTOP')
    await until(() => table.livenessOf(identity) === 'frozen')
    child.process.kill('SIGCONT')
    await until(() => table.livenessOf(identity) === 'alive')
    await child.kill('SIGKILL')
    expect(table.livenessOf(identity)).toBe('gone')
    expect(table.processOf(child.pid)).toEqual({ pid: child.pid, startTime: 'unknown' })
  })

  test('a frozen process that is killed is gone', async () => {
    const { child, identity } = await another()
    child.process.kill('SIGSTOP')
    await until(() => table.livenessOf(identity) === 'frozen')
    await child.kill('SIGKILL')
    expect(table.livenessOf(identity)).toBe('gone')
  })

  test('a process with the same pid that started at another time is not the one that was recorded', async () => {
    const { identity } = await another()
    for (const startTime of ['', '0', 'unknown', `${identity.startTime}0`, ` ${identity.startTime}`])
      expect(table.livenessOf({ pid: identity.pid, startTime }), startTime).toBe('gone')
  })

  const nobody = [0, -1, 1.5, Number.NaN, 2 ** 22 + 1, 2 ** 60]

  test.each(nobody)('the pid %d is nobody', (pid) => {
    expect(table.livenessOf({ pid, startTime: '1' })).toBe('gone')
    expect(table.livenessOf({ pid, startTime: 'unknown' })).toBe('gone')
  })

  test('many are looked up at once, and pids that cannot be do not hide the others', async () => {
    const { child, identity } = await another()
    const me = table.thisProcess()
    const others = nobody.map((pid): ProcessId => ({ pid, startTime: identity.startTime }))
    child.process.kill('SIGSTOP')
    await until(() => table.livenessOf(identity) === 'frozen')
    const livenessOf = table.livenessAmong([...others, me, identity, me])
    expect(livenessOf(me)).toBe('alive')
    expect(livenessOf(identity)).toBe('frozen')
    expect(others.map(livenessOf)).toEqual(others.map(() => 'gone'))
    expect(table.livenessAmong([])(me)).toBe('gone')
  })

  test.runIf(linux)('a zombie is gone', async () => {
    const { identity } = await another()
    // It ends when its parent is no shell any more, which would take note of its end.
    const child = 'until grep -q sleep /proc/$PPID/comm; do :; done'
    const script = `sh -c '${child}' & echo $!; exec sleep 1000`
    const parent = startProgram('/bin/sh', ['-c', script])
    const pid = Number(await until(() => parent.lines[0]))
    await until(() => stateOf(pid) === 'Z')
    const zombie = table.processOf(pid)
    expect(zombie.startTime).not.toBe('unknown')
    expect(table.livenessOf(zombie)).toBe('gone')
    expect(table.livenessAmong([zombie, identity])(zombie)).toBe('gone')
    expect(table.livenessOf(identity)).toBe('alive')
  })

  test.runIf(linux)('a program whose name looks like the end of its line is read rightly', async () => {
    const name = join(place.directory, 'a) Z 1 (b')
    symlinkSync('/bin/sleep', name)
    const parent = startProgram('/bin/sh', ['-c', `echo $$; exec '${name}' 1000`])
    const pid = Number(await until(() => parent.lines[0]))
    await until(() => readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('a) Z'))
    const found = table.processOf(pid)
    expect(found.startTime).not.toBe('unknown')
    expect(table.livenessOf(found)).toBe('alive')
  })
})

describe('what ps says', () => {
  const environment = { ...process.env }
  afterEach(() => {
    process.env = { ...environment }
  })

  test('is the same in every time zone and language, whatever ps is told by its own variables', async () => {
    const child = place.start('wait')
    await until(() => child.lines[0])
    const said = psTable('/bin:/usr/bin').processOf(child.pid)
    expect(said.startTime).toMatch(/^\w{3} \w{3} \d{1,2} \d\d:\d\d:\d\d \d{4}$/)
    for (const variables of [
      { TZ: 'Pacific/Kiritimati' },
      { TZ: 'XYZ+11:45' },
      { LC_ALL: 'C.UTF-8', LANG: 'de_DE.UTF-8', LC_TIME: 'ja_JP.UTF-8' },
      { PS_FORMAT: 'comm', PS_PERSONALITY: 'hpux', COLUMNS: '10', COMMAND_MODE: 'legacy' },
    ]) {
      Object.assign(process.env, variables)
      expect(psTable('/bin:/usr/bin').processOf(child.pid)).toEqual(said)
      expect(psTable('/bin:/usr/bin').livenessAmong([said, said])(said)).toBe('alive')
    }
  })

  test('is asked for with a flag for each column, as BSD wants it, and once for many processes', () => {
    const directory = join(place.directory, 'bin')
    mkdirSync(directory)
    const log = join(directory, 'log')
    writeFileSync(
      join(directory, 'ps'),
      `#!/bin/sh\necho "$*" >>'${log}'\necho '  7     1 Ss+  Thu Nov  6 01:38:51 2026    '\necho ' 70     7 T    Thu Nov 26 01:38:51 2026    '\n`,
    )
    chmodSync(join(directory, 'ps'), 0o700)
    const table = psTable(directory)
    const seven = table.processOf(7)
    expect(seven.startTime).toBe('Thu Nov 6 01:38:51 2026')
    const [frozen, reused] = ['Thu Nov 26 01:38:51 2026', 'Thu Nov 26 01:38:52 2026'].map((startTime) => ({
      pid: 70,
      startTime,
    })) as [ProcessId, ProcessId]
    expect([seven, frozen, reused].map(table.livenessAmong([seven, frozen, reused]))).toEqual([
      'alive',
      'frozen',
      'gone',
    ])
    expect(readFileSync(log, 'utf8')).toBe(
      '-o pid= -o ppid= -o stat= -o lstart= -p 7\n-o pid= -o ppid= -o stat= -o lstart= -A\n',
    )
    expect(table.parentOf(70)).toBe(7)
  })

  test('cannot be known where there is no ps, and that is said in words', () => {
    const lost = psTable(place.directory)
    expect(() => lost.livenessOf({ pid: 1, startTime: 'x' })).toThrow('there is no ps')
  })
})
