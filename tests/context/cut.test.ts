import { describe, expect, test } from 'vitest'
import { placeToCut, rememberedHistory } from '../../src/context/cut.ts'
import { tokensOf } from '../../src/context/token-estimate.ts'
import type { Message, StoredMessage } from '../../src/domain/message.ts'
import { assistant, faultOf, randomHistory, result, text, use, user } from '../support/histories.ts'
import { random } from '../support/random.ts'

const stored = (messages: readonly Message[]): StoredMessage[] =>
  messages.map((message, at) => ({ ...message, seq: at + 1, partial: false, createdAt: 0 }))
const window = 10_000
const long = 'word '.repeat(2000)

function exchange(number: number, words = ''): Message[] {
  return [user(text(`question ${number} ${words}`)), assistant(text(`answer ${number}`))]
}

describe('the place to cut', () => {
  test.each<[string, Message[], number, number | undefined]>([
    ['nothing', [], 1000, undefined],
    ['one exchange', exchange(1), 1000, undefined],
    ['of two exchanges the first one goes', [...exchange(1), ...exchange(2)], 1000, 3],
    ['of four the last two stay', [1, 2, 3, 4].flatMap((number) => exchange(number)), 1000, 5],
    [
      'only one stays where two are too long',
      [...exchange(1), ...exchange(2, long), ...exchange(3)],
      1000,
      5,
    ],
    [
      'a prompt without an answer stays with the exchange before it',
      [...exchange(1), ...exchange(2), user(text('3'))],
      1000,
      3,
    ],
    ['a prompt that alone is too long stays all the same', [...exchange(1), user(text(long))], 1000, 3],
    [
      'in one long exchange the last rounds stay, each use with its result',
      [
        user(text('go')),
        assistant(use('a')),
        user(result('a', long)),
        assistant(use('b')),
        user(result('b')),
        assistant(use('c')),
        user(result('c')),
      ],
      1000,
      4,
    ],
    [
      'a last result that alone is too long stays with its use',
      [
        user(text('go')),
        assistant(use('a')),
        user(result('a')),
        assistant(use('b')),
        user(result('b', long)),
      ],
      1000,
      4,
    ],
    [
      'a single exchange that is short is left alone',
      [user(text('go')), assistant(use('a')), user(result('a'))],
      1000,
      undefined,
    ],
  ])('%s', (_, messages, room, place) => {
    expect(placeToCut(stored(messages), room)).toBe(place)
  })

  test('whatever the conversation, what is kept is valid, and a use that is kept has the result it had', () => {
    let cuts = 0
    for (let seed = 1; seed <= 5000; seed += 1) {
      const { below, pick } = random(seed)
      const messages = stored([...randomHistory(random(seed)), ...plausible(seed)])
      const place = placeToCut(messages, pick([1, 20, 60, 200]))
      const beginsAt = place ?? 1 + below(messages.length + 2)
      if (place !== undefined) cuts += 1
      const sent = rememberedHistory(
        messages,
        { beginsAt, summary: below(2) === 0 ? 'so far' : undefined },
        window,
      )
      expect(faultOf(sent), `seed ${seed} at ${beginsAt}: ${JSON.stringify(messages)}`).toBeUndefined()
    }
    expect(cuts).toBeGreaterThan(2000)
  })

  test('the end of a conversation, with what fits and the last answer, is enough to find it', () => {
    let cuts = 0
    for (let seed = 1; seed <= 3000; seed += 1) {
      const { pick } = random(seed)
      const messages = stored([...plausible(seed), ...(seed % 2 ? randomHistory(random(seed)) : [])])
      const room = pick([1, 20, 60, 200])
      const begin = messages.findLastIndex((_, at) => {
        const end = messages.slice(at)
        return tokensOf(end) > room && end.some(({ role }) => role === 'assistant')
      })
      if (begin <= 0) continue
      const plain = ({ role, blocks }: StoredMessage) =>
        role === 'user' && blocks.length > 0 && blocks.every(({ type }) => type === 'text')
      const lastPrompt = messages.slice(1).findLast(plain)?.seq
      const place = placeToCut(messages.slice(begin), room, { lastPrompt })
      expect(place, `seed ${seed}`).toBe(placeToCut(messages, room))
      if (place !== undefined) cuts += 1
    }
    expect(cuts).toBeGreaterThan(500)
  })

  test('in a plausible conversation no result of a kept use is lost, and the summary comes first', () => {
    for (let seed = 1; seed <= 2000; seed += 1) {
      const messages = stored(plausible(seed))
      const place = placeToCut(messages, random(seed).pick([1, 30, 100, 300]))
      if (place === undefined) continue
      const sent = rememberedHistory(messages, { beginsAt: place, summary: 'SO FAR' }, window)
      expect(JSON.stringify(sent[0])).toContain('SO FAR')
      expect(JSON.stringify(sent), `seed ${seed}`).not.toContain('interrupted')
      const kept = messages.filter(({ seq }) => seq >= place)
      for (const { blocks } of kept)
        for (const block of blocks)
          if (block.type !== 'text') expect(sent.flatMap((message) => message.blocks)).toContainEqual(block)
    }
  })
})

describe('what is sent', () => {
  test('everything without a memory, nothing of before with one that is cleared', () => {
    const messages = stored([...exchange(1), ...exchange(2), user(text('now'))])
    expect(rememberedHistory(messages, undefined, window)).toHaveLength(5)
    const cleared = rememberedHistory(messages, { beginsAt: 5, summary: undefined }, window)
    expect(cleared).toEqual([user(text('now'))])
  })

  test('a summary cannot end its own tags', () => {
    const summary = 'x </summary_of_the_conversation_so_far> y'
    const [first] = rememberedHistory(stored([user(text('now'))]), { beginsAt: 1, summary }, window)
    expect(first?.blocks[0]).toMatchObject({
      text: expect.stringMatching(/<\/summary_of_the_conversation_so_far_2>/),
    })
  })

  test('a result of a tool has at most a quarter of the window, its beginning and its end', () => {
    const output = `begin ${'x'.repeat(90_000)} end`
    const messages = stored([user(text('go')), assistant(use('a')), user(result('a', output))])
    const [, , last] = rememberedHistory(messages, undefined, 8000)
    expect(tokensOf(last ? [last] : [])).toBeLessThan(2100)
    expect(JSON.stringify(last)).toMatch(/begin x+.*characters left out.*x+ end/)
    expect(JSON.stringify(messages)).toContain(output)
  })
})

/** Prompts, answers and tools as our own program keeps them. */
function plausible(seed: number): Message[] {
  const { below } = random(seed * 7)
  const messages: Message[] = []
  for (let exchanges = below(5) + 1; exchanges > 0; exchanges -= 1) {
    messages.push(user(text(`question ${'w '.repeat(below(30))}`)))
    for (let rounds = below(4); rounds > 0; rounds -= 1) {
      const ids = [...Array(below(3) + 1).keys()].map((at) => `${messages.length}-${at}`)
      messages.push(assistant(text('looking'), ...ids.map(use)))
      messages.push(user(...ids.map((id) => result(id, `output ${id} ${'o '.repeat(below(60))}`))))
    }
    if (exchanges > 1 || below(2) === 0) messages.push(assistant(text('done')))
  }
  return messages
}
