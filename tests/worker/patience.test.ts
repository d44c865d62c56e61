import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { WorkerStatus } from '../../src/domain/worker-status.ts'
import { type Step, say, status } from '../support/bedrock-script.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, promptUp, said, session, startWorkspace } from './harness.ts'

let lab: BedrockLab
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const busy = (seconds?: number): Step[] => [
  status(503, 'ServiceUnavailableException', 'Too busy.', seconds ? { 'retry-after': String(seconds) } : {}),
]
const seen = (words: string | RegExp) =>
  until(() => lab.screen(pane).search(words) >= 0, { what: `${words} on the screen` })

async function open(env: NodeJS.ProcessEnv = {}): Promise<void> {
  lab = await openBedrockLab(env)
  await startWorkspace(lab)
}

async function statusFile(): Promise<WorkerStatus> {
  const { id } = await session(lab, 'dev-1')
  return JSON.parse(readFileSync(join(lab.statusDir, `${id}.json`), 'utf8'))
}

test('a request that rests is at work: with a countdown, in the status file and in lists, not in the corner; Ctrl-C ends it', async () => {
  await open()
  await lab.q(['mux', 'new', 'other'])
  lab.server.respondWith(busy(300), say('next'))
  lab.type(pane, 'say hello')
  await seen(/overloaded; trying again in \d+ (s|min), 2nd time; Ctrl-C stops/)
  expect(lab.screen(pane)).toContain('Too busy.')
  const file = await statusFile()
  expect(file).toMatchObject({
    state: 'processing',
    waitingFor: null,
    detail: 'overloaded; trying again, 2nd time',
    turn: 1,
  })
  expect((file.until ?? 0) - Date.now()).toBeGreaterThan(200_000)
  expect(await session(lab, 'dev-1')).toMatchObject({ status: 'Processing', until: file.until })
  expect((await lab.q(['mux', 'list'])).stdout).toMatch(
    /dev-1 +\[PROCESSING\] overloaded; trying again, 2nd time \(in [45] min\)/,
  )
  expect(lab.corner()).not.toContain('dev-1')

  await lab.q(['mux', 'send', 'dev-1', 'and so on'])
  await until(async () => (await statusFile()).detail.endsWith('2nd time, 1 queued'))
  expect((await statusFile()).until).toBe(file.until)
  lab.keys(pane, 'C-c')
  await seen(/^next$/m)
  await promptUp(lab, 'dev-1')
  const after = await statusFile()
  expect(after).toMatchObject({ state: 'waiting', waitingFor: 'input', turn: 2 })
  expect(after).not.toHaveProperty('until')
  expect(lab.server.requests).toHaveLength(2)
})

test('what was refused for the moment is answered without anybody doing anything', async () => {
  await open()
  lab.server.respondWith(busy(), [status(429, 'ThrottlingException', 'slowly')], say('here it is'))
  lab.type(pane, 'hello there')
  await seen(/^here it is$/m)
  await promptUp(lab, 'dev-1')
  expect(lab.screen(pane)).toMatch(/\(Bedrock failed: Too busy\..*Ctrl-C stops that\.\)/s)
  expect(lab.screen(pane)).not.toContain('/retry')
  expect(said(lab, 'dev-1').map(({ text }) => text)).toEqual(['hello there', 'here it is'])
  expect(lab.server.requests).toHaveLength(3)
})

test('a limit that resets too late is an error until then, and lists say so', async () => {
  await open()
  lab.server.respondWith([status(429, 'ThrottlingException', 'Enough.', { 'retry-after': '86400' })])
  await lab.q(['mux', 'new', 'other'])
  lab.type(pane, 'hello there')
  await seen('Enough.')
  await until(async () => (await statusFile()).waitingFor === 'error')
  const { until: resets = 0 } = await statusFile()
  expect(Math.abs(resets - Date.now() - 86_400_000)).toBeLessThan(600_000)
  expect((await lab.q(['mux', 'list'])).stdout).toMatch(
    /dev-1 +\[LIMIT\] +until \d{4}-\d\d-\d\d \d\d:\d\d: Bedrock asks for a pause: Enough\./,
  )
  expect(lab.corner()).toContain('dev-1')
})

test('without patience the first refusal ends the turn', async () => {
  await open({ Q_MODEL_RETRY_FOR_S: '0' })
  lab.server.respondWith(busy())
  lab.type(pane, 'hello there')
  await seen('/retry sends it again')
  expect(lab.server.requests).toHaveLength(1)
})

test('in a pipe the first pause is said on standard error, and the answer is the output', async () => {
  lab = await openBedrockLab()
  lab.server.respondWith(busy(), busy(), say('all of it'))
  const result = await lab.q(['chat', 'hello'])
  expect(result).toMatchObject({ code: 0, stdout: 'all of it\n' })
  expect(
    result.stderr.match(/^ {3}overloaded; trying again in \d s, \dnd time; Ctrl-C stops$/gm),
  ).toHaveLength(1)
  const none = { env: { Q_MODEL_RETRY_FOR_S: '0' } }
  lab.server.respondWith(busy())
  expect(await lab.q(['chat', 'hello'], none)).toMatchObject({ code: 1, stdout: '' })
})
