import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toolEnvironment } from '../../src/tools/command-environment.ts'
import { executeBash } from '../../src/tools/execute-bash.ts'
import { until } from '../support/until.ts'
import { project, ready, refusal, run, shown } from './harness.ts'

const bash = async (command: string, changes: Parameters<typeof run>[3] = {}, options = {}) => {
  const { content, status } = await run(executeBash(options), { command }, { cwd: project() }, changes)
  return { ...JSON.parse(content), status }
}

test('output, exit status and what comes on the way', async () => {
  let seen = ''
  const onOutput = (text: string) => {
    seen += text
  }
  const result = await bash('echo out; echo err >&2; exit 3', { onOutput })
  expect(result).toEqual({ exit_status: '3', stdout: 'out\n', stderr: 'err\n', status: 'error' })
  expect(seen).toContain('out\n')
  expect(await bash('cat; echo "é日"')).toMatchObject({ stdout: 'é日\n', status: 'success' })
  expect(await bash('kill -9 $$')).toMatchObject({ exit_status: 'SIGKILL', status: 'error' })
})

test('what is shown is the whole line, byte for byte', async () => {
  const place = { cwd: project() }
  const look = async (command: string) => shown(await ready(executeBash(), { command }, place))
  expect(await look('ls\n\trm \u202e\u200b\u001b[8mx ')).toBe(
    'ls\n\\u{9}rm \\u{202e}\\u{200b}\\u{1b}[8mx\\u{20}',
  )
  expect((await look('x\n'.repeat(200))).split('\n')).toHaveLength(201)
  expect(await refusal(executeBash(), { command: 'a\0b' }, place)).toContain('NUL')
  expect(await refusal(executeBash(), { run: 'ls' }, place)).toContain('Unknown key "run"; known are command')
})

test('a command that ignores TERM ends with all its children', async () => {
  const cwd = project()
  const stopper = new AbortController()
  const command = `trap '' TERM; (trap '' TERM; echo $BASHPID > ${cwd}/pid; while :; do sleep 0.05; done) & echo up; while :; do sleep 0.05; done`
  const up = Promise.withResolvers<void>()
  const turn = bash(command, { signal: stopper.signal, onOutput: () => up.resolve() })
  await up.promise
  const pid = await until(
    () => existsSync(join(cwd, 'pid')) && (Number(readFileSync(join(cwd, 'pid'), 'utf8')) || undefined),
  )
  expect(isAlive(pid)).toBe(true)
  stopper.abort()
  expect(await turn).toMatchObject({ stdout: 'up\n', note: 'Stopped by the user.', status: 'error' })
  await gone(pid)
})

test('a background child that keeps the pipe open holds nothing up and does not stay', async () => {
  const cwd = project()
  const result = await bash(`sleep 600 & echo $! > ${cwd}/pid; echo done`)
  expect(result).toMatchObject({
    stdout: 'done\n',
    status: 'success',
    note: expect.stringContaining('background'),
  })
  await gone(Number(readFileSync(join(cwd, 'pid'), 'utf8')))
})

test.runIf(process.platform === 'linux')('nor does a child that left the process group', async () => {
  const pid = join(project(), 'pid')
  const command = `setsid sh -c 'echo $$ > ${pid}; exec sleep 600' & while ! [ -s ${pid} ]; do sleep 0.05; done; echo done`
  const { stdout } = await bash(command)
  process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL')
  expect(stdout).toBe('done\n')
})

test('a command that takes too long is ended with the reason', async () => {
  const result = await bash('echo a; sleep 60', {}, { timeout: 3000 })
  expect(result).toMatchObject({ stdout: 'a\n', note: 'Ended after 3 s.', status: 'error' })
})

test('a flood is capped for the model and for the screen, with beginning and end kept', async () => {
  let shownLength = 0
  const count = (text: string) => {
    shownLength += text.length
  }
  const result = await bash('echo first; yes | head -c 20000000; echo last', { onOutput: count })
  expect(result.stdout.length).toBeLessThan(48_200)
  expect(result.stdout).toMatch(/^first\n.*characters left out\].*last\n$/s)
  expect(shownLength).toBeLessThan(260_000)
})

test('secrets and what would change the shell stay out of the environment', async () => {
  const env = {
    PATH: process.env.PATH,
    HOME: '/h',
    AWS_SECRET_ACCESS_KEY: 'hidden-1',
    AWS_PROFILE: 'hidden-2',
    GITHUB_TOKEN: 'hidden-3',
    MY_API_KEY: 'hidden-4',
    OPENAI_API_KEY: 'hidden-5',
    DB_PASSWORD: 'hidden-6',
    APP_SECRET: 'hidden-7',
    NPM_TOKEN: 'kept',
    DATABASE_URL: 'postgres://u:hidden-8@h/d',
    PIP_INDEX_URL: 'https://hidden-9@h/simple',
    OPENAI_BASE_URL: 'http://h/v1?v=1&api_key=hidden-8',
    PROXY_PAGE: 'http://h/v1?v=1&page=2',
    REMOTE: 'ssh://git@h/r',
    BASH_ENV: '/tmp/x',
    'BASH_FUNC_ls%%': '() { echo hidden-9; }',
    PWD: '/p',
    SSH_AUTH_SOCK: '/sock',
    KEYBOARD: 'de',
    MONKEY: 'm',
  }
  const { stdout } = await bash('env', { env }, { allowedVariables: ['NPM_TOKEN'] })
  expect(stdout).not.toMatch(/hidden-[1-9]/)
  expect(stdout).toContain('NPM_TOKEN=kept')
  expect(stdout).toContain('PAGER=cat')
  const kept = Object.keys(toolEnvironment(env)).filter((name) => name in env)
  expect(kept.sort()).toEqual([
    'HOME',
    'KEYBOARD',
    'MONKEY',
    'PATH',
    'PROXY_PAGE',
    'PWD',
    'REMOTE',
    'SSH_AUTH_SOCK',
  ])
})

test('a directory that is gone is an error result', async () => {
  const cwd = project()
  const prepared = await ready(executeBash(), { command: 'ls' }, { cwd })
  const { rmSync } = await import('node:fs')
  rmSync(cwd, { recursive: true })
  const result = await prepared.run({
    signal: new AbortController().signal,
    onOutput: () => {},
    env: process.env,
  })
  expect(result.status).toBe('error')
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false // no such process
  }
}

async function gone(pid: number): Promise<void> {
  await until(() => !isAlive(pid), { what: `the end of process ${pid}` })
}
