import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeStatus } from '../../src/status/status-files.ts'
import { openWorkerLink, workerLinkPath } from '../../src/status/worker-link.ts'
import { endProcess, entry, type Lab, openLab, processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'
import {
  controllerOf,
  controllersIn,
  processState,
  startProgram,
  startTimeOf,
  workersHeld,
  workersIn,
} from './program.ts'
import { waiting } from './states.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

/** `Q_LONG=1 npx vitest run tests/controller/alive.test.ts` kills it 200 times, and on a quiet machine holds it to 2 s. */
const { rounds, patience } = process.env.Q_LONG
  ? { rounds: 200, patience: 2000 }
  : { rounds: 4, patience: 60_000 }

/** The process of the control client. */
const controlClient = (): string | undefined =>
  /^1 (\d+)$/m.exec(lab.tmux('list-clients', '-F', '#{client_control_mode} #{client_pid}'))?.[1]

const controllers = (): number[] => controllersIn(processesOf(lab.home))

/** Controllers, and the workers that would see to new ones by themselves. */
async function killAll(): Promise<void> {
  await until(() => {
    const left = processesOf(lab.home)
    const ours = [...controllersIn(left), ...workersIn(left)]
    for (const pid of ours) endProcess(pid)
    return ours.length === 0
  })
}

test(`a controller that is killed ${rounds} times is back each time, alone, and the corner is right`, {
  timeout: rounds * 5000 + 180_000,
}, async () => {
  await lab.q(['mux', '--detach'])
  const program = startProgram(lab, 1)
  const times: number[] = []
  await until(() => lab.corner() === '[s1]')
  for (let round = 0; round < rounds; round += 1) {
    await until(() => workersHeld(lab) === 1)
    const { pid } = controllerOf(lab)
    const killed = performance.now()
    process.kill(pid, 'SIGKILL')
    program.says(round % 2 === 0 ? { state: 'processing', waitingFor: null } : {})
    await until(() => controllerOf(lab).pid !== pid && processState(controllerOf(lab).pid), { patience })
    times.push(performance.now() - killed)
    await until(() => lab.corner() === (round % 2 === 0 ? '' : '[s1]'))
    await until(() => controllers().length === 1)
  }
  expect(controllers()).toEqual([controllerOf(lab).pid])
  const sorted = times.toSorted((a, b) => a - b).map(Math.round)
  if (process.env.Q_LONG)
    console.log(`back after ${sorted[sorted.length >> 1]} ms in the median, ${sorted.at(-1)} ms at most`)
})

test('a second controller ends at once and leaves the first one its place', async () => {
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  const { pid } = controllerOf(lab)
  const words = ['mux', 'controller', '--runtime', lab.runtimeDir, '--workspace', 'q', '--socket', lab.socket]
  const more = await Promise.all([1, 2, 3].map(() => lab.q(words)))
  expect(more.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    more.map(() => ({ code: 0, stderr: '' })),
  )
  expect(controllerOf(lab).pid).toBe(pid)
  expect(controllers()).toEqual([pid])
})

test('six q mux at once make one tmux session, one window a session and one controller', async () => {
  const started = await Promise.all(Array.from({ length: 6 }, () => lab.q(['mux', '--detach'])))
  expect(started.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0])
  expect(lab.tmux('list-sessions', '-F', '#{session_name}')).toBe('q')
  expect(lab.tmux('list-windows', '-a', '-F', '#{window_name}').split('\n')).toEqual(['dev-1'])
  await until(() => workersHeld(lab) === 1)
  await until(() => controllers().length === 1)
  expect((await lab.list()).sessions).toHaveLength(1)
})

test('a recorded controller whose pid is somebody else today keeps nobody from starting a new one', async () => {
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  const first = controllerOf(lab)
  await killAll()
  writeFileSync(`${lab.runtimeDir}/controller.json`, JSON.stringify({ ...first, pid: process.pid }))
  expect((await lab.list()).controller?.pid).not.toBe(process.pid)
  await lab.q(['mux', '--detach'])
  await until(() => controllerOf(lab).pid !== process.pid)
  expect(await lab.list()).toMatchObject({ controller: { pid: controllers()[0] } })
})

describe('a controller that nobody brings back', () => {
  /** The controller is dead, and so is the only worker, which would see to a new one by itself. */
  async function withoutController(): Promise<number> {
    await lab.q(['mux', '--detach'])
    await until(() => workersHeld(lab) === 1)
    const { pid } = controllerOf(lab)
    await killAll()
    return pid
  }

  test.each([
    ['list', ['mux', 'list'], false],
    ['status', ['mux', 'status', '--json'], false],
    ['send', ['mux', 'send', 'dev-1', 'hello'], false],
    ['search', ['mux', 'search', 'hello'], false],
    ['rename', ['mux', 'rename', 'dev-1', 'other'], false],
    ['next', ['mux', 'next'], false],
    ['close of none', ['mux', 'close', 'nobody', '--yes'], false],
    ['a key of the workspace', ['mux', 'list'], true],
  ])('is there after any command that sees the workspace: %s', async (_, words, fromKey) => {
    const pid = await withoutController()
    await lab.q(words, { env: fromKey ? { Q_RUNTIME: lab.runtimeDir } : {} })
    await until(() => controllers().length === 1)
    await until(() => controllerOf(lab).pid !== pid)
    startProgram(lab, 1)
    await until(() => lab.corner() === '[s1]')
  })

  test('is told by doctor, which starts none', async () => {
    await withoutController()
    expect((await lab.q(['mux', 'doctor'])).stdout).toMatch(/controller +does not run.*\n.*q mux --detach/)
    expect(controllers()).toEqual([])
  })
})

test('a frozen controller is told by doctor, keeps no command from its work, and goes on where it was', async () => {
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  const { pid } = controllerOf(lab)
  process.kill(pid, 'SIGSTOP')
  expect(await lab.list()).toMatchObject({
    running: true,
    controller: { pid },
    sessions: [{ name: 'dev-1' }],
  })
  const { stdout } = await lab.q(['mux', 'doctor'])
  expect(stdout).toMatch(new RegExp(`controller +process ${pid} is frozen`))
  expect(stdout).toContain(`kill -CONT ${pid}`)
  await until(() => controllers().join() === String(pid))
  startProgram(lab, 1)
  process.kill(pid, 'SIGCONT')
  await until(() => lab.corner() === '[s1]')
})

test('a control client that somebody detached is back, and the corner goes on', async () => {
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  for (const words of [
    ['-s', '=q'],
    ['-a', '-s', '=q'],
  ]) {
    const before = await until(() => controlClient())
    lab.tmux('detach-client', ...words)
    if (words[0] === '-s') await until(() => ![undefined, before].includes(controlClient()))
  }
  startProgram(lab, 1)
  await until(() => lab.corner() === '[s1]')
  expect(controllers()).toHaveLength(1)
})

test('when somebody attaches and throws all others out, the controller is back', async () => {
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  const terminal = lab.terminal()
  await until(() => terminal.screen().includes('[dev-1] q>'))
  const before = await until(() => controlClient())
  const mine = lab.tmux('list-clients', '-F', '#{client_control_mode} #{client_name}')
  lab.tmux('detach-client', '-a', '-t', /^0 (.*)$/m.exec(mine)?.[1] ?? '')
  await until(() => ![undefined, before].includes(controlClient()))
  startProgram(lab, 1)
  await until(() => terminal.screen().includes('[s1]'))
})

test.each([
  ['its tmux session was killed', () => lab.tmux('kill-session', '-t', '=q')],
  ['the tmux server was killed', () => lab.tmux('kill-server')],
  ['q mux stop', () => lab.q(['mux', 'stop'])],
])('after %s, the controller is gone and no process is left', async (_, end) => {
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
  const { pid } = controllerOf(lab)
  await end()
  await until(() => processState(pid) === undefined)
  await until(() => processesOf(lab.home).length === 0)
  expect(() => readFileSync(`${lab.runtimeDir}/controller.json`)).toThrow('ENOENT')
})

test('a controller without a workspace ends', async () => {
  const child = lab.start(process.execPath, [entry, 'mux', 'controller'])
  await until(() => child.exitCode !== null)
  expect(child.exitCode).toBe(0)
})

test('a controller without a workspace holds no worker: letting go would call for the next one', async () => {
  const status = waiting(1, { pid: process.pid, startTime: startTimeOf(process.pid) })
  writeStatus(lab.statusDir, status)
  const workersDir = join(lab.runtimeDir, 'w')
  mkdirSync(workersDir, { mode: 0o700 })
  let dropped = 0
  const line = await openWorkerLink(workerLinkPath(workersDir, status.session), {
    mayEnd() {},
    woken() {},
    dropped: () => {
      dropped += 1
    },
  })
  try {
    for (let round = 0; round < 3; round += 1)
      expect(await lab.q(['mux', 'controller'])).toMatchObject({ code: 0 })
    expect([line.held(), dropped]).toEqual([false, 0])
  } finally {
    line.close()
  }
})
