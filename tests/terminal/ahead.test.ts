import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Clock } from '../../src/base/clock.ts'
import { permissionDeaf, thisCommand } from '../../src/domain/approval.ts'
import type { Answer } from '../../src/terminal/terminal.ts'
import { endChildren, startProgram } from '../support/child.ts'
import { openTyping, type Typing, type TypingLab, turns, typedAhead } from '../support/typing.ts'
import { until } from '../support/until.ts'

let typing: Typing
beforeEach(() => {
  typing = openTyping()
})
afterEach(async () => {
  typing.dispose()
  await endChildren()
})

const asked = {
  tool: 'execute_bash',
  lines: [{ kind: 'text' as const, text: 'npm test' }],
  trust: thisCommand,
}
const place = '[y/n/t]:'

/** When the keys come: read before the question, waiting unread when it is drawn, half and half, just after. */
const moments = ['read', 'unread', 'half', 'after'] as const

interface Trial {
  answer: Answer
  /** The keys were there when the question was drawn (or just after it), and were all read before it took any. */
  tested: boolean
}

/** A question for permission, and keys that are not for it; what is left of it is taken back by Ctrl-C. */
async function ask(lab: TypingLab, keys: string, moment: (typeof moments)[number]): Promise<Trial> {
  lab.forget()
  const cut = { read: keys.length, unread: keys.length, half: Math.floor(keys.length / 2), after: 0 }[moment]
  lab.write(keys.slice(0, cut))
  if (moment === 'read') for (let turn = 0; turn < 100 && !lab.allRead(); turn++) await turns(1)
  const early = moment !== 'read' || lab.allRead()
  if (lab.output().includes('Allow')) throw new Error('Expected no question yet')
  const answered = lab.terminal.askPermission(asked)
  if (!lab.output().includes('Allow')) throw new Error('Expected the question to be drawn at once')
  lab.write(keys.slice(cut))
  let given: Answer | undefined
  void answered.then((answer) => {
    given = answer
  })
  for (let turn = 0; turn < 1000 && !lab.output().includes(place) && !given; turn++) await turns(1)
  const tested = early && lab.output().includes(place) && lab.allRead()
  await turns(3)
  lab.terminal.cancel()
  return { answer: await answered, tested }
}

/** `Q_LONG=1 npx vitest run tests/terminal/ahead.test.ts` tries it ten thousand times. */
const trials = process.env.Q_LONG ? 10_000 : 2_500

test(`of ${trials} trials of typing y, Enter three times ahead of a question none says yes, beside busy programs`, {
  timeout: 240_000,
}, async () => {
  for (let program = 0; program < 2; program++) startProgram(process.execPath, ['-e', 'for (;;);'])
  const yes: unknown[] = []
  let tested = 0
  for (let trial = 0; trial < trials; trial++) {
    const lab = await typing.open()
    const { answer, tested: counts } = await ask(lab, 'y\ry\ry\r', moments[trial % moments.length] ?? 'read')
    if (answer.type !== 'interrupt') yes.push({ trial, answer })
    else if (counts) tested++
    lab.close()
  }
  expect(yes).toEqual([])
  expect(tested).toBe(trials)
})

test.each(moments)('nothing that is typed or pasted ahead says yes: %s', async (moment) => {
  for (const keys of typedAhead) {
    const lab = await typing.open()
    const { answer, tested } = await ask(lab, keys, moment)
    expect({ keys: keys.slice(0, 40), answer }).toEqual({
      keys: keys.slice(0, 40),
      answer: { type: 'interrupt' },
    })
    expect(tested).toBe(true)
  }
})

/** Time that passes when the test says so. */
function handClock(): Clock & { pass(ms: number): Promise<void> } {
  let now = 0
  const sleepers = new Set<{ at: number; wake(): void }>()
  return {
    now: () => now,
    sleep: (ms) => new Promise((wake) => void sleepers.add({ at: now + ms, wake })),
    async pass(ms) {
      now += ms
      for (const sleeper of [...sleepers].filter(({ at }) => at <= now)) {
        sleepers.delete(sleeper)
        sleeper.wake()
      }
      await turns(10)
    },
  }
}

test('a question takes no key before it was on the screen for its time, and answers to those that come then', async () => {
  const clock = handClock()
  const lab = await typing.open(clock)
  const answered = lab.terminal.askPermission(asked)
  await turns(10)
  await clock.pass(permissionDeaf - 1)
  expect(lab.output()).not.toContain(place)
  lab.write('y\r')
  await until(() => lab.allRead())
  await clock.pass(1)
  // Who types must pause, too.
  expect(lab.output()).not.toContain(place)
  await clock.pass(250)
  expect(lab.output()).toContain(place)
  lab.write('no\r')
  expect(await answered).toEqual({ type: 'line', text: 'no' })
  // It is for the prompt.
  expect(await lab.terminal.read('q> ')).toEqual({ type: 'line', text: 'y' })
})

test('a question that comes back to the screen is looked at anew', async () => {
  const clock = handClock()
  const lab = await typing.open(clock)
  const answered = lab.terminal.askPermission(asked)
  await turns(10)
  await clock.pass(permissionDeaf)
  expect(lab.output()).toContain(place)
  await lab.terminal.handOver(async () => lab.forget())
  await turns(10)
  lab.write('y\r')
  await until(() => lab.allRead())
  await clock.pass(permissionDeaf)
  lab.terminal.cancel()
  expect(await answered).toEqual({ type: 'interrupt' })
})
