import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { controllerOf, workersHeld } from '../controller/program.ts'
import { entry, type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { mayHideProc } from '../support/without-proc.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

/** A directory below the lab's home whose path has so many bytes. */
function directoryOf(bytes: number): string {
  const rest = bytes - Buffer.byteLength(lab.home) - 1
  const path = join(
    lab.home,
    'é'.repeat(rest % 2 === 0 ? 1 : 2) + 'x'.repeat(rest - (rest % 2 === 0 ? 2 : 4)),
  )
  mkdirSync(path, { mode: 0o700 })
  expect(Buffer.byteLength(path)).toBe(bytes)
  return path
}

const beyond = '/q-mux/q/w/123456789012'.length

test('a runtime directory whose sockets just fit holds a workspace', async () => {
  const env = { XDG_RUNTIME_DIR: directoryOf(103 - beyond) }
  expect(await lab.q(['mux', '--detach'], { env })).toMatchObject({ code: 0 })
  await until(() => existsSync(join(env.XDG_RUNTIME_DIR, 'q-mux/q/controller.json')))
  await until(() => readdirSync(join(env.XDG_RUNTIME_DIR, 'q-mux/q/w')).length === 1)
  expect(await lab.q(['mux', 'send', 'dev-1', 'hello'], { env })).toMatchObject({ code: 0 })
  await lab.q(['mux', 'stop'], { env })
})

test.each([
  ['XDG_RUNTIME_DIR', (path: string) => ({ XDG_RUNTIME_DIR: path })],
  ['TMPDIR', (path: string) => ({ TMPDIR: path, XDG_RUNTIME_DIR: '' })],
])(
  'where %s is too long for sockets, the start is refused with what to set, and nothing is started',
  async (name, envOf) => {
    const env = envOf(directoryOf(104 - beyond))
    const { code, stderr } = await lab.q(['mux', '--detach'], { env })
    expect(code).toBe(1)
    expect(stderr).toContain('too long for the sockets of the workers')
    expect(stderr).toContain(`${name}`)
    expect(() => lab.tmux('list-sessions')).toThrow(/no server|error connecting/)
    expect((await lab.list()).sessions).toEqual([])
    // What needs no sockets works there.
    expect(await lab.q(['mux', 'list'], { env })).toMatchObject({ code: 0 })
    expect(await lab.q(['chat', 'hello'], { env })).toMatchObject({ code: 0 })
  },
)

test('a tmux socket whose path is too long is named, with what to do', async () => {
  const path = `/tmp/${'x'.repeat(120)}`
  for (const socket of [path, 'y'.repeat(120)]) {
    const { code, stderr } = await lab.q(['mux', '--detach', '--socket', socket])
    expect(code).toBe(1)
    expect(stderr).toMatch(/the path of the tmux socket is too long: .*\n.*--socket/)
  }
})

test.skipIf(!mayHideProc())(
  'where file names ignore case, a workspace does not take the files of another',
  async () => {
    await lab.q(['mux', '--detach'])
    await until(() => workersHeld(lab) === 1)
    const other = join(lab.runtimeDir, '../Q')
    mkdirSync(other, { mode: 0o700 })
    // Two names of one directory, as on a disk that ignores case.
    const words = ['mount --bind "$0" "$1" && shift && exec "$@"', lab.runtimeDir, other]
    const { status, stderr } = spawnSync(
      'unshare',
      ['-m', 'sh', '-c', ...words, process.execPath, entry, 'mux', '--detach', '--workspace', 'Q'],
      { env: lab.env, encoding: 'utf8' },
    )
    expect(stderr).toContain('the workspace Q would share its files with the workspace q')
    expect(stderr).toContain('q mux --workspace q')
    expect(status).toBe(1)
    expect(lab.tmux('list-sessions', '-F', '#{session_name}')).toBe('q')
    expect(await lab.q(['mux', 'list'])).toMatchObject({ code: 0 })
  },
)

test('where names do not ignore case, Q and q are two workspaces', async () => {
  await lab.q(['mux', '--detach'])
  expect(await lab.q(['mux', '--detach', '--workspace', 'Q'])).toMatchObject({ code: 0 })
  expect(lab.tmux('list-sessions', '-F', '#{session_name}').split('\n').sort()).toEqual(['Q', 'q'])
})

test('a session that is to work in a directory reached by a link works where the link leads', async () => {
  await lab.q(['mux', '--detach'])
  const [real, link] = [join(realpathSync(lab.home), 'project'), join(lab.home, 'linked')]
  mkdirSync(real)
  symlinkSync(real, link)
  expect(await lab.q(['mux', 'new', 'there', '--background', '--cwd', link])).toMatchObject({ code: 0 })
  await until(async () => (await lab.list()).sessions.find(({ name }) => name === 'there')?.cwd === real)
})

test('a runtime directory that is reached by a link is the one where it leads', async () => {
  const link = join(lab.home, 'by-link')
  symlinkSync(join(lab.home, 'run'), link)
  await lab.q(['mux', '--detach'], { env: { XDG_RUNTIME_DIR: link } })
  await until(() => workersHeld(lab) === 1 || existsSync(join(lab.runtimeDir, 'controller.json')))
  const { pid } = controllerOf(lab)
  expect(await lab.q(['mux', '--detach'])).toMatchObject({ code: 0 })
  expect(await lab.list()).toMatchObject({ controller: { pid } })
})
