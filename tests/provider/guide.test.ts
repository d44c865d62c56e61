import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Message } from '../../src/domain/message.ts'
import { guideProvider } from '../../src/provider/guide/guide.ts'
import { splitSections } from '../../src/provider/guide/guide-docs.ts'
import { all, failureIn, said, user } from './harness.ts'

const docs = fileURLToPath(new URL('fixture-docs', import.meta.url))
const instant = guideProvider({ docs, sleep: async () => {} })
const bot = (text: string): Message => ({ role: 'assistant', blocks: [{ type: 'text', text }] })

async function answer(...messages: Message[]): Promise<string> {
  const events = await all(instant.stream({ messages }, new AbortController().signal))
  expect(events.at(-1)).toEqual({ type: 'end', stopReason: 'end_turn' })
  return said(events)
}

test.each([
  ['how do I jump to a waiting session?', 'Jump to the session that waits', 'keys.md'],
  ['How can I close sessions', 'Close a session', 'sessions.md'],
  ['renaming?', 'Names', 'sessions.md'],
  ['cleanup_after_days', 'Close a session', 'sessions.md'],
])('"%s" is answered from "%s" in %s', async (question, heading, file) => {
  expect(await answer(user(question))).toContain(`From "${heading}" in ${file}:`)
})

test('the section is quoted whole, with its code', async () => {
  expect(await answer(user('jump to what waits'))).toContain('```\n# not a heading\nbind a\n```')
})

test('it says once that it is not a model', async () => {
  expect(await answer(user('close a session'))).toMatch(/^I am the guide .* not a model/)
  expect(await answer(user('hi'), bot('…'), user('close a session'))).not.toContain('not a model')
})

test.each([
  'What is the weather in Paris?',
  'does the forecast for Oslo close with rain',
  '',
  'how do I?',
  'zxcvb',
])('"%s" gets the list of topics', async (prompt) => {
  const text = await answer(user(prompt))
  expect(text).toContain('Nothing in the user guide answers that.')
  expect(text).toContain('- Close a session\n')
  expect(text).toContain('tour')
})

test('the tour goes on with `next`, by number, and in the session it opened', async () => {
  const one = await answer(user('tour'))
  expect(one).toMatch(/^Tour, step 1 of 5[\s\S]*\/new planning trip/)
  const two = await answer(user('tour'), bot(one), user('next'))
  expect(two).toMatch(/^Tour, step 2 of 5[\s\S]*count to 20/)
  expect(await answer(user('next'))).toBe(two)
  const three = await answer(user('tour'), bot(one), user('next'), bot(two), user('Next!'))
  expect(three).toMatch(/^Tour, step 3 of 5/)
  expect(await answer(user('tour 3'))).toBe(three)
  const five = await answer(user('tour 5'))
  expect(five).toMatch(/aws configure[\s\S]*AWS_BEARER_TOKEN_BEDROCK/)
  expect(await answer(user('tour 5'), bot(five), user('next'))).toMatch(/whole tour/)
})

test('each step of the tour says what to type next, and the next step is that', async () => {
  for (const number of [1, 2, 3]) {
    const text = await answer(user(`tour ${number}`))
    expect(text, text).toContain(`\`tour ${number + 1}\``)
  }
})

const tools = [{ name: 'execute_bash', description: '', schema: {} }]

test('the fourth step counts to ten and asks to run a harmless command, where there are tools', async () => {
  const pauses: number[] = []
  const guide = guideProvider({ docs, sleep: async (ms) => void pauses.push(ms) })
  const signal = new AbortController().signal
  const events = await all(guide.stream({ messages: [user('tour 4')], tools }, signal))
  expect(said(events)).toMatch(/^Tour, step 4 of 5[\s\S]*10 9 8 7 6 5 4 3 2 1 \n$/)
  expect(pauses.filter((ms) => ms === 1000)).toHaveLength(10)
  expect(events.slice(-2)).toEqual([
    {
      type: 'tool_use',
      id: 'tour-1',
      name: 'execute_bash',
      input: { command: 'echo hello from q', summary: 'A harmless command of the tour' },
    },
    { type: 'end', stopReason: 'tool_use' },
  ])
  expect(await answer(user('tour 4'))).toMatch(/There are no tools here/)
})

test.each([
  ['success', '{"exit_status":"0","stdout":"hello from q\\n"}', /^It was allowed, and it ran/],
  ['error', 'The user declined this: it was not run.', /^You declined, so nothing ran/],
  [
    'error',
    "It was not run: the user's rule \u001b[31mexecute_bash denies it.",
    /^It did not run: It was not/,
  ],
] as const)(
  'after its command (%s: %s) the guide says what that meant, and how to go on',
  async (status, content, words) => {
    const text = await answer(user('tour 4'), bot('Tour, step 4 of 5'), {
      role: 'user',
      blocks: [{ type: 'tool_result', id: 'tour-1', status, content }],
    })
    expect(text).toMatch(words)
    expect(text).toContain('Type `tour 5`')
    expect(text).not.toContain('\u001b')
  },
)

test('a prompt beside the result of a command that was cut off is answered, and so is a result that is not its own', async () => {
  const result = { type: 'tool_result', id: 'tour-1', status: 'error', content: 'interrupted' } as const
  const next = await answer(user('tour 4'), bot('Tour, step 4 of 5'), {
    role: 'user',
    blocks: [result, { type: 'text', text: 'tour 5' }],
  })
  expect(next).toMatch(/^Tour, step 5 of 5/)
  const other = await answer(user('x'), bot('y'), { role: 'user', blocks: [{ ...result, id: 'a-model' }] })
  expect(other).toContain('Nothing in the user guide')
})

test('words about a tour are a question, not a wish for one', async () => {
  expect(await answer(user('what does the tour cost'))).toContain('Nothing in the user guide')
})

test('it counts one number a second, at most to 120', async () => {
  const pauses: number[] = []
  const guide = guideProvider({ docs, sleep: async (ms) => void pauses.push(ms) })
  const events = await all(guide.stream({ messages: [user('count to 999')] }, new AbortController().signal))
  expect(said(events)).toMatch(/^1, 2, 3, .* 119, 120\. Done/)
  expect(pauses.filter((ms) => ms === 1000)).toHaveLength(119)
})

test('answers come in small pieces, 80 to 150 words a second', async () => {
  const pauses: number[] = []
  const guide = guideProvider({ docs, sleep: async (ms) => void pauses.push(ms) })
  await all(guide.stream({ messages: [user('close a session')] }, new AbortController().signal))
  const perSecond = (pauses.length * 1000) / pauses.reduce((sum, ms) => sum + ms, 0)
  expect(perSecond).toBeGreaterThan(80)
  expect(perSecond).toBeLessThan(150)
})

test('counting stops when it is aborted, in the middle of a second', async () => {
  const stopper = new AbortController()
  const events = guideProvider({ docs }).stream({ messages: [user('count to 100')] }, stopper.signal)
  const iterator = events[Symbol.asyncIterator]()
  await iterator.next()
  const next = iterator.next()
  stopper.abort()
  const first = await Promise.race([next, sleep(700, 'too late')])
  expect(first).toMatchObject({ value: { type: 'failure', kind: 'aborted' } })
})

test('without its documents the guide fails in words, and still gives the tour', async () => {
  const guide = guideProvider({ docs: '/nonexistent', sleep: async () => {} })
  const signal = new AbortController().signal
  expect(failureIn(await all(guide.stream({ messages: [user('keys?')] }, signal))).message).toContain(
    '/nonexistent',
  )
  expect(said(await all(guide.stream({ messages: [user('tour')] }, signal)))).toContain('step 1')
})

test('headings inside code are no headings, and sections without text are left out', () => {
  const sections = splitSections('a.md', '# Title\n\n## One `x` ##\ntext\n~~~\n# no\n~~~\n### Two\nmore')
  expect(sections.map(({ level, heading, text }) => [level, heading, text])).toEqual([
    [2, 'One x', 'text\n~~~\n# no\n~~~'],
    [3, 'Two', 'more'],
  ])
})
