import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  event,
  exception,
  fault,
  type Reply,
  start,
  status,
  stop,
  text,
  wait,
} from '../support/bedrock-script.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, promptUp, said, session, startWorkspace } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
  await startWorkspace(lab)
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const mark = () => lab.tmux('show-options', '-wqv', '-t', pane, '@q_mark')
const answers = () => said(lab, 'dev-1').filter(({ role }) => role === 'assistant')

test('while the model answers, the list says Processing and the window carries …; then it waits with ●', async () => {
  lab.type(pane, 'hold')
  await until(() => lab.screen(pane).includes('\nholding'))
  await until(() => mark() === '…')
  expect(await session(lab, 'dev-1')).toMatchObject({ status: 'Processing', waitingFor: null })
  expect(lab.corner()).toBe('')
  expect(answers()).toEqual([{ role: 'assistant', text: 'holding ', partial: true }])
  lab.server.release()
  await until(() => mark().includes('●'))
  expect(lab.corner()).toBe('[dev-1]')
  expect(await session(lab, 'dev-1')).toMatchObject({ status: 'WaitingForInput', waitingFor: 'input' })
  expect(answers()).toEqual([{ role: 'assistant', text: 'holding and released', partial: false }])
})

const begun = [start(), text('so far '), wait(20)]
const broken: [string, Reply][] = [
  ['a connection that is reset', [...begun, fault('tcp')]],
  ['a stream that is reset', [...begun, fault('reset')]],
  ['an end without messageStop', [...begun, fault('fin')]],
  ['a bad checksum', [...begun, fault('bad-crc')]],
  ['a frame that is cut', [...begun, fault('truncated')]],
  ['garbage', [...begun, fault('garbage')]],
  ['an exception inside the stream', [...begun, exception('modelStreamErrorException', 'It failed.')]],
  ['a throttling exception inside', [...begun, exception('throttlingException', 'Slow down.')]],
]

test('whatever breaks an answer, it is said, what came is kept as partial, and the next line works', async () => {
  for (const [at, [what, reply]] of broken.entries()) {
    lab.tmux('send-keys', '-t', pane, '-R')
    lab.tmux('clear-history', '-t', pane)
    lab.server.respondWith(reply)
    lab.type(pane, `question ${at}`)
    const problem = await until(
      async () => {
        const now = await session(lab, 'dev-1')
        return now.waitingFor === 'error' && now.messages === at * 4 + 2 && now.detail
      },
      { what },
    )
    expect(problem, what).toMatch(/\w{3}/)
    await until(() => lab.screen(pane).replaceAll('\n', '').includes(problem.slice(0, 60)), { what })
    await until(() => mark().includes('✗'))
    expect(answers().at(-1), what).toEqual({ role: 'assistant', text: 'so far ', partial: true })

    lab.server.respondWith([
      start(),
      text('whole'),
      event('contentBlockStop', { contentBlockIndex: 0 }),
      stop(),
    ])
    lab.type(pane, 'again')
    await until(() => answers().at(-1)?.text === 'whole', { what: `the line after ${what}` })
    await until(() => mark().includes('●'))
  }
})

test.each([
  ['expired', status(403, 'ExpiredTokenException', 'The security token is expired'), /AWS_SECRET_ACCESS_KEY/],
  ['access', status(403, 'AccessDeniedException', 'You may not.'), /may not use|Model access|model access/],
  ['not there', status(404, 'ResourceNotFoundException', 'No such model.'), /No such model/],
])(
  'credentials or access that are %s: the reason and what to do, nothing empty in the store',
  async (_, step, words) => {
    lab.server.respondWith([step])
    lab.type(pane, 'question')
    await until(async () => (await session(lab, 'dev-1')).waitingFor === 'error')
    await promptUp(lab, 'dev-1')
    expect(lab.screen(pane).replaceAll('\n', '')).toMatch(words)
    expect(said(lab, 'dev-1')).toEqual([{ role: 'user', text: 'question', partial: false }])
    lab.server.respondWith([
      start(),
      text('whole'),
      event('contentBlockStop', { contentBlockIndex: 0 }),
      stop(),
    ])
    lab.type(pane, 'again')
    await until(() => answers().at(-1)?.text === 'whole')
    const sent = lab.server.requests.at(-1)?.body.messages
    expect(sent?.map(({ role }) => role)).toEqual(['user'])
  },
)

test('no network is said and waited for, and what is mended meanwhile counts: the same turn is answered', async () => {
  const away = { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://127.0.0.1:9' }
  await lab.q(['mux', '--detach'], { env: away })
  lab.type(pane, 'say hello')
  await until(() => lab.screen(pane).includes('not reached; trying again'))
  expect(lab.screen(pane)).toContain('127.0.0.1:9 cannot be reached')
  const { pid, status } = await session(lab, 'dev-1')
  expect(status).not.toBe('WaitingForInput')
  await lab.q(['mux', '--detach'])
  await until(() => answers().length === 1, { patience: 40_000 })
  expect((await session(lab, 'dev-1')).pid).toBe(pid)
})

test('an answer cut by a killed worker is partial, and the session goes on with it', async () => {
  lab.type(pane, 'hold')
  await until(() => answers()[0]?.text === 'holding ')
  const { pid } = await session(lab, 'dev-1')
  process.kill(pid ?? 0, 'SIGKILL')
  await until(() => lab.screen(pane).includes('Press Enter to go on'))
  expect(await session(lab, 'dev-1')).toMatchObject({ status: 'Paused', pid: null })
  lab.keys(pane, 'Enter')
  await promptUp(lab, 'dev-1')
  expect(answers()).toEqual([{ role: 'assistant', text: 'holding ', partial: true }])
  lab.type(pane, 'say after')
  await until(() => answers().at(-1)?.text === 'after')
  const sent = lab.server.requests.at(-1)?.body.messages
  expect(sent?.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
})
