import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Block } from '../../src/domain/message.ts'
import { appendMessage, readMessages, updateMessage } from '../../src/store/messages.ts'
import { countPrompts, dropPrompt, enqueuePrompt, peekPrompt, takePrompt } from '../../src/store/prompts.ts'
import { getSession } from '../../src/store/sessions.ts'
import type { Store } from '../../src/store/store.ts'
import { rejectionOf } from '../support/thrown.ts'
import { until } from '../support/until.ts'
import { addSession, type Home, id, openHome } from './harness.ts'

let home: Home
let store: Store
let clock = 0
beforeEach(async () => {
  home = openHome()
  clock = 1000
  store = await home.open({ now: () => clock })
  await addSession(store, 1)
  await addSession(store, 2)
})
afterEach(() => home.dispose())

const text = (words: string): Block[] => [{ type: 'text', text: words }]

describe('messages', () => {
  test('are numbered per conversation, come back as they were said, and make their session the last active', async () => {
    const blocks: Block[] = [
      { type: 'text', text: 'tab\t, nul \0, 🦊 and \'"\\' },
      { type: 'tool_use', id: 't', name: 'run', input: { list: [1, null, { a: true }] } },
      { type: 'tool_result', id: 't', content: '', status: 'error' },
    ]
    expect(await appendMessage(store, id(1), 'user', text('a'))).toBe(1)
    clock = 2000
    expect(await appendMessage(store, id(1), 'assistant', blocks)).toBe(2)
    expect(await appendMessage(store, id(2), 'user', text('b'))).toBe(1)
    expect(readMessages(store, id(1))).toEqual([
      { seq: 1, role: 'user', blocks: text('a'), partial: false, createdAt: 1000 },
      { seq: 2, role: 'assistant', blocks, partial: false, createdAt: 2000 },
    ])
    expect(getSession(store, id(1))).toMatchObject({ messages: 2, lastActive: 2000 })
  })

  test('grow while they are partial, seen by another connection at each step', async () => {
    const reader = await home.open()
    const seq = await appendMessage(store, id(1), 'assistant', [], true)
    const seen = () => readMessages(reader, id(1)).map(({ blocks, partial }) => ({ blocks, partial }))
    expect(seen()).toEqual([{ blocks: [], partial: true }])
    await updateMessage(store, id(1), seq, text('one'), true)
    expect(seen()).toEqual([{ blocks: text('one'), partial: true }])
    await updateMessage(store, id(1), seq, text('one two'), false)
    expect(seen()).toEqual([{ blocks: text('one two'), partial: false }])
  })

  test('of a conversation that does not exist are refused', async () => {
    expect(await rejectionOf(appendMessage(store, id(9), 'user', text('a')))).toMatchObject({
      name: 'UserError',
    })
    expect(readMessages(store, id(9))).toEqual([])
  })
})

describe('queued prompts', () => {
  test('are taken in their order, each into the conversation as the next message of the user', async () => {
    expect(await enqueuePrompt(store, id(1), 'first')).toBe(1)
    expect(await enqueuePrompt(store, id(1), 'second')).toBe(2)
    expect(await enqueuePrompt(store, id(2), 'elsewhere')).toBe(1)
    for (const [seq, words] of [
      [1, 'first'],
      [2, 'second'],
    ] as const) {
      const next = peekPrompt(store, id(1))
      expect(next?.text).toBe(words)
      expect(peekPrompt(store, id(1))).toEqual(next)
      expect(await takePrompt(store, id(1), next?.promptId ?? 0)).toBe(seq)
    }
    expect(peekPrompt(store, id(1))).toBeUndefined()
    expect(readMessages(store, id(1)).map(({ role, blocks }) => [role, blocks])).toEqual([
      ['user', text('first')],
      ['user', text('second')],
    ])
    expect([countPrompts(store, id(1)), countPrompts(store, id(2))]).toEqual([0, 1])
  })

  test('have ids that are never given again: who looked at one does not take another', async () => {
    await enqueuePrompt(store, id(1), 'a')
    const { promptId = 0 } = peekPrompt(store, id(1)) ?? {}
    await takePrompt(store, id(1), promptId)
    await enqueuePrompt(store, id(1), 'b')
    expect(await takePrompt(store, id(1), promptId)).toBeUndefined()
    expect(peekPrompt(store, id(1))?.text).toBe('b')
  })

  test('are taken once, and dropped without a message', async () => {
    await enqueuePrompt(store, id(1), 'a')
    const { promptId = 0 } = peekPrompt(store, id(1)) ?? {}
    expect(await takePrompt(store, id(1), promptId)).toBe(1)
    expect(await takePrompt(store, id(1), promptId)).toBeUndefined()
    await enqueuePrompt(store, id(1), '/quit')
    await dropPrompt(store, peekPrompt(store, id(1))?.promptId ?? 0)
    expect(countPrompts(store, id(1))).toBe(0)
    expect(readMessages(store, id(1))).toHaveLength(1)
  })

  test('are nothing but prompts, unless they were queued as what may be a command', async () => {
    await enqueuePrompt(store, id(1), '/quit')
    const first = peekPrompt(store, id(1))
    expect(first).toMatchObject({ text: '/quit', mayBeCommand: false })
    await dropPrompt(store, first?.promptId ?? 0)
    await enqueuePrompt(store, id(1), '/quit', true)
    expect(peekPrompt(store, id(1))).toMatchObject({ text: '/quit', mayBeCommand: true })
  })

  test('are each taken exactly once when five processes queue and four others take at the same time', async () => {
    const senders = [...Array(5)].map(() => home.start('enqueue', id(1), '30'))
    await until(() => countPrompts(store, id(1)) > 20)
    const takers = [...Array(4)].map(() => home.start('take', id(1)))
    expect(await Promise.all([...senders, ...takers].map((child) => child.ended))).toEqual(Array(9).fill(0))
    const last = home.start('take', id(1))
    expect(await last.ended).toBe(0)

    const acknowledged = [...takers, last].flatMap((child) => child.lines.slice(1)).sort()
    const stored = readMessages(store, id(1)).map(
      ({ seq, blocks }) => `${seq} ${blocks[0]?.type === 'text' ? blocks[0].text : ''}`,
    )
    expect(stored.toSorted()).toEqual(acknowledged)
    for (const { pid } of senders) {
      const own = stored.map((line) => line.split(' ')).filter((words) => words[1] === String(pid))
      expect(own.map((words) => Number(words[2]))).toEqual([...Array(30).keys()])
    }
    expect(stored).toHaveLength(150)
    expect(countPrompts(store, id(1))).toBe(0)
  })
})
