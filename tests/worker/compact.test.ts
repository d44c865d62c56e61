import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { Message } from '../../src/domain/message.ts'
import { fillConversation } from '../../src/store/messages.ts'
import { answerQuestion } from '../support/answer.ts'
import { isSummaryRequest } from '../support/bedrock-prompts.ts'
import { answer, fault, say, start, status, text, tool } from '../support/bedrock-script.ts'
import { faultOf } from '../support/histories.ts'
import { openStoreAt } from '../support/store.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, promptUp, query, said, session, startWorkspace } from './harness.ts'

let lab: BedrockLab
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const screen = () => lab.tmux('capture-pane', '-p', '-J', '-S', '-200', '-t', pane)
const requests = () => lab.server.requests
const summaries = () => requests().filter(({ body }) => isSummaryRequest(body))
const turns = () => requests().filter(({ body }) => !isSummaryRequest(body))
const memories = () => query<{ begins_at: number; summary: string | null }>(lab, 'SELECT * FROM memories')

/** The texts of the last turn's request, and that a model would take it. */
function lastSent(): string[] {
  const messages = (turns().at(-1)?.body.messages ?? []).map(({ role, content }) => ({
    role,
    blocks: content.flatMap((block) => blockOf(block as unknown as Wire)),
  })) as Message[]
  expect(faultOf(messages)).toBeUndefined()
  return messages.map(({ blocks }) =>
    blocks.map((block) => ('text' in block ? block.text : `(${block.type})`)).join('|'),
  )
}

interface Wire {
  text?: string
  toolUse?: { toolUseId: string; name: string }
  toolResult?: { toolUseId: string; content: { text: string }[]; status: string }
}

function blockOf({ text: words, toolUse, toolResult }: Wire): unknown[] {
  if (words !== undefined) return [{ type: 'text', text: words }]
  if (toolUse) return [{ type: 'tool_use', id: toolUse.toolUseId, name: toolUse.name, input: {} }]
  if (!toolResult) return []
  return [
    {
      type: 'tool_result',
      id: toolResult.toolUseId,
      content: toolResult.content[0]?.text ?? '',
      status: 'success',
    },
  ]
}

async function ask(prompt: string): Promise<void> {
  const before = said(lab, 'dev-1').length
  lab.type(pane, prompt)
  await until(() => said(lab, 'dev-1').length >= before + 2, { what: `the answer to ${prompt.slice(0, 30)}` })
  await promptUp(lab, 'dev-1')
}

async function command(line: string, shows: string): Promise<void> {
  lab.tmux('send-keys', '-t', pane, '-R')
  lab.tmux('clear-history', '-t', pane)
  lab.type(pane, line)
  await until(() => screen().includes(shows), { what: `${shows} after ${line}` })
}

async function restart(): Promise<void> {
  const { pid } = await session(lab, 'dev-1')
  process.kill(pid ?? 0, 'SIGKILL')
  await until(() => screen().includes('Press Enter to go on'))
  lab.tmux('send-keys', '-t', pane, '-R')
  lab.tmux('clear-history', '-t', pane)
  lab.keys(pane, 'Enter')
  await promptUp(lab, 'dev-1')
}

async function open(env: NodeJS.ProcessEnv = {}): Promise<void> {
  lab = await openBedrockLab(env)
  await startWorkspace(lab)
}

/** Puts a conversation in the place of the one that was not begun yet. */
async function fill(messages: readonly Message[]): Promise<void> {
  const [row] = query<{ conversation_id: string }>(lab, 'SELECT conversation_id FROM conversations')
  const store = await openStoreAt(lab.database)
  const whole = messages.map((message) => ({ ...message, partial: false, createdAt: Date.now() }))
  expect(await fillConversation(store, row?.conversation_id ?? '', whole)).toBe(true)
  store.close()
}

const user = (words: string): Message => ({ role: 'user', blocks: [{ type: 'text', text: words }] })
const assistant = (words: string): Message => ({ role: 'assistant', blocks: [{ type: 'text', text: words }] })

test('/compact: from then on the model gets a summary and what came after; all that was said stays', async () => {
  await open()
  for (const number of ['one', 'two', 'three']) await ask(`say ${number}`)
  await command('/compact the numbers', 'compacted: for the model 2 messages are a summary now, 4 stay')
  await promptUp(lab, 'dev-1')
  expect(JSON.stringify(summaries()[0]?.body.messages)).toMatch(
    /pay attention to this: the numbers.*say one.*\[assistant\]: one/,
  )
  expect(JSON.stringify(summaries()[0]?.body)).not.toContain('cachePoint')
  await ask('say four')
  const [first, ...rest] = lastSent()
  expect(first).toMatch(/SUMMARY of a request of \d+ letters[\s\S]*\|say two$/)
  expect(rest).toEqual(['two', 'say three', 'three', 'say four'])
  await restart()
  await ask('say five')
  expect(lastSent()).toHaveLength(7)
  expect(lastSent()[0]).toContain('SUMMARY')
  expect(
    said(lab, 'dev-1')
      .map(({ text: words }) => words)
      .slice(0, 3),
  ).toEqual(['say one', 'one', 'say two'])
  await command('/context summary', 'SUMMARY of a request')
  await command('/history', 'say one')
  await promptUp(lab, 'dev-1')
  await command('/compact', '4 messages are a summary')
  await promptUp(lab, 'dev-1')
  expect(JSON.stringify(summaries()[1]?.body.messages)).toMatch(/has this summary.*SUMMARY of a request/)
})

test('a summary that fails, is stopped or is cut by kill -9 changes nothing; then it works', async () => {
  await open()
  for (const number of ['one', 'two', 'three']) await ask(`say ${number}`)
  await command('/compact fail access', 'not compacted, nothing was changed')
  await promptUp(lab, 'dev-1')
  lab.type(pane, '/compact hold')
  await until(() => summaries().length === 2)
  await until(async () => (await session(lab, 'dev-1')).status === 'Processing')
  await until(() => /compacting the conversation/.test(screen()))
  lab.keys(pane, 'C-c')
  await until(() => screen().includes('stopped; nothing was changed'))
  await promptUp(lab, 'dev-1')
  lab.server.respondWith(say(' '))
  await command('/compact', 'the model sent no summary')
  await promptUp(lab, 'dev-1')
  lab.type(pane, '/compact hold')
  await until(() => summaries().length === 4)
  await restart()
  lab.server.release()
  expect(memories()).toEqual([])
  await ask('say four')
  expect(lastSent()).toHaveLength(7)
  lab.type(pane, '/compact hold')
  await until(() => summaries().length === 5)
  lab.server.release()
  await until(() => memories().length === 1)
  await promptUp(lab, 'dev-1')
  expect(memories()[0]?.summary).toBe('SUMMARY held and released')
})

test('kill -9 around the moment of the write: the memory is the old one or the new one, never half of it', async () => {
  await open()
  for (const number of ['one', 'two', 'three', 'four', 'five', 'six']) await ask(`say ${number}`)
  for (const pause of [0, 3, 8, 15]) {
    const before = summaries().length
    lab.type(pane, '/compact hold')
    await until(() => summaries().length === before + 1)
    const { pid } = await session(lab, 'dev-1')
    lab.server.release()
    await sleep(pause)
    process.kill(pid ?? 0, 'SIGKILL')
    await until(() => screen().includes('Press Enter to go on'))
    lab.tmux('send-keys', '-t', pane, '-R')
    lab.tmux('clear-history', '-t', pane)
    lab.keys(pane, 'Enter')
    await promptUp(lab, 'dev-1')
    for (const memory of memories()) expect(memory.summary).toBe('SUMMARY held and released')
    await ask(`say after ${pause}`)
    lastSent()
  }
  expect(query(lab, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
})

const asked = { screen: () => screen(), keys: (...keys: string[]) => lab.keys(pane, ...keys) }

test('/clear asks; then the model has forgotten, after a restart too, and /history has not', async () => {
  await open()
  await ask('say one')
  lab.type(pane, '/clear')
  await until(() => screen().includes('[y/N]:'))
  await answerQuestion(asked, 'n')
  await until(() => screen().includes('not cleared'))
  await promptUp(lab, 'dev-1')
  lab.type(pane, '/clear')
  await until(() => screen().split('[y/N]:').length === 3)
  await answerQuestion(asked, 'y')
  await until(() => screen().includes('what was said: /history'))
  await promptUp(lab, 'dev-1')
  await restart()
  expect(screen()).toContain('(cleared: the model does not remember this)')
  await ask('say two')
  expect(lastSent()).toEqual(['say two'])
  await restart()
  await ask('say three')
  expect(lastSent()).toEqual(['say two', 'two', 'say three'])
  await command('/history', 'say one')
})

test('before a conversation of 300 messages overruns the window it is compacted by itself', async () => {
  await open({ Q_MODEL_CONTEXT_WINDOW: '20000' })
  const words = 'many words '.repeat(40)
  const talk = Array.from({ length: 150 }, (_, at) => [
    user(`question ${at} ${words}`),
    assistant(`answer ${at}`),
  ])
  await fill(talk.flat())
  lab.type(pane, 'say new')
  await until(() => said(lab, 'dev-1').at(-1)?.text === 'new')
  await promptUp(lab, 'dev-1')
  expect(screen()).toMatch(/compacted: for the model 298 messages are a summary now, 3 stay/)
  expect(requests()).toHaveLength(2)
  expect(JSON.stringify(requests()[0]?.body).length).toBeLessThan(20_000 * 0.6 * 3.6)
  const [first, ...rest] = lastSent()
  expect(first).toMatch(/SUMMARY[\s\S]*\|question 149/)
  expect(rest).toEqual(['answer 149', 'say new'])
  expect(said(lab, 'dev-1')).toHaveLength(302)
  await ask('say more')
  expect(summaries()).toHaveLength(1)
})

test('a turn that the service finds too long is compacted once and sent again', async () => {
  await open()
  for (const number of ['one', 'two', 'three']) await ask(`say ${number}`)
  lab.server.respondWith([status(400, 'ValidationException', 'Input is too long for requested model.')])
  await ask('say four')
  expect(summaries()).toHaveLength(1)
  expect(lastSent()[0]).toContain('SUMMARY')
  expect(said(lab, 'dev-1').at(-1)).toMatchObject({ text: 'four', partial: false })
  lab.type(pane, 'fail overflow')
  await until(() => /longer than the model takes/.test(screen()))
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'error')
  expect(summaries()).toHaveLength(2)
})

test('with auto_compact off nothing is compacted by itself', async () => {
  await open({ Q_MODEL_AUTO_COMPACT: 'false', Q_MODEL_CONTEXT_WINDOW: '2000' })
  for (const number of ['one', 'two', 'three']) await ask(`say ${number}`)
  lab.type(pane, 'fail overflow')
  await until(() => /longer than the model takes/.test(screen()))
  expect(summaries()).toEqual([])
})

test('a turn that fills the window with results goes on: the cut falls between two rounds', async () => {
  await open({ Q_MODEL_CONTEXT_WINDOW: '12000', Q_TOOLS_ALLOW: 'execute_bash' })
  const round = (id: string) =>
    answer(tool(id, 'execute_bash', [JSON.stringify({ command: `yes ${id} | head -c 9000` })]), 'tool_use')
  // What asks for a summary gets one; the others get the next round.
  let rounds = 0
  lab.server.respondTo((body) => {
    if (isSummaryRequest(body)) return say('SUMMARY')
    rounds += 1
    return rounds <= 8 ? round(`t${rounds}`) : say('done')
  })
  lab.type(pane, 'work through it')
  await until(() => said(lab, 'dev-1').at(-1)?.text === 'done', { patience: 60_000 })
  expect(summaries().length).toBeGreaterThan(1)
  const sent = lastSent()
  expect(sent[0]).toMatch(
    /^[^|]*SUMMARY[^|]*last prompt, which you are working on:\s*<last_prompt>\s*work through it/,
  )
  expect(sent.slice(1, 3)).toEqual(['(tool_use)', '(tool_result)'])
  expect(said(lab, 'dev-1')).toHaveLength(18)
})

test('the guide, which is no model, says so', async () => {
  await open({ Q_MODEL_PROVIDER: 'guide' })
  await command('/compact', 'no model is connected, so nobody can write a summary')
  await command('/usage', 'no model is connected, so there is no window to fill')
})

test('Ctrl-C while it compacts by itself ends the turn: the prompt is kept and nothing was changed', async () => {
  await open({ Q_MODEL_CONTEXT_WINDOW: '12000' })
  const words = 'many words '.repeat(400)
  await fill(
    Array.from({ length: 12 }, (_, at) => [
      user(`question ${at} ${words}`),
      assistant(`answer ${at}`),
    ]).flat(),
  )
  lab.server.respondWith([start(), text('SUMMARY begun'), fault('silence')])
  lab.type(pane, 'say new')
  await until(() => /compacting the conversation/.test(screen()) && requests().length === 1)
  lab.keys(pane, 'C-c')
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'input')
  await promptUp(lab, 'dev-1')
  expect(requests()).toHaveLength(1)
  expect(memories()).toEqual([])
  expect(said(lab, 'dev-1').at(-1)).toMatchObject({ role: 'user', text: 'say new' })
  await ask('say again')
  expect(memories()).toHaveLength(1)
  expect(lastSent().at(-1)).toMatch(/SUMMARY[\s\S]*\|say new\|say again$/)
})
