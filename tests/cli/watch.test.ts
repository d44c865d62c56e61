import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { entry, type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  await lab.q(['mux', '--detach'])
})
afterEach(() => lab.dispose())

type Told = Record<string, unknown> & { event: string; seq: number }

/** The lines of `q mux watch --json` as they come. */
function watching(...words: string[]): { told: Told[]; child: ReturnType<Lab['start']> } {
  const told: Told[] = []
  const child = lab.start(process.execPath, [entry, 'mux', 'watch', '--json', ...words])
  if (!child.stdout) throw new Error('Expected a pipe')
  createInterface({ input: child.stdout }).on('line', (line) => void told.push(JSON.parse(line)))
  return { told, child }
}

const about = (told: readonly Told[], name: string): string[] =>
  told
    .filter((one) => one.name === name)
    .map(({ event, state, waitingFor }) => [event, state, waitingFor].filter(Boolean).join(' '))

test('what happens is told as it happens, over stop and start, and --after leaves no gap', async () => {
  const { told } = watching()
  await until(() => told[0]?.event === 'hello')
  expect(told[0]).toMatchObject({ v: 1, workspace: 'q', sessions: [{ name: 'dev-1' }] })
  await lab.q(['mux', 'new', 'one', '--background', '--prompt', 'count to 1'])
  await until(() => about(told, 'one').includes('state waiting input'))
  expect(about(told, 'one')).toEqual([
    'opened',
    'prompt',
    'state processing',
    'answer',
    'state waiting input',
  ])
  expect(told.find(({ event }) => event === 'prompt')).toMatchObject({
    v: 1,
    text: 'count to 1',
    workspace: 'q',
  })
  await lab.q(['mux', 'rename', 'one', 'uno'])
  await lab.q(['mux', 'stop'])
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'close', 'uno', '--yes'])
  await until(() => told.some(({ event }) => event === 'closed'))
  const kinds = told.map(({ event }) => event)
  for (const kind of ['renamed', 'exited', 'stopped', 'started', 'closed']) expect(kinds).toContain(kind)
  const places = told.slice(1).map(({ seq }) => seq)
  expect(places).toEqual(places.toSorted((a, b) => a - b))

  const from = places[2] ?? 0
  const again = watching('--after', String(from))
  const rest = told.slice(1).filter(({ seq }) => seq > from)
  await until(() => again.told.length > rest.length)
  expect(again.told.slice(1)).toEqual(rest)
})

test('it ends with 0 when its reader goes, and plain lines are for people', async () => {
  const { told, child } = watching()
  await until(() => told.length > 0)
  child.stdout?.destroy()
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  for (let number = 0; child.exitCode === null && number < 20; number += 1)
    await lab
      .q(['mux', 'rename', 'dev-1', `name-${number}`])
      .then(() => lab.q(['mux', 'rename', `name-${number}`, 'dev-1']))
  expect(await ended).toBe(0)

  const plain = lab.start(process.execPath, [entry, 'mux', 'watch', '--after', '0'])
  let text = ''
  plain.stdout?.setEncoding('utf8').on('data', (words: string) => {
    text += words
  })
  await until(() => /\d\d:\d\d\S* {2}dev-1 {2}renamed from name-0\n/.test(text))
})
