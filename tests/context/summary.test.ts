import { expect, test } from 'vitest'
import { shortenedText } from '../../src/context/cut.ts'
import { summaryRequest } from '../../src/context/summary.ts'
import { type Message, textOf } from '../../src/domain/message.ts'
import { assistant, result, text, use, user } from '../support/histories.ts'
import { random } from '../support/random.ts'

function conversationIn(messages: readonly Message[], limit: number): string {
  const request = summaryRequest(() => messages, { limit, hint: '', earlier: undefined })
  const [, inside = ''] = /<conversation>\n([\s\S]*)\n<\/conversation>/.exec(textOf(request)) ?? []
  return inside
}

test('a short conversation is there as it was said', () => {
  const messages = [user(text('why?')), assistant(text('because'), use('a')), user(result('a', 'done'))]
  expect(conversationIn(messages, 10_000)).toBe(
    '[developer]: why?\n\n[assistant]: because\n\n[the assistant used run]: {"id":"a"}\n\n[the tool answered]: done',
  )
})

test('of a longer one the long parts are cut first, and then the middle: never more than the limit and a word about it', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const { below, pick } = random(seed)
    const messages = Array.from({ length: 1 + below(60) }, (_, at) => {
      const words = `word${at} `.repeat(1 + below(pick([3, 40, 400])))
      return at % 2 === 0 ? user(text(words)) : assistant(text(words))
    })
    const limit = pick([300, 1001, 5000, 40_000])
    const whole = conversationIn(messages, 10_000_000)
    const said = conversationIn(messages, limit)
    expect(said.length, `seed ${seed}`).toBeLessThanOrEqual(limit + 60)
    if (whole.length <= limit) expect(said).toBe(whole)
    else if (messages.every((message) => textOf(message).length <= 250))
      expect(said, `seed ${seed}`).toBe(shortenedText(whole, limit))
  }
})

test('a very long one is gone through in pieces', () => {
  const most = 30_000
  let asked = 0
  function* endless(): Generator<Message> {
    for (let at = 0; at < most; at += 1) {
      asked += 1
      yield user(text(`message ${at} ${'x'.repeat(200)}`))
    }
  }
  const request = summaryRequest(endless, { limit: 20_000, hint: '', earlier: undefined })
  expect(textOf(request)).toContain('message 0 ')
  expect(textOf(request)).toContain(`message ${most - 1} `)
  // Seven looks at its beginning, and one at all of it.
  expect(asked).toBeLessThan(most + 7 * 200)
})
