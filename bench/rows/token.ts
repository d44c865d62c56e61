import { spawnServer } from '../../tests/support/bedrock-process.ts'
import type { Lab } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { cpuOf } from '../machine.ts'
import { type Line, median, type Row } from '../measure.ts'
import { startSessions, windowOf, withLab, withModelLab } from '../workspace.ts'

const perSecond = 200
const seconds = 10
const rounds = 3

export const row: Row = {
  about: `CPU a token, ${perSecond * seconds} tokens of Markdown at ${perSecond} a second`,
  run: async () => [
    await withModelLab((lab) => measure(lab, 'Bedrock')),
    await withOpenai((lab) => measure(lab, 'OpenAI-compatible')),
  ],
}

async function withOpenai<T>(work: (lab: Lab) => Promise<T>): Promise<T> {
  const server = await spawnServer('openai-server.ts')
  try {
    return await withLab(work, { Q_MODEL_PROVIDER: 'openai', OPENAI_BASE_URL: server.url })
  } finally {
    await server.close()
  }
}

/** All that a worker does for a token: reading, keeping, rendering, writing. */
async function measure(lab: Lab, provider: string): Promise<Line> {
  await startSessions(lab, ['talk'])
  const window = await windowOf(lab, 'talk')
  const messages = async () => (await lab.list()).sessions[0]
  const ask = async (prompt: string): Promise<void> => {
    const before = (await messages())?.messages ?? 0
    lab.type(window, prompt)
    await until(async () => {
      const now = await messages()
      return (now?.messages ?? 0) > before + 1 && now?.waitingFor === 'input'
    })
  }
  // What a first answer loads, and what is compiled with it, is no part of it.
  await ask('markdown 200 2')
  const pid = (await messages())?.pid ?? 0
  const costs: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const before = cpuOf(pid)
    await ask(`markdown ${perSecond} ${seconds}`)
    costs.push((cpuOf(pid) - before) / (perSecond * seconds))
  }
  return {
    what: `${row.about}: ${provider}`,
    unit: 'ms',
    ours: median(costs),
    note: 'beside others: npm run bench -- agents',
  }
}
