import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readMessages } from '../../src/store/messages.ts'
import { random } from '../support/random.ts'
import { until } from '../support/until.ts'
import { addSession, type Home, id, integrity, openHome } from './harness.ts'

let home: Home
beforeEach(() => {
  home = openHome()
})
afterEach(() => home.dispose())

const kills = 40

test('a writer killed at any moment, 40 times, loses nothing it acknowledged; what was cut off is partial', async () => {
  const { below } = random(1)
  const store = await home.open()
  for (let number = 1; number <= kills; number += 1) await addSession(store, number)
  store.close()
  let acknowledged = 0
  let cut = 0

  const kill = async (number: number): Promise<void> => {
    const writer = home.start('write', id(number))
    await until(() => writer.lines.length > 0, { every: 2 })
    await sleep(below(40))
    expect(await writer.kill('SIGKILL')).toBe('SIGKILL')
    expect(writer.errors()).toBe('')

    const after = await home.open()
    const messages = readMessages(after, id(number))
    const bySeq = new Map(messages.map((message) => [message.seq, message]))
    for (const line of writer.lines) {
      const [kind, seq, ...rest] = line.split(' ')
      const message = bySeq.get(Number(seq))
      const [block] = message?.blocks ?? []
      const text = block?.type === 'text' ? block.text : undefined
      if (kind === 'whole') expect(text, line).toBe(rest.join(' '))
      else expect(text?.length, line).toBeGreaterThanOrEqual(Number(rest[0]))
      expect(message?.partial, line).toBe(kind === 'part' && text?.length !== 2700)
    }
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1))
    expect(messages.slice(0, -1).every(({ partial }) => !partial)).toBe(true)
    expect(integrity(after)).toBe('ok')
    after.close()
    acknowledged += writer.lines.length
    cut += messages.at(-1)?.partial ? 1 : 0
  }

  // Two at a time: one's end is another's neighbour, as with workers.
  for (let number = 1; number < kills; number += 2) await Promise.all([kill(number), kill(number + 1)])
  expect(acknowledged).toBeGreaterThan(kills)
  expect(cut).toBeGreaterThan(0)
})
