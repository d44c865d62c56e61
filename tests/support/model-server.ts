import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { markdownTokens, paced } from './markdown-tokens.ts'
import { type Asked, type Speech, speeches, type ToolCall, withIds } from './model-speeches.ts'

/** One request of an agent to its model. Times are in ms since the epoch; what did not happen yet is undefined. */
export interface ModelRequest {
  prompt: string
  /** It brings the result of a tool. */
  afterTool: boolean
  /** What the tool gave, as JSON. */
  result: string
  /** All that was said so far, as JSON. */
  before: string
  /** Asked on the side, without tools, as for a title: the session's state does not follow from it. */
  aside: boolean
  /** How it was answered. */
  answer: 'text' | 'call' | 'failure'
  status: number
  arrived: number
  firstByte?: number
  lastByte?: number
  /** The other side went away before the last byte. */
  closed?: number
}

export interface ModelServer {
  /** Without a path: `http://127.0.0.1:1234`. */
  url: string
  /** All requests for an answer, in the order in which they came. */
  requests: readonly ModelRequest[]
  /** How many answers of Markdown were sent to their end. */
  answered(): number
  close(): void
}

/**
 * A local stand-in for what agents ask: Anthropic's Messages, OpenAI's Responses and Chat Completions. Words in the last
 * prompt steer it, all else is answered with hello; so is the result of a tool.
 *
 *     markdown R S     streams R tokens a second for S seconds
 *     slow N           streams N words, one each 250 ms
 *     tool FILE        calls the agent's shell: touch FILE
 *     subagent         calls the agent's tool for a task of its own
 *     fail CODE        answers with 401, 429 or 500
 */
export async function startModelServer(): Promise<ModelServer> {
  const requests: ModelRequest[] = []
  let answered = 0
  const server = createServer(async (request, response) => {
    const url = request.url ?? ''
    const speech = speeches.find(({ path }) => path.test(url))
    const body = await bodyOf(request)
    if (!speech || /count_tokens/.test(url)) return replyAside(response, url)
    const asked = speech.asked(body)
    const plan = planFor(asked)
    const logged: ModelRequest = {
      prompt: asked.prompt,
      afterTool: asked.afterTool,
      result: asked.result,
      before: asked.before,
      aside: asked.tools.length === 0,
      answer: plan.status !== 200 ? 'failure' : plan.call ? 'call' : 'text',
      status: plan.status,
      arrived: Date.now(),
    }
    const number = requests.push(logged)
    response.on('close', () => {
      if (!response.writableEnded) logged.closed = Date.now()
    })
    if (plan.status !== 200) fail(response, plan.status)
    else if (body.stream !== true) sendJson(response, 200, withIds(speech.whole('hello'), number))
    else {
      const line = (event: unknown): string => speech.line(withIds(event, number))
      await stream(response, { ...speech, line }, plan, () => (logged.firstByte ??= Date.now()))
    }
    if (response.destroyed && !response.writableEnded) return
    logged.lastByte = Date.now()
    logged.firstByte ??= logged.lastByte
    if (plan.isMarkdown) answered += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answered: () => answered,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

interface Plan {
  status: number
  call: ToolCall | undefined
  /** What is said, piece by piece, one each `every` ms. */
  pieces: string[][]
  every: number
  isMarkdown: boolean
}

let calls = 0

function planFor({ prompt, afterTool, tools }: Asked): Plan {
  const plan: Plan = { status: 200, call: undefined, pieces: [['hello']], every: 0, isMarkdown: false }
  if (afterTool || tools.length === 0) return plan
  const words = (pattern: RegExp): string[] | undefined => pattern.exec(prompt)?.slice(1)
  const markdown = words(/\bmarkdown (\d+) (\d+)/)
  if (markdown)
    return { ...plan, ...paced(Number(markdown[0]), Number(markdown[1]), markdownTokens), isMarkdown: true }
  const slow = words(/\bslow (\d+)/)
  if (slow) {
    const pieces = Array.from({ length: Number(slow[0]) }, (_, at) => [`word-${at + 1} `])
    return { ...plan, pieces, every: 250 }
  }
  const fails = words(/\bfail (401|429|500)\b/)
  if (fails) return { ...plan, status: Number(fails[0]) }
  const file = words(/\btool (\S+)/)
  if (file) return { ...plan, call: shellCall(tools, `touch ${file[0]}`) }
  if (/\bsubagent\b/.test(prompt)) return { ...plan, call: taskCall(tools) }
  return plan
}

/** How agents call their shell, and what it takes. */
const shells: Readonly<Record<string, (command: string) => Record<string, unknown>>> = {
  Bash: (command) => ({ command, description: 'make a file' }),
  bash: (command) => ({ command, description: 'make a file' }),
  exec_command: (cmd) => ({ cmd, sandbox_permissions: 'require_escalated', justification: 'make a file' }),
  shell_command: (command) => ({
    command,
    sandbox_permissions: 'require_escalated',
    justification: 'make a file',
  }),
  run_shell_command: (command) => ({ command, description: 'make a file' }),
}

function shellCall(tools: readonly string[], command: string): ToolCall | undefined {
  const name = tools.find((tool) => tool in shells)
  const input = name === undefined ? undefined : shells[name]?.(command)
  return name === undefined || !input ? undefined : callOf(name, input)
}

function taskCall(tools: readonly string[]): ToolCall | undefined {
  const name = tools.find((tool) => /^(Task|Agent|task)$/.test(tool))
  const input = { description: 'say hello', prompt: 'slow 24 of another', subagent_type: 'general-purpose' }
  return name === undefined
    ? undefined
    : callOf(name, name === 'task' ? { ...input, subagent_type: 'general' } : input)
}

function callOf(name: string, input: Record<string, unknown>): ToolCall {
  calls += 1
  return { id: `toolu_${calls}`, name, input }
}

async function stream(
  response: ServerResponse,
  speech: Speech,
  { call, pieces, every }: Plan,
  begins: () => void,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (events: readonly unknown[]): void => {
    for (const event of events) response.write(speech.line(event))
    begins()
  }
  if (call) send(speech.call(call))
  else {
    send(speech.begin)
    const begun = performance.now()
    for (const [at, piece] of pieces.entries()) {
      if (response.destroyed) return
      send(piece.map(speech.token))
      await sleep(Math.max(0, begun + (at + 1) * every - performance.now()))
    }
    send(speech.end(pieces.flat().join('')))
  }
  response.end(speech.last)
}

function fail(response: ServerResponse, status: number): void {
  const type = { 401: 'authentication_error', 429: 'rate_limit_error' }[status] ?? 'api_error'
  const error = { type, code: type, message: `the model server was told to fail with ${status}` }
  sendJson(response, status, { type: 'error', error })
}

/** What agents ask besides, at their start. */
function replyAside(response: ServerResponse, url: string): void {
  const models = { object: 'list', data: [{ id: 'fake-model', object: 'model' }], models: [] }
  const known = /count_tokens/.test(url) ? { input_tokens: 10 } : /\/models/.test(url) ? models : undefined
  sendJson(response, known ? 200 : 404, known ?? {})
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const part of request) chunks.push(part)
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    return {}
  }
}
