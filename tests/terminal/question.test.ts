import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTerminalLab, type TerminalLab } from '../support/terminal-lab.ts'
import { typedAhead } from '../support/typing.ts'
import { until } from '../support/until.ts'

let lab: TerminalLab
beforeEach(() => {
  lab = openTerminalLab()
})
afterEach(() => lab.dispose())

const line = (text: string) => ({ type: 'line', text })
const place = '[y/n/t]:'
const asked = (text: string) =>
  JSON.stringify({
    tool: 'execute_bash',
    lines: [{ kind: 'text', text }],
    trust: 'this very command line, in this directory',
  })
const rounds = 2

/**
 * In a real terminal: the keys have come, the process says so, and only then it asks. So each trial tests something; what
 * is unread while the question is drawn is tried in ahead.test.ts.
 */
test('what came before a question for leave never answers it, and a trial counts only when it came', {
  timeout: 120_000,
}, async () => {
  const yes: string[] = []
  let tested = 0
  await Promise.all(
    Array.from({ length: rounds }, async (_, round) => {
      for (const [trial, keys] of typedAhead.entries()) {
        const pty = await lab.pty()
        const words = `echo ${round}-${trial}`
        pty.write(keys)
        await until(async () => (await pty.act<number>('received')) >= keys.length)
        if (pty.output().includes(words)) throw new Error('Expected no question yet')
        const answer = pty.act<string>('askPermission', asked(words))
        await until(() => pty.output().includes(place))
        await pty.act('cancel')
        if (/^\s*[yt]/i.test(await answer)) yes.push(`${words}: ${JSON.stringify(keys.slice(0, 40))}`)
        tested++
        pty.end()
      }
    }),
  )
  expect(yes).toEqual([])
  expect(tested).toBe(rounds * typedAhead.length)
})

test('keys from before a question are for the next line, and keys after it answer', async () => {
  const pane = await lab.pane()
  await pane.act('stream')
  pane.type('y')
  pane.keys('Enter')
  pane.type('half')
  await new Promise((resolve) => setTimeout(resolve, 50))
  await pane.act('end')
  const asked = pane.act('ask', 'details\nAllow? [y/n]: ')
  await until(() => pane.screen() === 'details\nAllow? [y/n]:')
  await new Promise((resolve) => setTimeout(resolve, 400))
  pane.type('no way')
  pane.keys('Enter')
  expect(await asked).toBe('no way')
  expect(await pane.act('read', 'q> ')).toEqual(line('y'))
  void pane.act('read', 'q> ')
  await until(() => pane.screen().endsWith('q> y\nq> half'))
})

test('an answer may come at once when nothing was typed ahead', async () => {
  const pane = await lab.pty()
  const read = pane.act('read', 'q> ')
  await until(() => pane.output().includes('q> '))
  pane.write('/close\r')
  expect(await read).toEqual(line('/close'))
  const asked = pane.act('ask', 'Close? [y/n]: ')
  await until(() => pane.output().includes('Close?'), { every: 1 })
  await new Promise((resolve) => setTimeout(resolve, 30))
  pane.write('y\r')
  expect(await asked).toBe('y')
})

test('a paste into a question is text of the answer and submits nothing', async () => {
  const pane = await lab.pane()
  const asked = pane.act('ask', 'Allow? [y/n]: ')
  await until(() => pane.screen().includes('Allow?'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  pane.paste('no, because\nof this\u001b[201~\r')
  await until(() => pane.screen() === 'Allow? [y/n]: no, because\nof this')
  await new Promise((resolve) => setTimeout(resolve, 300))
  pane.keys('BSpace', 'Enter')
  expect(await asked).toBe('no, because\nof this')
})

test('Ctrl-C denies, also before the question takes keys, and a half-typed line survives a question', async () => {
  const pane = await lab.pane()
  void pane.act('read', 'q> ')
  await until(() => pane.screen() === 'q>')
  pane.type('half')
  await until(() => pane.screen() === 'q> half')
  const asked = pane.act('ask', 'Allow? [y/n]: ')
  await until(() => pane.screen().includes('Allow?'))
  pane.keys('C-c')
  expect(await asked).toBe('')
  await until(() => pane.screen().endsWith('q> half'))
})

test('a question that is taken back is no answer; what was typed is kept, and the Enter behind it sends nothing', async () => {
  const pane = await lab.pane()
  const asked = pane.act('askWithdrawable', 'Allow? [y/n]: ')
  await until(() => pane.screen().includes('Allow?'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  pane.type('yes but')
  await until(() => pane.screen() === 'Allow? [y/n]: yes but')
  await pane.act('withdraw')
  expect(await asked).toEqual({ type: 'withdrawn' })
  await until(() => pane.screen() === 'Allow? [y/n]:')
  pane.keys('Enter')
  const read = pane.act('read', 'q> ')
  await until(() => pane.screen().includes('q> yes but'))
  await new Promise((resolve) => setTimeout(resolve, 1100))
  pane.type('later')
  pane.keys('Enter')
  expect(await read).toEqual(line('yes but\nlater'))
})

test('who was about to answer a question that is taken back does not answer the next one', async () => {
  const pane = await lab.pane()
  const first = pane.act('askWithdrawable', 'First? [y/n]: ')
  await until(() => pane.screen().includes('First?'))
  await pane.act('withdraw')
  expect(await first).toEqual({ type: 'withdrawn' })
  const second = pane.act('ask', 'Second? [y/n]: ')
  await until(() => pane.screen().includes('Second?'))
  // Half a second: more than who merely typed ahead has to pause.
  await new Promise((resolve) => setTimeout(resolve, 500))
  pane.type('y')
  pane.keys('Enter')
  await new Promise((resolve) => setTimeout(resolve, 1200))
  pane.type('n')
  pane.keys('Enter')
  expect(await second).toBe('n')
})

test('a question that was answered before it could be asked is not shown', async () => {
  const pane = await lab.pane()
  expect(await pane.act('askWithdrawn', 'Allow? [y/n]: ')).toEqual({ type: 'withdrawn' })
  const asked = pane.act('askWithdrawable', 'Next? [y/n]: ')
  await until(() => pane.screen() === 'Next? [y/n]:')
  pane.keys('C-c')
  expect(await asked).toEqual({ type: 'interrupt' })
  await pane.act('withdraw')
})
