import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { psTable } from '../../src/status/ps-table.ts'
import { writeStatus } from '../../src/status/status-files.ts'
import { controllerOf, controllersIn, workersHeld } from '../controller/program.ts'
import { waiting } from '../controller/states.ts'
import { entry, type Lab, openLab, processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { hideProc, mayHideProc, type WithoutProc } from '../support/without-proc.ts'

const allowed = mayHideProc()

test.skipIf(allowed)('a machine without /proc is not tried here: unshare -m is not allowed', () => {})

describe.runIf(allowed)('on a machine without /proc, where ps tells of processes', () => {
  let lab: Lab
  let at: WithoutProc
  beforeEach(async () => {
    lab = openLab()
    at = await hideProc(lab)
    expect(await at.q(['mux', '--detach'])).toMatchObject({ code: 0 })
    await until(() => workersHeld(lab) === 1)
  })
  afterEach(() => lab.dispose())

  const list = async () => JSON.parse((await at.q(['mux', 'list', '--json'])).stdout)

  test('workers and controller are known by their start, and a killed worker is told', async () => {
    const { startTime } = controllerOf(lab)
    expect(startTime).toMatch(/^\w{3} \w{3} \d{1,2} \d\d:\d\d:\d\d \d{4}$/)
    const before = await list()
    expect(before).toMatchObject({
      controller: { pid: controllerOf(lab).pid },
      sessions: [{ name: 'dev-1', pid: expect.any(Number) }],
    })
    const { pid } = controllerOf(lab)
    process.kill(pid, 'SIGSTOP')
    await until(async () => (await at.q(['mux', 'doctor'])).stdout.includes(`process ${pid} is frozen`))
    process.kill(before.sessions[0].pid, 'SIGKILL')
    await until(async () => (await list()).sessions[0].status === 'Paused')
    process.kill(pid, 'SIGCONT')
  })

  test('the controller comes back, alone, and the corner is right', async () => {
    const { pid } = controllerOf(lab)
    process.kill(pid, 'SIGKILL')
    await until(() => controllerOf(lab).pid !== pid)
    const { pid: other = 0 } = lab.start('sleep', ['1000'])
    writeStatus(lab.statusDir, waiting(1, psTable('/bin:/usr/bin').processOf(other)))
    await until(() => lab.corner() === '[s1]')
    expect(controllersIn(processesOf(lab.home))).toEqual([controllerOf(lab).pid])
  })

  test('stop leaves no process', async () => {
    expect(await at.q(['mux', 'stop'])).toMatchObject({ code: 0 })
    await until(() => controllersIn(processesOf(lab.home)).length === 0)
    expect(await at.q(['mux', 'list'])).toMatchObject({ code: 0 })
  })

  test('prefix Ctrl-z gives the shell its terminal back, and ps is not asked again and again', async () => {
    const terminal = lab.terminal(['--version'])
    terminal.tmux('set-option', '-g', 'default-terminal', 'tmux-256color')
    terminal.tmux('respawn-pane', '-k', ...at.inside, 'env', 'PS1=ready> ', 'ENV=', 'sh', '-i')
    await until(() => terminal.screen().includes('ready>'))
    terminal.type(`${process.execPath} ${entry} mux`)
    await until(() => terminal.screen().includes('[dev-1] q>'))
    terminal.keys('C-b', 'C-z')
    await until(() => {
      terminal.type('echo in-the-$((1+1))-shell')
      return terminal.screen().includes('in-the-2-shell')
    })
    terminal.type('clear; fg')
    await until(() => terminal.screen().includes('[dev-1] q>'))
    // Whatever is heard of a child's end has been heard when a command of another process is through.
    const before = at.asked().length
    for (let more = 0; more < 3; more += 1) expect((await list()).running).toBe(true)
    const each = at.asked().length - before
    expect(each).toBeLessThan(3 * 6)
    terminal.keys('C-b', 'd')
    await until(() => terminal.screen().includes('Come back: q mux'))
  })
})
