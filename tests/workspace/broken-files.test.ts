import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { breakages } from '../support/broken-files.ts'
import { type Lab, openLab, processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab

beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

const kinds = ['empty', 'wrong types', 'a FIFO', 'a directory', 'a link']

test('with every file of ours broken, list, doctor and q mux go on, name each once, and stop works', async () => {
  await lab.q(['mux', '--detach'])
  await until(() => lab.corner() !== undefined && existsSync(join(lab.runtimeDir, 'controller.json')))
  for (const kind of kinds) {
    await until(() => ownFiles().length === 4)
    const files = ownFiles()
    for (const file of files) breakages[kind]?.(file)
    const listed = await lab.q(['mux', 'list'])
    expect(listed, kind).toMatchObject({ code: 0 })
    const doctor = await lab.q(['mux', 'doctor'])
    const again = await lab.q(['mux', '--detach'])
    expect(again, `${kind}: ${again.stderr}`).toMatchObject({ code: 0 })
    const said = listed.stderr + doctor.stderr + again.stderr
    for (const file of files)
      expect(occurrences(said, `${file} is broken`), `${kind} ${file}`).toBeLessThan(2)
    // Whoever comes first sets it aside, perhaps the controller, which says so in its log.
    expect(readdirSync(lab.runtimeDir).some((name) => name.includes('.broken-'))).toBe(true)
    // tmux.json is looked at only where the workspace is not found.
    await until(
      () =>
        ownFiles().length === 4 && ownFiles().every((file) => file.endsWith('/tmux.json') || isWhole(file)),
    )
    await until(async () => (await lab.q(['mux', 'list'])).stderr === '')
    rmBroken()
  }
  for (const file of ownFiles()) breakages.garbage?.(file)
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0, stdout: '' })
  expect(() => lab.tmux('has-session', '-t', '=q')).toThrow()
})

test('where the workspace does not run, a broken tmux.json is named once, and nothing stops', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'stop'])
  // The file is asked where no server answers; the controller that ends asks it, too.
  await until(() => processesOf(lab.home).length === 0)
  for (const kind of kinds) {
    breakages[kind]?.(join(lab.runtimeDir, 'tmux.json'))
    const listed = await lab.q(['mux', 'list'])
    expect(listed, kind).toMatchObject({ code: 0 })
    expect(listed.stderr, kind).toContain('/tmux.json is broken')
    expect((await lab.q(['mux', 'list'])).stderr, kind).not.toContain('broken')
    rmBroken()
  }
})

test('lock files, the log and the line history may be anything', async () => {
  for (const kind of ['garbage', 'a FIFO', 'a directory']) {
    await lab.q(['mux', '--detach'])
    await lab.q(['mux', 'stop'])
    const state = join(lab.home, '.local/state/q-mux')
    const files = [...locks(), join(state, 'q.log'), join(state, 'history')]
    for (const file of files) breakages[kind]?.(file)
    const started = await lab.q(['mux', '--detach'])
    expect(started, `${kind}: ${started.stderr}`).toMatchObject({ code: 0 })
    await until(() => /q>/.test(lab.screen()))
    await until(() => readFileSync(join(state, 'q.log'), 'utf8').includes('started'))
    expect(await lab.q(['mux', 'stop']), kind).toMatchObject({ code: 0 })
  }
})

test('what an environment file and a directory in the place of the statuses hold does not matter', async () => {
  await lab.q(['mux', '--detach'])
  for (const kind of kinds) {
    breakages[kind]?.(join(lab.runtimeDir, 'environment.json'))
    const opened = await lab.q(['mux', 'new', '--background'], { env: { Q_RUNTIME: lab.runtimeDir } })
    expect(opened, kind).toMatchObject({ code: 0 })
    expect(
      readdirSync(lab.runtimeDir).some((name) => name.startsWith('environment.json.broken-')),
      kind,
    ).toBe(true)
    rmBroken()
    await lab.q(['mux', '--detach'])
  }
})

/** What is read back as JSON. */
function ownFiles(): string[] {
  const shared = dirname(lab.runtimeDir)
  return [
    ...readdirSync(shared)
      .filter((name) => /^keys-\d+\.json$/.test(name))
      .map((name) => join(shared, name)),
    ...['tmux.json', 'controller.json', 'environment.json'].map((name) => join(lab.runtimeDir, name)),
  ].filter((file) => existsSync(file))
}

function locks(): string[] {
  const shared = dirname(lab.runtimeDir)
  return [shared, lab.runtimeDir].flatMap((directory) =>
    readdirSync(directory)
      .filter((name) => name.endsWith('.lock'))
      .map((name) => join(directory, name)),
  )
}

function isWhole(file: string): boolean {
  return typeof JSON.parse(readFileSync(file, 'utf8')) === 'object'
}

function rmBroken(): void {
  for (const name of readdirSync(lab.runtimeDir))
    if (name.includes('.broken-')) rmSync(join(lab.runtimeDir, name), { recursive: true })
}

function occurrences(text: string, words: string): number {
  return text.split(words).length - 1
}
