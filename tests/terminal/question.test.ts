import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTerminalLab, type Pty, type TerminalLab } from '../support/terminal-lab.ts'
import { until } from '../support/until.ts'

let lab: TerminalLab
beforeEach(() => {
  lab = openTerminalLab()
})
afterEach(() => lab.dispose())

const line = (text: string) => ({ type: 'line', text })
const trials = 1000
const atOnce = 4

/** What is typed or pasted before the question can be seen; each would say yes if it were taken for the answer. */
const typedAhead = [
  'y\r',
  'y\ry\ry\r',
  '\ry\r',
  'yes\r',
  'half a line y',
  '\u001b[200~y\r\u001b[201~',
  '\u001b[200~y\u001b[201~\r',
  '\u001b[200~a\u001b[201~\ry\r\u001b[201~y\r',
  '\u001b[200~y\r'.concat('y\r'.repeat(3000)),
  'y\n',
  '\u0015y\r',
  '\u001b[200~\u001b[201~y\ry\ry\ry\r',
]

test(`of ${trials} trials of typing and pasting ahead of a question none says yes`, {
  timeout: 240_000,
}, async () => {
  const yes: string[] = []
  let tried = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      const pty = await lab.pty()
      while (tried < trials) {
        const trial = tried++
        const typed = typedAhead[trial % typedAhead.length] ?? ''
        if (await saysYes(pty, typed, trial)) yes.push(`${trial}: ${JSON.stringify(typed.slice(0, 40))}`)
      }
    }),
  )
  expect(yes).toEqual([])
})

/** Typed before the process hears of the question, while it is busy just before it asks, or half then and half now. */
async function saysYes(pty: Pty, typed: string, trial: number): Promise<boolean> {
  const question = `Allow ${trial}? [y/n]: `
  const cut = [typed.length, 0, Math.floor(typed.length / 2)][Math.floor(trial / typedAhead.length) % 3] ?? 0
  pty.write(typed.slice(0, cut))
  const asked = pty.act<{ askedAt: number; answer: string }>('busyAsk', JSON.stringify({ ms: 40, question }))
  await new Promise((resolve) => setTimeout(resolve, 5))
  pty.write(typed.slice(cut))
  const writtenAt = Date.now()
  await until(() => pty.output().includes(question), { every: 2 })
  // The rest of an open paste, which cannot know of the question.
  if (typed.startsWith('\u001b[200~') && !typed.includes('\u001b[201~')) pty.write('y\r\u001b[201~')
  await new Promise((resolve) => setTimeout(resolve, 20))
  await pty.act('cancel')
  const { askedAt, answer } = await asked
  // The next trial's keys are to be keys again, not more of this paste.
  if (typed.includes('\u001b[200~')) await new Promise((resolve) => setTimeout(resolve, 150))
  // On a machine that is too busy it was typed after the question, and is an answer.
  return writtenAt < askedAt - 10 && /^\s*y/i.test(answer)
}

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
