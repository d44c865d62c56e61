import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Block } from '../../src/domain/message.ts'
import { insertMessage } from '../../src/store/messages.ts'
import { setMemory } from '../../src/store/model-memory.ts'
import type { Lab } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { cpuOf, memoryOf } from '../machine.ts'
import { type Line, median, type Row } from '../measure.ts'
import { startSessions, windowOf, withModelLab, withStore } from '../workspace.ts'

const turns = 12
/** So many messages are remembered in each. */
const remembered = 20

export const row: Row = {
  about: 'a turn in a long conversation',
  run: () => withModelLab(measure),
}

/** Three conversations that send the same, of which two have much that is not sent. */
async function measure(lab: Lab): Promise<Line[]> {
  const names = ['short', 'many', 'large']
  await startSessions(lab, names)
  await lab.q(['mux', 'stop'])
  const { sessions } = await lab.list()
  const idOf = (name: string): string => sessions.find((one) => one.name === name)?.id ?? ''
  await fill(lab, idOf('short'), 0, 0)
  await fill(lab, idOf('many'), 20_000, 100)
  await fill(lab, idOf('large'), 200, 250_000)
  await lab.q(['mux', '--detach'])
  const used: Record<string, { cpu: number; memory: number }> = {}
  for (const name of names) {
    await lab.q(['mux', 'send', name, 'rate 1000 0.1'])
    const pid = await until(async () => (await lab.list()).sessions.find((one) => one.name === name)?.pid)
    await until(() => turnsOf(lab, idOf(name)) > 0)
    const window = await windowOf(lab, name)
    const costs: number[] = []
    for (let turn = 0; turn < turns; turn += 1) {
      const before = cpuOf(pid)
      const done = turnsOf(lab, idOf(name))
      lab.type(window, 'rate 1000 0.1')
      await until(() => turnsOf(lab, idOf(name)) > done)
      costs.push(cpuOf(pid) - before)
    }
    used[name] = { cpu: median(costs), memory: memoryOf(pid).rss }
  }
  const { short, many, large } = used
  if (!short || !many || !large) throw new Error('Expected three conversations')
  return [
    line('20,000 messages: CPU', 'ms', short.cpu, many.cpu, 2),
    line('50 MB of results: CPU', 'ms', short.cpu, large.cpu, 2),
    line('20,000 messages: memory (RSS)', 'MB', short.memory, many.memory, 1.3),
    line('50 MB of results: memory (RSS)', 'MB', short.memory, large.memory, 1.3),
  ]
}

function line(what: string, unit: 'ms' | 'MB', floor: number, ours: number, ratio: number): Line {
  return { what: `a turn, ${what} (floor: 20 messages)`, unit, floor, ours, budget: { ratio } }
}

/** `number` messages with results of so many letters that are not remembered, and those that are. */
async function fill(lab: Lab, id: string, number: number, letters: number): Promise<void> {
  await withStore(lab, async (store) => {
    await store.write(() => {
      for (let at = 0; at < number / 4; at += 1) {
        const use: Block = { type: 'tool_use', id: `t${at}`, name: 'execute_bash', input: { command: 'ls' } }
        const content = 'line of output\n'.repeat(letters / 15)
        insertMessage(store, id, 'user', [{ type: 'text', text: `prompt ${at}` }])
        insertMessage(store, id, 'assistant', [use])
        insertMessage(store, id, 'user', [{ type: 'tool_result', id: `t${at}`, content, status: 'success' }])
        insertMessage(store, id, 'assistant', [{ type: 'text', text: `answer ${at}` }])
      }
      for (let at = 0; at < remembered; at += 1)
        insertMessage(store, id, at % 2 ? 'assistant' : 'user', [
          { type: 'text', text: `message ${at} `.repeat(20) },
        ])
    })
    await setMemory(store, id, { beginsAt: 4 * Math.floor(number / 4) + 1, summary: 'What was said before.' })
  })
}

/** Prompts that were answered. */
function turnsOf(lab: Lab, session: string): number {
  const { state, turn } = JSON.parse(readFileSync(join(lab.statusDir, `${session}.json`), 'utf8'))
  return state === 'waiting' ? turn : -1
}
