import { afterEach, beforeEach, test } from 'vitest'
import { answerQuestion } from '../support/answer.ts'
import { type Lab, openLab, type Terminal } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

async function shown(words?: string[]): Promise<Terminal> {
  const terminal = lab.terminal(words)
  await until(() => terminal.screen().includes('dev-1] q>'))
  return terminal
}

test('a terminal that detaches says that the sessions go on, and how to come back', async () => {
  const terminal = await shown()
  terminal.keys('C-b', 'd')
  await until(() => terminal.screen().includes('workspace q goes on: 1 session. Come back: q mux\n'))
})

test('after /quit of the last session, it says that the session comes back with q mux; after /close, that none does', async () => {
  const terminal = await shown()
  terminal.type('/quit')
  await until(() =>
    terminal.screen().includes('workspace q has ended; 1 session stays open. Come back: q mux\n'),
  )
  const again = await shown()
  again.type('/close')
  await until(() => again.screen().includes('[y/N]'))
  await answerQuestion(again, 'y')
  await until(() => again.screen().includes('workspace q has ended. Start it again: q mux\n'))
})

test('with persist_sessions off nothing is said to come back', async () => {
  lab.config('[sessions]\npersist_sessions = false\n')
  const terminal = await shown()
  terminal.type('/quit')
  await until(() => terminal.screen().includes('workspace q has ended. Start it again: q mux\n'))
})

test('the way back names the workspace and the socket where the plain command would go elsewhere', async () => {
  const words = ['mux', '--workspace', 'work', '--socket', `${lab.socket}-two`]
  const terminal = await shown(words)
  terminal.keys('C-b', 'd')
  const line = `Come back: q mux --workspace work --socket ${lab.socket}-two`
  await until(() => terminal.screen().replaceAll('\n', '').includes(line))
  await lab.q(['mux', 'stop', ...words.slice(1)])
})
