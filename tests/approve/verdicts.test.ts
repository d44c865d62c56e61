import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Asked, Verdict } from '../../src/domain/approval.ts'
import { answerQuestion } from '../../src/sessions/answer-approval.ts'
import {
  giveVerdict,
  hasVerdict,
  putQuestion,
  questionStands,
  readQuestion,
  takeBackVerdict,
  takeVerdict,
} from '../../src/store/approvals.ts'
import { claimSession, getSession } from '../../src/store/sessions.ts'
import type { Answer } from '../../src/terminal/terminal.ts'
import { createApprovals } from '../../src/worker/tools/ask-approval.ts'
import { endChildren, startProgram } from '../support/child.ts'
import { livenessOf, processes, processOf, thisProcess } from '../support/processes.ts'
import { openTestStore, type TestStore } from '../support/store.ts'
import { rejectionOf } from '../support/thrown.ts'
import { until } from '../support/until.ts'

let at: TestStore
beforeEach(async () => {
  at = await openTestStore()
  await at.add('one')
  await claimSession(at.store, 'one', thisProcess(), () => true)
})
afterEach(async () => {
  await endChildren()
  at.dispose()
})

const asked: Asked = {
  use: 't1',
  tool: 'execute_bash',
  lines: [{ kind: 'text', text: 'rm \\u{202e}x' }],
  trust: 'this',
}
const yes: Verdict = { type: 'approve' }
const put = () => putQuestion(at.store, 'one', asked)

test('a question is read as it was put, and answered once', async () => {
  const id = await put()
  expect(readQuestion(at.store, 'one')).toEqual({ ...asked, id, session: 'one', askedAt: at.clock.now })
  expect(await giveVerdict(at.store, id, { type: 'decline', text: 'no; "really"' })).toBe(true)
  expect(await giveVerdict(at.store, id, yes)).toBe(false)
  expect(readQuestion(at.store, 'one')).toBeUndefined()
  expect(await takeVerdict(at.store, id)).toEqual({ type: 'decline', text: 'no; "really"' })
  expect(await takeVerdict(at.store, id)).toBeUndefined()
  expect(questionStands(at.store, id)).toBe(false)
})

test('a verdict counts for its question only: not for a newer one, and an id never comes again', async () => {
  const first = await put()
  const second = await put()
  expect(second).toBeGreaterThan(first)
  expect(await giveVerdict(at.store, first, yes)).toBe(false)
  expect(hasVerdict(at.store, second)).toBe(false)
  await takeVerdict(at.store, second)
  expect(await put()).toBeGreaterThan(second)
})

test('a verdict whose giver died before it told the worker does not last', async () => {
  const id = await put()
  await giveVerdict(at.store, id, yes)
  at.clock.now += 9_000
  expect(hasVerdict(at.store, id)).toBe(true)
  at.clock.now += 2_000
  expect(hasVerdict(at.store, id)).toBe(false)
  expect(readQuestion(at.store, 'one')?.id).toBe(id)
  expect(await takeVerdict(at.store, id)).toBeUndefined()
  const next = await put()
  await giveVerdict(at.store, next, yes)
  at.clock.now += 11_000
  expect(await giveVerdict(at.store, next, { type: 'trust' })).toBe(true)
  expect(await takeVerdict(at.store, next)).toEqual({ type: 'trust' })
})

test('a process that takes the session over does not find what the one before it asked', async () => {
  const id = await put()
  await giveVerdict(at.store, id, yes)
  await claimSession(at.store, 'one', { pid: 1, startTime: 'later' }, () => false)
  expect(questionStands(at.store, id)).toBe(false)
  expect(await takeBackVerdict(at.store, id)).toBe(false)
})

const context = () => ({
  store: at.store,
  processes,
  paths: { workersDir: at.directory, statusDir: at.directory } as never,
  sleep: (ms: number) => sleep(ms),
})
const answerOne = async (verdict = yes) => {
  const question = readQuestion(at.store, 'one')
  const session = getSession(at.store, 'one')
  if (!question || !session) throw new Error('Expected a question')
  await answerQuestion(context(), session, question, verdict)
}

test('a verdict that the worker does not take is taken back, so that it counts at no later time', async () => {
  const child = startProgram('sleep', ['60'])
  await claimSession(at.store, 'one', processOf(child.pid), () => false)
  const id = await put()
  child.process.kill('SIGSTOP')
  await until(() => livenessOf(processOf(child.pid)) === 'frozen')
  const answering = rejectionOf(answerOne())
  await until(() => hasVerdict(at.store, id))
  expect(await answering).toMatchObject({ message: 'one did not take the answer: it was taken back' })
  expect(hasVerdict(at.store, id)).toBe(false)

  const again = rejectionOf(answerOne())
  await until(() => hasVerdict(at.store, id))
  await child.kill('SIGKILL')
  expect(await again).toMatchObject({ message: 'one did not take the answer: it was taken back' })
})

test('a worker that was restarted meanwhile took nothing', async () => {
  const id = await put()
  const answering = rejectionOf(answerOne())
  await until(() => hasVerdict(at.store, id))
  await claimSession(at.store, 'one', { pid: process.ppid, startTime: 'another' }, () => false)
  expect(await answering).toMatchObject({ message: expect.stringContaining('restarted') })
})

/** The worker's side, with a terminal that answers when the test says so. */
function worker() {
  let type: (answer: Answer) => void = () => {}
  const questions: unknown[] = []
  const approvals = createApprovals({
    session: 'one',
    store: at.store,
    reporter: { report: async () => {} },
    terminal: {
      askPermission: (question, elsewhere) =>
        new Promise((resolve) => {
          questions.push(question)
          type = resolve
          if (elsewhere?.aborted) resolve({ type: 'withdrawn' })
          elsewhere?.addEventListener('abort', () => resolve({ type: 'withdrawn' }))
        }),
    },
  })
  const { signal } = new AbortController()
  return {
    approvals,
    questions,
    ask: () => approvals.ask(asked, 'detail', signal),
    type: (text: string) => type({ type: 'line', text }),
    interrupt: () => type({ type: 'interrupt' }),
  }
}

test.each([
  ['y', { type: 'approve' }],
  ['yes', { type: 'approve' }],
  ['T', { type: 'trust' }],
  ['n', { type: 'decline', text: '' }],
  ['', { type: 'decline', text: '' }],
  [' yes, but first ls ', { type: 'decline', text: 'yes, but first ls' }],
])('%j typed in the window is its verdict', async (text, verdict) => {
  const { ask, type, questions } = worker()
  const decided = ask()
  await until(() => questions.length === 1)
  type(text)
  expect(await decided).toEqual({ type: 'verdict', verdict, from: 'here' })
  expect(readQuestion(at.store, 'one')).toBeUndefined()
})

test('the first answer wins when keys and a verdict come in the same moment', async () => {
  const { ask, type, approvals, questions } = worker()
  const decided = ask()
  await until(() => questions.length === 1)
  const id = readQuestion(at.store, 'one')?.id ?? 0
  await giveVerdict(at.store, id, { type: 'decline', text: 'other way' })
  type('y')
  approvals.look()
  expect(await decided).toEqual({
    type: 'verdict',
    verdict: { type: 'decline', text: 'other way' },
    from: 'elsewhere',
  })
  const next = ask()
  await until(() => questions.length === 2)
  const late = readQuestion(at.store, 'one')?.id ?? 0
  type('n')
  expect(await next).toMatchObject({ from: 'here' })
  expect(await giveVerdict(at.store, late, yes)).toBe(false)
})

test('a no in the window counts also when a yes from elsewhere came a moment before', async () => {
  const { ask, type, questions } = worker()
  const decided = ask()
  await until(() => questions.length === 1)
  await giveVerdict(at.store, readQuestion(at.store, 'one')?.id ?? 0, yes)
  type('n')
  expect(await decided).toEqual({ type: 'verdict', verdict: { type: 'decline', text: '' }, from: 'here' })
})

test('Ctrl-C stops the turn also when a yes came in the same moment', async () => {
  const { ask, interrupt, questions } = worker()
  const decided = ask()
  await until(() => questions.length === 1)
  await giveVerdict(at.store, readQuestion(at.store, 'one')?.id ?? 0, yes)
  interrupt()
  expect(await decided).toEqual({ type: 'interrupted' })
})

test('a verdict that was taken back in the last moment leaves the question standing, with another id', async () => {
  const { ask, type, approvals, questions } = worker()
  const decided = ask()
  await until(() => questions.length === 1)
  const id = readQuestion(at.store, 'one')?.id ?? 0
  await giveVerdict(at.store, id, yes)
  approvals.look()
  await takeBackVerdict(at.store, id)
  await until(() => questions.length === 2)
  expect(readQuestion(at.store, 'one')?.id).toBeGreaterThan(id)
  expect(approvals.asking()).toBe(true)
  type('n')
  expect(await decided).toMatchObject({ verdict: { type: 'decline' }, from: 'here' })
  expect(approvals.asking()).toBe(false)
})
