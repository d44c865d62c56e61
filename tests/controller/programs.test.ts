import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { controllerOf, logOf, processState, startProgram, workersHeld } from './program.ts'
import { idOf, waiting } from './states.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  await lab.q(['mux', '--detach'])
  await until(() => workersHeld(lab) === 1)
})
afterEach(() => lab.dispose())

test('any program that writes a status file is in the corner, and out of it when it goes on', async () => {
  const program = startProgram(lab, 1, { name: 'night-build', waitingFor: 'approval' })
  await until(() => lab.corner() === '[night-build!]')
  program.says({ state: 'processing', waitingFor: null })
  await until(() => lab.corner() === '')
})

test('the longest wait is first in the corner, whoever wrote it', async () => {
  startProgram(lab, 3)
  startProgram(lab, 1)
  startProgram(lab, 2)
  await until(() => lab.corner() === '[s1] [s2] [s3]')
})

test('a program in a window of the user is a place to jump to, and not in the corner while it is shown', async () => {
  const window = lab.tmux('new-window', '-d', '-P', '-F', '#{window_id}', '-t', '=q:', 'cat')
  startProgram(lab, 1, { window })
  await until(() => lab.corner() === '[s1]')
  const terminal = lab.terminal()
  await until(() => terminal.screen().includes('[s1]'))
  terminal.keys('C-b', 'a')
  await until(() => lab.tmux('display-message', '-p', '-t', '=q:', '#{window_id}') === window)
  await until(() => lab.corner() === '')
})

test('a program that died without a word leaves the corner as soon as anything else happens', async () => {
  const program = startProgram(lab, 1)
  startProgram(lab, 2)
  await until(() => lab.corner() === '[s1] [s2]')
  program.kill()
  await until(() => processState(program.pid) === undefined)
  lab.tmux('new-window', '-d', '-t', '=q:', 'cat')
  await until(() => lab.corner() === '[s2]')
})

test('a status file with a pid that is somebody else today is of a dead worker', async () => {
  startProgram(lab, 1, { pid: process.pid })
  startProgram(lab, 2)
  await until(() => lab.corner() === '[s2]')
})

/** What may lie where a status file should; each is named by its session. */
const broken: [string, (path: string, n: number) => void][] = [
  ['empty', (path) => writeFileSync(path, '')],
  ['cut', (path, n) => writeFileSync(path, JSON.stringify(waiting(n)).slice(0, 60))],
  ['garbage', (path) => writeFileSync(path, Buffer.from([0, 255, 254, 27, 93, 50, 7]))],
  [
    'of 1 GB',
    (path) => {
      writeFileSync(path, '{}')
      truncateSync(path, 2 ** 30)
    },
  ],
  ['a FIFO', (path) => execFileSync('mkfifo', [path])],
  ['a directory', (path) => mkdirSync(path)],
  ['a link', (path) => symlinkSync('/dev/zero', path)],
  ['of another version', (path, n) => writeFileSync(path, JSON.stringify({ ...waiting(n), v: 2 }))],
  ['of another session', (path) => writeFileSync(path, JSON.stringify(waiting(99)))],
  ['with a hostile name', (path, n) => writeFileSync(path, JSON.stringify(waiting(n, { name: '#(id)' })))],
]

/** Each is there at once, as it is: what is read half written is another broken file. */
function layBroken(): void {
  broken.forEach(([, make], n) => {
    const made = join(lab.home, `broken-${n}`)
    make(made, n)
    renameSync(made, join(lab.statusDir, `${idOf(n)}.json`))
  })
}

test('what is no status file is skipped and reported once, and the others go on', async () => {
  layBroken()
  startProgram(lab, 50)
  await until(() => lab.corner() === '[s50]')
  const reported = (n: number): number => logOf(lab).split(`${idOf(n)}.json is skipped`).length - 1
  await until(() => broken.every((_, n) => reported(n) === 1))

  writeFileSync(join(lab.statusDir, `${idOf(0)}.json`), '{')
  startProgram(lab, 51)
  await until(() => lab.corner() === '[s50] [s51]')
  expect(broken.map(([what], n) => `${what}: ${reported(n)}`)).toEqual(broken.map(([what]) => `${what}: 1`))
})

test('a file that was broken and is whole again counts', async () => {
  writeFileSync(join(lab.statusDir, `${idOf(1)}.json`), '{')
  await until(() => logOf(lab).includes('it is not JSON'))
  startProgram(lab, 1)
  await until(() => lab.corner() === '[s1]')
})

test('a controller that reads everything at its start meets the same broken files and reports each once', async () => {
  const first = controllerOf(lab).pid
  process.kill(first, 'SIGSTOP')
  layBroken()
  startProgram(lab, 50)
  process.kill(first, 'SIGKILL')
  await until(() => lab.corner() === '[s50]')
  const second = controllerOf(lab).pid
  const said = logOf(lab)
    .split('\n')
    .filter((line) => line.includes(` ${second}: `) && line.includes('is skipped'))
  expect(said).toHaveLength(broken.length)
})
