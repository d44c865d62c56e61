import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { appendMessage, countTurns, fillConversation, updateMessage } from '../../src/store/messages.ts'
import { getSession } from '../../src/store/sessions.ts'
import { answer, say, status, text, tool } from '../support/bedrock-script.ts'
import { openTestStore } from '../support/store.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, promptUp, session, startWorkspace } from './harness.ts'

let lab: BedrockLab | undefined
afterEach(async () => {
  await lab?.dispose()
  lab = undefined
})

const pane = '=q:dev-1'

test('turn counts prompts, whatever else is in the conversation, over restarts, /retry, /compact and /clear', async () => {
  const here = await openBedrockLab()
  lab = here
  await startWorkspace(here)
  const line = async (typed: string, shows: string): Promise<void> => {
    here.keys(pane, '-R')
    here.tmux('clear-history', '-t', pane)
    here.type(pane, typed)
    await until(() => here.screen(pane).includes(shows), { what: `${shows} after ${typed}` })
    await promptUp(here, 'dev-1')
  }
  const turns = async (): Promise<number[]> => {
    const { id, turn } = await session(here, 'dev-1')
    return [turn, JSON.parse(readFileSync(join(here.statusDir, `${id}.json`), 'utf8')).turn]
  }
  expect(await turns()).toEqual([0, 0])
  here.server.respondWith(
    answer([text('I look.'), ...tool('t1', 'list_directory', ['{"path":"."}'])], 'tool_use'),
    say('seen'),
  )
  await line('look around', 'seen')
  await line('say two', 'two')
  expect(await turns()).toEqual([2, 2])

  const { pid } = await session(here, 'dev-1')
  process.kill(pid ?? 0, 'SIGKILL')
  await until(() => here.screen(pane).includes('Press Enter to go on'))
  here.keys(pane, 'Enter')
  await promptUp(here, 'dev-1')
  expect(await turns()).toEqual([2, 2])

  here.server.respondWith([status(403, 'AccessDeniedException', 'No access.')])
  await line('say three', '/retry sends it again')
  expect(await turns()).toEqual([3, 3])
  await line('/retry', 'three')
  expect(await turns()).toEqual([3, 3])
  await line('/compact', 'compact')
  here.type(pane, '/clear')
  await until(() => here.screen(pane).includes('[y/N]'))
  await line('y', 'starts over')
  expect(await turns()).toEqual([3, 3])

  await here.q(['mux', 'stop'])
  await startWorkspace(here)
  expect(await turns()).toEqual([3, 3])
  await line('say four', 'four')
  expect(await turns()).toEqual([4, 4])
})

test('results of tools, answers and what stands inside of a text are no prompts', async () => {
  const home = await openTestStore()
  try {
    const { store } = home
    await home.add('one')
    const trap = '[{"type":"text","text":"x"}] {"type":"text"'
    const use = { type: 'tool_use' as const, id: 't', name: 'x', input: { type: 'text', text: trap } }
    await appendMessage(store, 'one', 'user', [{ type: 'text', text: trap }])
    await appendMessage(store, 'one', 'assistant', [{ type: 'text', text: 'a' }, use])
    await appendMessage(store, 'one', 'user', [
      { type: 'tool_result', id: 't', content: trap, status: 'success' },
    ])
    await appendMessage(store, 'one', 'user', [
      { type: 'tool_result', id: 't', content: '', status: 'success' },
      { type: 'text', text: 'and' },
    ])
    expect([countTurns(store, 'one'), getSession(store, 'one')?.turns]).toEqual([2, 2])
    await home.add('two')
    const createdAt = 0
    await fillConversation(store, 'two', [
      { role: 'user', blocks: [{ type: 'text', text: 'hi' }], partial: false, createdAt },
      { role: 'assistant', blocks: [{ type: 'text', text: 'ho' }], partial: false, createdAt },
    ])
    expect(getSession(store, 'two')?.turns).toBe(1)
    await updateMessage(store, 'two', 2, [{ type: 'text', text: 'ho ho' }], false)
    await updateMessage(store, 'two', 1, [{ type: 'text', text: 'hi hi' }], false)
    expect(getSession(store, 'two')?.turns).toBe(1)
    store.db.prepare("DELETE FROM messages WHERE conversation_id = 'two'").run()
    expect(getSession(store, 'two')?.turns).toBe(0)
  } finally {
    home.dispose()
  }
})
