import { afterEach, beforeEach, expect, test } from 'vitest'
import { withOptionalValues } from '../../src/cli/optional-value.ts'
import type { StoredMessage } from '../../src/domain/message.ts'
import { appendMessage } from '../../src/store/messages.ts'
import { completeSession } from '../../src/store/sessions.ts'
import { createStyle } from '../../src/text/style.ts'
import { historyLines, recap } from '../../src/worker/recap.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { openStoreAt } from '../support/store.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

const plain = createStyle(false)

test('a conversation that comes back shows its last exchange, and that the answer was cut off', () => {
  const shown = recap([user('go'), answer('on \u001b]0;x\u0007it', true)], plain).slice(1)
  expect(shown).toEqual([
    '> go',
    'on it',
    '(this answer was cut off; say "go on" to have it continued, or /retry to ask again)',
  ])
  expect(recap([user('go'), answer('done')], plain).slice(1)).toEqual(['> go', 'done'])
  expect(recap([user('go')], plain).at(-1)).toBe('(this was not answered; /retry has it answered)')
  expect(recap([], plain)).toEqual([])
})

test('long ones are cut, and say where the rest is', () => {
  const [, prompt, reply] = recap([user('line\n'.repeat(50)), answer('word '.repeat(5000))], plain)
  expect(prompt?.split('\n')).toHaveLength(7)
  expect(prompt?.endsWith('… (/history shows all)')).toBe(true)
  expect(reply?.length).toBeLessThan(4100)
})

test('tool uses and their results are notes of one line', () => {
  const messages: StoredMessage[] = [
    user('look'),
    { ...answer('I look.'), blocks: [{ type: 'tool_use', id: 't', name: 'bash', input: { c: 'l\ns' } }] },
    { ...user(''), blocks: [{ type: 'tool_result', id: 't', content: 'a\nb\u001b[2J', status: 'success' }] },
    answer('There are two.'),
  ]
  expect(recap(messages, plain).slice(1)).toEqual(['> look', '(used bash {"c":"l\\ns"})\nThere are two.'])
  expect(historyLines(messages, plain)).toContain('(result: a b [2J)')
})

test.each([
  [['--resume'], ['--resume=']],
  [
    ['--resume', 'x'],
    ['--resume', 'x'],
  ],
  [
    ['--resume', '--name', 'x'],
    ['--resume=', '--name', 'x'],
  ],
  [
    ['fix', '--resume'],
    ['fix', '--resume='],
  ],
  [
    ['--resume', '--', 'x'],
    ['--resume=', '--', 'x'],
  ],
  [
    ['--', '--resume'],
    ['--', '--resume'],
  ],
  [
    ['--resume=x', 'y'],
    ['--resume=x', 'y'],
  ],
])('%j is read as %j', (words, read) => {
  expect(
    withOptionalValues(words, { resume: { type: 'string', optionalValue: true }, name: { type: 'string' } }),
  ).toEqual(read)
})

test('q chat --resume NAME goes on with the newest of that name and shows what was said last', async () => {
  await lab.q(['chat', 'the older one', '--name', 'twin'])
  await lab.q(['chat', 'the newer one', '--name', 'twin'])
  const terminal = lab.terminal(['chat', '--resume', 'twin'])
  await until(() => terminal.screen().includes('[twin] q>'))
  expect(terminal.screen()).toContain('> the newer one')
  expect(terminal.screen()).not.toContain('the older one')
  terminal.type('/quit')
  await until(() => terminal.screen().includes('come back: q chat --resume twin'))
})

test('without a name, one is picked by what was said in it; a closed session comes back open', async () => {
  await lab.q(['chat', 'about ｂｕｃｋｅｔｓ of 水', '--name', 'water'])
  await lab.q(['chat', 'about fire', '--name', 'fire'])
  const store = await openStoreAt(lab.database)
  const water = (await lab.list('--all')).sessions.find(({ name }) => name === 'water')
  await appendMessage(store, water?.id ?? '', 'assistant', [{ type: 'text', text: 'it rains' }], true)
  await completeSession(store, water?.id ?? '')
  store.close()
  const terminal = lab.terminal(['chat', '--resume'])
  await until(() => /water .* it rains\n.*fire/s.test(terminal.screen()))
  terminal.keys('r', 'a', 'i', 'n')
  await until(() => !terminal.screen().includes('fire'))
  terminal.keys('Enter')
  await until(() => terminal.screen().includes('[water] q>'))
  expect(terminal.screen()).toContain(
    '(this answer was cut off; say "go on" to have it continued, or /retry to ask again)',
  )
  terminal.type('say and on')
  await until(() => terminal.screen().split('[water] q>').length === 3)
  expect((await lab.list('--all')).sessions.find(({ name }) => name === 'water')?.status).not.toBe(
    'Completed',
  )
})

test('without a terminal, and with nothing to go on with, it says so', async () => {
  expect((await lab.q(['chat', '--resume'])).stderr).toContain('there is no conversation to continue')
  await lab.q(['chat', 'hello', '--name', 'one'])
  const refused = await lab.q(['chat', '--resume'])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('name it: q chat --resume NAME')
  expect((await lab.q(['chat', '--resume', 'on', 'and more'])).code).toBe(0)
})

test('a window of the workspace shows it too, when its worker is back', async () => {
  await lab.q(['mux', 'new', 'back', '--background', '--prompt', 'remember me'])
  await until(async () => (await lab.list()).sessions.some(({ messages }) => messages === 2))
  await lab.q(['mux', 'stop'])
  await lab.q(['mux', '--detach'])
  await until(() => lab.screen().includes('> remember me') && lab.screen().includes('[back] q>'))
})

function user(text: string): StoredMessage {
  return { role: 'user', blocks: [{ type: 'text', text }], seq: 1, partial: false, createdAt: 0 }
}

function answer(text: string, partial = false): StoredMessage {
  return { role: 'assistant', blocks: [{ type: 'text', text }], seq: 2, partial, createdAt: 0 }
}
