import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Block, StoredMessage } from '../../src/domain/message.ts'
import { messagesToSend, validHistory } from '../../src/domain/valid-history.ts'
import { retryOf } from '../../src/worker/commands/retry-command.ts'
import { fault, say, start, status, text, wait } from '../support/bedrock-script.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, promptUp, said, startWorkspace } from './harness.ts'

const message = (role: 'user' | 'assistant', blocks: (string | Block)[], partial = false): StoredMessage => ({
  role,
  blocks: blocks.map((block) => (typeof block === 'string' ? { type: 'text', text: block } : block)),
  partial,
  seq: 0,
  createdAt: 0,
})
const use: Block = { type: 'tool_use', id: 't', name: 'x', input: {} }
const result: Block = { type: 'tool_result', id: 't', content: 'r', status: 'success' }

test('what was answered in full is said once more, all else is sent as it stands', () => {
  expect(retryOf([])).toBeUndefined()
  expect(retryOf([message('user', ['hi'])])).toBe('again')
  expect(retryOf([message('user', ['hi']), message('assistant', ['so'], true)])).toBe('again')
  expect(retryOf([message('user', ['hi']), message('assistant', [use])])).toBe('again')
  expect(retryOf([message('user', ['hi']), message('assistant', [use]), message('user', [result])])).toBe(
    'again',
  )
  const prompt = message('user', ['read @session/a', 'x'])
  expect(retryOf([prompt, message('assistant', ['x'])])).toEqual({ repeat: prompt })
})

test('a cut answer is not sent with its own retry, and not beside the one that took its place', () => {
  const texts = (messages: StoredMessage[]) =>
    validHistory(messagesToSend(messages)).map(({ blocks }) =>
      blocks.map((block) => ('text' in block ? block.text : block.type)),
    )
  const cut = [message('user', ['hi']), message('assistant', ['so'], true)]
  expect(texts(cut)).toEqual([['hi']])
  expect(
    texts([...cut, ...cut.slice(1), message('assistant', ['so far']), message('user', ['and'])]),
  ).toEqual([['hi'], ['so far'], ['and']])
  expect(texts([...cut, message('user', ['go on'])])).toEqual([['hi'], ['so'], ['go on']])
  const tools = [
    message('user', ['hi']),
    message('assistant', ['look', use], true),
    message('user', [result]),
  ]
  expect(texts(tools)).toEqual([['hi'], ['look', 'tool_use'], ['tool_result']])
  expect(texts(tools.slice(0, 2))).toEqual([['hi'], ['look', 'tool_use'], ['tool_result']])
})

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
  await startWorkspace(lab)
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const sent = () =>
  lab.server.requests.at(-1)?.body.messages?.map(({ role, content }) => [role, content[0]?.text])
const seen = (words: string | RegExp) =>
  until(() => (typeof words === 'string' ? lab.screen(pane).includes(words) : words.test(lab.screen(pane))), {
    what: `${words} on the screen`,
  })

test('after a failure /retry sends the same again, once; after an answer it asks once more', async () => {
  lab.type(pane, '/retry')
  await seen('nothing was said here yet')
  lab.server.respondWith([status(403, 'AccessDeniedException', 'No access.')], say('now it works'))
  lab.type(pane, 'hello there')
  await seen('/retry sends it again')
  await promptUp(lab, 'dev-1')
  lab.type(pane, '/retry')
  await seen(/^now it works$/m)
  await promptUp(lab, 'dev-1')
  expect(sent()).toEqual([['user', 'hello there']])
  expect(said(lab, 'dev-1').map(({ text }) => text)).toEqual(['hello there', 'now it works'])

  lab.server.respondWith(say('works better'))
  lab.type(pane, '/retry')
  await seen(/^works better$/m)
  expect(lab.screen(pane)).toMatch(/^> hello there$/m)
  expect(said(lab, 'dev-1').map(({ text }) => text)).toEqual([
    'hello there',
    'now it works',
    'hello there',
    'works better',
  ])
})

test('an answer that broke off is asked for anew, is kept, and is not sent again', async () => {
  lab.server.respondWith([start(), text('so far '), wait(20), fault('fin')], say('all of it'), say('more'))
  lab.type(pane, 'hello there')
  await seen('/retry sends it again')
  await promptUp(lab, 'dev-1')
  lab.type(pane, '/retry')
  await seen(/^all of it$/m)
  expect(sent()).toEqual([['user', 'hello there']])
  await promptUp(lab, 'dev-1')
  lab.type(pane, 'and')
  await seen(/^more$/m)
  expect(sent()).toEqual([
    ['user', 'hello there'],
    ['assistant', 'all of it'],
    ['user', 'and'],
  ])
  expect(said(lab, 'dev-1').slice(0, 3)).toEqual([
    { role: 'user', text: 'hello there', partial: false },
    { role: 'assistant', text: 'so far ', partial: true },
    { role: 'assistant', text: 'all of it', partial: false },
  ])
})

test('a session that comes back unanswered offers /retry', async () => {
  lab.type(pane, 'endless')
  await seen('on and on')
  lab.keys(pane, 'C-c')
  await seen('(stopped; what came is kept)')
  await promptUp(lab, 'dev-1')
  lab.server.respondWith([status(403, 'AccessDeniedException', 'No access.')])
  lab.type(pane, 'say anew')
  await seen('/retry sends it again')
  await promptUp(lab, 'dev-1')
  await lab.q(['mux', 'stop'])
  await startWorkspace(lab)
  await seen('(this was not answered; /retry has it answered)')
  lab.type(pane, '/retry')
  await seen(/^anew$/m)
})
