import { afterEach, beforeEach, expect, test } from 'vitest'
import { say } from '../support/bedrock-script.ts'
import { until } from '../support/until.ts'
import {
  type BedrockLab,
  openBedrockLab,
  promptUp,
  said,
  session,
  startWorkspace,
  typeAhead,
  windowNames,
} from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
  await startWorkspace(lab)
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const hint = '(To exit, press Ctrl+C or Ctrl+D again or type /quit)'
const windows = () => windowNames(lab)
const texts = () => said(lab, 'dev-1').map(({ text }) => text)
const on = (text: string | RegExp) =>
  until(() => (typeof text === 'string' ? lab.screen(pane).includes(text) : text.test(lab.screen(pane))), {
    what: `${text} on the screen`,
  })

test('Tab completes commands, session names and types', async () => {
  await lab.q(['mux', 'new', 'lambda-deploy', '--background'])
  lab.keys(pane, '/sw', 'Tab')
  await promptUp(lab, 'dev-1', '/switch')
  lab.keys(pane, 'lam', 'Tab')
  await promptUp(lab, 'dev-1', '/switch lambda-deploy')
  lab.keys(pane, 'C-u', '/new pl', 'Tab')
  await promptUp(lab, 'dev-1', '/new planning')
  lab.keys(pane, 'C-u', '/sessions --', 'Tab')
  await promptUp(lab, 'dev-1', '/sessions --all')
  lab.keys(pane, 'C-u', '/new d', 'Tab', 'Tab')
  await on(/debug +development/)
  lab.keys(pane, 'C-u', 'lam', 'Tab')
  await promptUp(lab, 'dev-1', 'lam')
})

test.each(['C-c', 'C-d'])(
  '%s at the prompt first says how to leave, and leaves the second time',
  async (key) => {
    await lab.q(['mux', 'new', 'other', '--background'])
    lab.keys(pane, key)
    await on(hint)
    lab.type(pane, '/session-name')
    await on(/^dev-1$/m)
    await promptUp(lab, 'dev-1')
    lab.keys(pane, key)
    await until(() => lab.screen(pane).split(hint).length === 3)
    await promptUp(lab, 'dev-1')
    lab.keys(pane, key)
    await until(() => !windows().includes('dev-1'))
    expect(await session(lab, 'dev-1')).toMatchObject({ status: 'Paused' })
  },
)

test('a prompt that was sent takes the hint back: Ctrl-C after its answer is the first one again', async () => {
  lab.keys(pane, 'C-c')
  await on(hint)
  await lab.q(['mux', 'send', 'dev-1', 'say sent'])
  await until(() => texts().includes('sent'))
  await promptUp(lab, 'dev-1')
  lab.keys(pane, 'C-c')
  await until(() => lab.screen(pane).split(hint).length === 3 || !windows().includes('dev-1'))
  expect(windows()).toContain('dev-1')
})

test('Ctrl-C with a half-typed line throws the line away, and only that', async () => {
  lab.keys(pane, 'say half')
  await promptUp(lab, 'dev-1', 'say half')
  lab.keys(pane, 'C-c')
  await promptUp(lab, 'dev-1')
  expect(lab.screen(pane)).toContain('[dev-1] q> say half^C')
  expect(lab.screen(pane)).not.toContain(hint)
  lab.keys(pane, 'say kept', 'C-d', 'Enter')
  await until(() => texts().includes('kept'))
  expect(texts()).toEqual(['say kept', 'kept'])
})

test('Ctrl-C while an answer streams stops it, keeps what came as partial, and the next line works', async () => {
  lab.type(pane, 'endless')
  await on('on and on and')
  lab.keys(pane, 'C-c')
  await on('(stopped; what came is kept)')
  await until(() => lab.server.requests[0]?.end === 'left')
  await promptUp(lab, 'dev-1')
  expect(said(lab, 'dev-1')).toEqual([
    { role: 'user', text: 'endless', partial: false },
    { role: 'assistant', text: expect.stringMatching(/^(on and )+$/), partial: true },
  ])
  expect(await session(lab, 'dev-1')).toMatchObject({ status: 'WaitingForInput', waitingFor: 'input' })
  lab.type(pane, 'say after')
  await until(() => texts().at(-1) === 'after')
})

test('Ctrl-C before the first word came stops the wait too', async () => {
  lab.type(pane, 'fail silence')
  await until(() => lab.server.requests.length === 1)
  lab.keys(pane, 'C-c')
  await on('(stopped; what came is kept)')
  lab.server.respondWith(say('after'))
  lab.type(pane, 'and now')
  await until(() => texts().at(-1) === 'after')
  expect(said(lab, 'dev-1').filter(({ role }) => role === 'assistant')).toHaveLength(1)
})

test('lines typed ahead while an answer streams are said afterwards, each once and in order', async () => {
  lab.type(pane, 'hold')
  await on(/^holding/m)
  await typeAhead(lab, 'dev-1', 'say one')
  await typeAhead(lab, 'dev-1', 'say two')
  lab.keys(pane, 'say thr')
  lab.server.release()
  await until(() => texts().includes('two'))
  await promptUp(lab, 'dev-1', 'say thr')
  lab.keys(pane, 'ee', 'Enter')
  await until(() => texts().includes('three'))
  expect(said(lab, 'dev-1').flatMap(({ role, text }) => (role === 'user' ? [text] : []))).toEqual([
    'hold',
    'say one',
    'say two',
    'say three',
  ])
})

test('Ctrl-D typed ahead while an answer streams is the hint at the next prompt, and no end', async () => {
  lab.type(pane, 'hold')
  await on(/^holding/m)
  lab.keys(pane, 'C-d')
  lab.server.release()
  await on(hint)
  lab.type(pane, 'say after')
  await until(() => texts().at(-1) === 'after')
})

test('Ctrl-C while an answer streams keeps what was typed ahead of it, and sends nothing of it', async () => {
  lab.type(pane, 'endless')
  await on('on and on and')
  lab.keys(pane, 'say never', 'C-c')
  await promptUp(lab, 'dev-1', 'say never')
  lab.keys(pane, 'C-u')
  lab.type(pane, 'say after')
  await until(() => texts().at(-1) === 'after')
  expect(texts()).not.toContain('say never')
})

test('the question of /close is answered by an empty line on Ctrl-C: nothing is closed', async () => {
  lab.type(pane, '/close')
  await on('Close dev-1?')
  lab.keys(pane, 'y', 'C-c')
  await on('not closed')
  lab.type(pane, '/close')
  await until(() => lab.screen(pane).split('Close dev-1?').length === 3)
  lab.keys(pane, 'y', 'BSpace', 'n', 'Enter')
  await until(() => lab.screen(pane).split('not closed').length === 3)
  expect(windows()).toEqual(['dev-1'])
})
