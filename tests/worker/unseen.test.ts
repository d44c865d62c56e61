import { afterEach, beforeEach, expect, test } from 'vitest'
import { say } from '../support/bedrock-script.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, startWorkspace } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
  await startWorkspace(lab)
})
afterEach(() => lab.dispose())

const words = (count: number): string => Array.from({ length: count }, (_, at) => `word${at + 1}`).join(' ')

/** Has a session in the background give an answer; resolves when it waits. */
async function answered(answer: string): Promise<void> {
  lab.server.respondWith(say(answer))
  await lab.q(['mux', 'new', 'second', '-b', '--prompt', 'go'])
  await until(() => lab.corner() === '[second]')
  await until(() => lab.screen('=q:second').includes('[second] q>'))
}

/** All that the session's pane shows and showed. */
const everything = (): string => lab.tmux('capture-pane', '-p', '-S', '-', '-t', '=q:second')

/** Cells of the widest row of the answer. */
const widest = (): number => {
  const rows = lab.screen('=q:second').split('\n')
  return Math.max(...rows.filter((row) => row.includes('word')).map((row) => row.length))
}

const times = (text: string, part: string): number => text.split(part).length - 1

test.each([
  ['wider', 150],
  ['narrower', 50],
])(
  'an answer that nobody has seen is laid out for a %s window in which it is seen first',
  async (_, columns) => {
    await answered(`${words(60)}\n\n- ${words(30)}\n\nthe end\n`)
    expect(widest()).toBeGreaterThan(60)
    expect(widest()).toBeLessThan(80)
    const terminal = lab.terminal(['mux', 'switch', 'second'], { columns, rows: 40 })
    await until(() => widest() > columns - 12 && widest() < columns)
    await until(() => /the end\n\n\(.*\)\n\[second\] q>$/.test(terminal.screen().trimEnd()))
    expect(everything().replaceAll(/\s+/g, ' ')).toContain(words(60))
    for (const part of ['word60', 'the end', 'go (sent)'])
      expect(times(lab.screen('=q:second'), part)).toBe(1)
    terminal.type('next')
    await until(() => terminal.screen().includes('next'))
    expect(times(lab.screen('=q:second'), 'the end')).toBe(1)
  },
)

test('one that is taller than the window is there whole, in the new width', async () => {
  const answer = Array.from({ length: 40 }, (_, at) => `p${at + 1} ${words(20)}.`).join('\n\n')
  await answered(`${answer}\n`)
  lab.terminal(['mux', 'switch', 'second'], { columns: 160, rows: 20 })
  await until(() => widest() > 120)
  await until(() => {
    const text = everything()
    const from = text.lastIndexOf('p1 word1')
    for (let at = 1; at <= 40; at += 1)
      expect(text.slice(from).replaceAll(/\s+/g, ' ')).toContain(`p${at} ${words(20)}.`)
    return text.trimEnd().endsWith('[second] q>')
  })
})

test('what somebody has seen stays as it is', async () => {
  const terminal = lab.terminal(['mux'], { columns: 80, rows: 24 })
  await until(() => terminal.screen().includes('q>'))
  lab.server.respondWith(say(`${words(60)}\n`))
  terminal.type('go')
  await until(() => terminal.screen().includes('word60'))
  await until(async () => (await lab.list()).sessions[0]?.status === 'Active')
  const before = lab.screen('=q:dev-1')
  terminal.resize(150, 24)
  await until(() => lab.tmux('display-message', '-p', '-t', '=q:', '#{window_width}') === '150')
  terminal.type('/help')
  await until(() => lab.screen('=q:dev-1').includes('/quit'))
  const kept = before.slice(before.indexOf('word1'), before.indexOf('word60'))
  expect(lab.tmux('capture-pane', '-p', '-S', '-', '-t', '=q:dev-1')).toContain(kept)
})
