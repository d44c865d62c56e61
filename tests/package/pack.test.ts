import { execFile, execFileSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lab, openLab, type Result } from '../support/lab.ts'
import { until } from '../support/until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const path = [dirname(process.execPath), process.env.PATH].join(delimiter)

let lab: Lab
let installed: string
let q: string

// The packed package, installed as a user installs it, in an empty home; better-sqlite3 comes from the registry.
beforeAll(async () => {
  lab = openLab()
  // How this machine reaches its registry: certificates and proxies, from npm's configuration or the environment.
  const setting = async (name: string): Promise<string> =>
    (await run('npm', ['config', 'get', name], { env: process.env })).stdout.trim()
  const [cache, cafile, registry] = [
    await setting('cache'),
    await setting('cafile'),
    await setting('registry'),
  ]
  // The bundle is there already (globalSetup); making it again would pull it away from under other tests.
  const packed = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', lab.home], {
    cwd: root,
  })
  const file = join(lab.home, packed.stdout.trim())
  const prefix = join(lab.home, 'prefix')
  const install = ['install', '--global', '--ignore-scripts', '--prefix', prefix, '--prefer-offline', file]
  const { code, stderr } = await run('npm', install, {
    env: {
      ...lab.env,
      PATH: path,
      npm_config_cache: cache,
      npm_config_registry: registry,
      ...(cafile === 'null' ? {} : { npm_config_cafile: cafile }),
      NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
    },
  })
  expect(stderr).not.toContain('npm error')
  expect(code).toBe(0)
  installed = join(prefix, 'lib/node_modules/q-mux')
  q = join(prefix, 'bin/q')
}, 600_000)
afterAll(() => lab.dispose())

test('the package holds what it needs, and nothing of the tests and sources', () => {
  const names = [
    'bin/q.js',
    'dist/main.js',
    'dist/THIRD-PARTY-LICENSES.txt',
    'docs/keys.md',
    'LICENSE',
    'README.md',
  ]
  for (const name of [...names, 'migrations/001_conversations.sql', 'tmux/keys.conf', 'q-mux.tmux'])
    expect(existsSync(join(installed, name)), name).toBe(true)
  for (const name of ['src', 'tests', 'scripts', 'bench', '.ci'])
    expect(existsSync(join(installed, name)), name).toBe(false)
  expect(lstatSync(join(installed, 'q-mux.tmux')).mode & 0o111).toBe(0o111)
  expect(readFileSync(join(installed, 'package.json'), 'utf8')).toContain('"license": "Apache-2.0"')
})

test('an installed q starts a workspace, lists it and stops it', async () => {
  expect(await run(q, ['mux', '--detach'])).toMatchObject({ code: 0, stdout: '' })
  await until(() => lab.screen().includes('[dev-1] q>'))
  const { stdout } = await run(q, ['mux', 'list', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    running: true,
    sessions: [{ name: 'dev-1', pid: expect.any(Number) }],
  })
  expect((await run(q, ['mux', 'doctor'])).stdout).toContain('controller')
  expect(await run(q, ['mux', 'stop'])).toMatchObject({ code: 0 })
})

test('an installed q chat answers a pipe from the user guide that came with it', async () => {
  const { code, stdout } = await run(q, ['chat'], { input: 'how do I uninstall?\n' })
  expect(code).toBe(0)
  expect(stdout).toContain('npm uninstall --global q-mux')
})

test.runIf(oldNode())('an installed q says in one line that this Node is too old', async () => {
  const env = { ...lab.env, PATH: [dirname(oldNode() ?? ''), path].join(delimiter) }
  const { code, stdout, stderr } = await run(q, ['mux', 'list'], { env })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^q: needs Node 22\.22 or newer; this is [\d.]+ \(.*\)\n$/)
})

interface Options {
  cwd?: string
  env?: NodeJS.ProcessEnv
  input?: string
}

function run(command: string, words: string[], options: Options = {}): Promise<Result> {
  const { cwd = lab.home, env = { ...lab.env, PATH: path }, input = '' } = options
  return new Promise((resolve) => {
    const child = execFile(command, words, { cwd, env, timeout: 500_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : -1) : 0, stdout, stderr })
    })
    child.stdin?.end(input)
  })
}

/** A Node on this machine's PATH that is older than q needs. */
function oldNode(): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, 'node'))
  return candidates.find((candidate) => {
    if (!existsSync(candidate)) return false
    const version = execFileSync(candidate, ['--version'], { encoding: 'utf8' })
    return Number(/^v(\d+)/.exec(version)?.[1]) < 22
  })
}
