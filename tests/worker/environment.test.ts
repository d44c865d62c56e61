import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { processesOf } from '../support/lab.ts'
import { until } from '../support/until.ts'
import {
  type BedrockLab,
  fakeKeys,
  openBedrockLab,
  promptUp,
  query,
  said,
  session,
  startWorkspace,
} from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const signedBy = () =>
  String(lab.server.requests.at(-1)?.headers.authorization ?? '').match(/Credential=(\w+)/)?.[1]
const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))

test('q mux run again with other credentials reaches the next turn of a worker that runs', async () => {
  await startWorkspace(lab)
  lab.type(pane, 'say one')
  await until(() => said(lab, 'dev-1').length === 2)
  expect(signedBy()).toBe(fakeKeys.AWS_ACCESS_KEY_ID)
  const { pid } = await session(lab, 'dev-1')
  await lab.q(['mux', '--detach'], {
    env: {
      AWS_ACCESS_KEY_ID: 'AKIAQMUXTESTOTHERKEY',
      AWS_SECRET_ACCESS_KEY: 'another',
      AWS_SESSION_TOKEN: '',
    },
  })
  lab.type(pane, 'say two')
  await until(() => said(lab, 'dev-1').length === 4)
  expect(signedBy()).toBe('AKIAQMUXTESTOTHERKEY')
  expect((await session(lab, 'dev-1')).pid).toBe(pid)
})

test('the environment of the q mux call counts where the tmux server was started with another one', async () => {
  lab.start('tmux', ['-L', lab.socket, '-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'sh'], {
    AWS_ACCESS_KEY_ID: 'AKIAQMUXOFTHESERVER0',
    AWS_SECRET_ACCESS_KEY: 'of the server',
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://127.0.0.1:9',
    AWS_PROFILE: 'of-the-server',
    Q_MODEL_PROVIDER: 'guide',
    NO_COLOR: '1',
  })
  await until(() => lab.tmux('list-sessions').startsWith('mine'))
  await startWorkspace(lab)
  lab.type(pane, 'say here')
  await until(() => said(lab, 'dev-1').at(-1)?.text === 'here')
  expect(signedBy()).toBe(fakeKeys.AWS_ACCESS_KEY_ID)
  expect(lab.tmux('capture-pane', '-p', '-e', '-t', pane)).toContain('\u001b[')
  const { pid } = await session(lab, 'dev-1')
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(fakeKeys.AWS_SECRET_ACCESS_KEY)
})

test('secrets stand in one private file, and in no argv, tmux variable, message, status file, log or error', async () => {
  await startWorkspace(lab)
  await lab.q(['mux', 'new', 'second', '--background', '--prompt', 'fail expired'])
  await until(async () => (await session(lab, 'second')).waitingFor === 'error')
  await promptUp(lab, 'second')
  lab.type(pane, 'hold')
  await until(() => lab.screen(pane).includes('\nholding'))
  const secrets = [fakeKeys.AWS_SECRET_ACCESS_KEY, fakeKeys.AWS_ACCESS_KEY_ID]
  const has = (words: string): boolean => secrets.some((secret) => words.includes(secret))

  const argvs = processesOf(lab.home).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  expect(argvs.filter((argv) => argv.includes('\0worker\0')).length).toBeGreaterThanOrEqual(2)
  expect(argvs.filter(has)).toEqual([])
  for (const words of [['show-environment'], ['show-environment', '-h'], ['show-options'], ['list-keys']])
    expect(has(lab.tmux(...words, ...(words[0] === 'list-keys' ? [] : ['-t', '=q:'])))).toBe(false)
  expect(has(lab.tmux('show-messages'))).toBe(false)
  for (const name of ['dev-1', 'second']) expect(has(lab.screen(`=q:${name}`))).toBe(false)
  expect(has(JSON.stringify(query(lab, 'SELECT * FROM messages')))).toBe(false)
  expect(has((await lab.q(['mux', 'doctor'])).stdout)).toBe(false)

  const holding = filesBelow(lab.home).filter((file) => has(readFileSync(file, 'latin1')))
  expect(holding).toEqual([join(lab.runtimeDir, 'environment.json')])
  expect(statSync(join(lab.runtimeDir, 'environment.json')).mode & 0o777).toBe(0o600)
})

test('without credentials the prompt is up, the command that brings them is named, and a turn fails with it', async () => {
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true' }
  await lab.q(['mux', '--detach'], { env: none })
  await promptUp(lab, 'dev-1')
  lab.type(pane, 'hello')
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'error')
  await promptUp(lab, 'dev-1')
  expect(lab.screen(pane)).toContain('No AWS credentials are configured')
  expect(lab.screen(pane)).toContain('aws configure')
  expect(lab.server.requests).toHaveLength(0)
  await lab.q(['mux', '--detach'])
  lab.type(pane, 'say works')
  await until(() => said(lab, 'dev-1').at(-1)?.role === 'assistant')
})
