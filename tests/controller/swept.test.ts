import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab, processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { controllerOf, controllersIn, logOf, processState, startProgram, workersHeld } from './program.ts'

let lab: Lab
let runtime: string
beforeEach(async () => {
  lab = openLab()
  runtime = join(lab.home, 'run')
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'new', 'one', '--background', '--prompt', 'hello'])
  await lab.q(['mux', 'new', 'two', '--background'])
  await until(() => lab.corner() === '[one]')
  await until(() => workersHeld(lab) === 3)
})
afterEach(() => lab.dispose())

/** The user's runtime directory goes, as with their last login, and nobody but the system can make another one there. */
function sweep(): void {
  renameSync(runtime, join(lab.home, 'gone'))
  symlinkSync(join(lab.home, 'nowhere'), runtime)
  rmSync(join(lab.home, 'gone'), { recursive: true, maxRetries: 20, retryDelay: 5 })
}

function comeBack(): void {
  rmSync(runtime)
  mkdirSync(runtime, { mode: 0o700 })
}

const filesIn = (directory: string): string[] =>
  existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => !name.startsWith('.'))
        .sort()
    : []
const textOf = (name: string): string => readFileSync(join(lab.runtimeDir, name), 'utf8').trim()
const keysFile = (): string | undefined =>
  filesIn(join(runtime, 'q-mux')).find((name) => /^keys-\d+\.json$/.test(name))

test('a runtime directory that cannot be made is waited for, and then all that stood in it is there again', async () => {
  const { pid } = controllerOf(lab)
  const before = {
    status: filesIn(lab.statusDir),
    lines: filesIn(join(lab.runtimeDir, 'w')),
    texts: ['environment.json', 'tmux.json'].map(textOf),
    keys: keysFile(),
  }
  expect([before.status.length, before.lines.length]).toEqual([3, 3])
  expect(before.keys).toBeDefined()
  sweep()
  await until(() => logOf(lab).includes('cannot be made'))
  // What happens meanwhile is not lost.
  lab.type('=q:two', 'hello')
  await until(() => lab.screen('=q:two').includes('the workspace does not see'))
  expect(processState(pid)).toBeDefined()
  comeBack()
  await until(() => lab.corner() === '[one] [two]')
  await until(() => filesIn(join(lab.runtimeDir, 'w')).length === 3)
  expect(controllerOf(lab).pid).toBe(pid)
  expect({
    status: filesIn(lab.statusDir),
    lines: filesIn(join(lab.runtimeDir, 'w')),
    texts: ['environment.json', 'tmux.json'].map(textOf),
    keys: keysFile(),
  }).toEqual(before)
  expect(existsSync(join(lab.runtimeDir, 'controller.lock'))).toBe(true)
  await lab.q(['mux', 'send', 'dev-1', 'hello'])
  await until(() => lab.corner() === '[one] [two] [dev-1]')
  await until(() => controllersIn(processesOf(lab.home)).length === 1)
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
})

test('it may go again and again, and an environment that a later q mux brought is the one that comes back', async () => {
  await lab.q(['mux', '--detach'], { env: { AWS_PROFILE: 'later' } })
  await until(() => textOf('environment.json').includes('later'))
  for (let times = 0; times < 2; times += 1) {
    sweep()
    comeBack()
    await until(() => filesIn(join(lab.runtimeDir, 'w')).length === 3)
    await until(() => filesIn(lab.statusDir).length === 3)
    await until(() => textOf('environment.json').includes('later'))
    await until(() => controllersIn(processesOf(lab.home)).length === 1)
    // From then on a change is seen again.
    const program = startProgram(lab, 1)
    await until(() => lab.corner() === '[s1] [one]')
    program.kill()
    await until(() => lab.corner() === '[one]')
  }
})

test('a controller that is killed while it is missing is back when it is', async () => {
  const { pid } = controllerOf(lab)
  sweep()
  await until(() => logOf(lab).includes('cannot be made'))
  process.kill(pid, 'SIGKILL')
  await until(() => processState(pid) === undefined)
  comeBack()
  await until(() => existsSync(join(lab.runtimeDir, 'controller.json')) && controllerOf(lab).pid !== pid)
  await lab.q(['mux', 'send', 'two', 'hello'])
  await until(() => lab.corner() === '[one] [two]')
  await until(() => workersHeld(lab) === 3)
  await until(() => controllersIn(processesOf(lab.home)).length === 1)
})
