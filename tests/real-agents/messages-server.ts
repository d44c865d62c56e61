import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface MessagesServer {
  /** `http://127.0.0.1:1234`. */
  url: string
  /** How many answers are being sent now. */
  streaming(): number
  /** How many were sent to their end, refused, or left by who asked. */
  ended(): number
  close(): void
}

interface Block {
  type: string
  text?: string
}

interface Asked {
  messages?: { role: string; content: string | Block[] }[]
  tools?: { name: string }[]
  model?: string
}

/**
 * Speaks Anthropic's Messages API, as far as an agent needs it. Words in the last prompt steer it: `slow` streams for
 * twenty seconds, `runtool FILE` asks for `touch FILE` by the shell tool, `fail401` and so on refuses with that status. What
 * it sends is the truth that an agent's state is compared with.
 */
export async function startMessagesServer(): Promise<MessagesServer> {
  let streaming = 0
  let ended = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (!/\/messages(\?|$)/.test(request.url ?? '')) return void response.writeHead(404).end('{}')
    const asked: Asked = JSON.parse(Buffer.concat(chunks).toString())
    const prompt = lastPrompt(asked)
    const status = /\bfail(\d{3})\b/.exec(prompt)?.[1]
    const isMain = (asked.tools ?? []).some(({ name }) => name === 'Bash')
    if (!isMain) return stream(response, asked, ['a', ' title'], 0)
    streaming += 1
    try {
      if (status) refuse(response, Number(status))
      else {
        const file = /\bruntool (\S+)/.exec(prompt)?.[1]
        if (file) await useTool(response, asked, file)
        else await stream(response, asked, words(prompt), /\bslow\b/.test(prompt) ? 250 : 5)
      }
    } finally {
      streaming -= 1
      ended += 1
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    streaming: () => streaming,
    ended: () => ended,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function words(prompt: string): string[] {
  return Array.from({ length: /\bslow\b/.test(prompt) ? 80 : 5 }, (_, at) => `word${at} `)
}

/** Empty behind the result of a tool. */
function lastPrompt({ messages = [] }: Asked): string {
  const content = messages.findLast(({ role }) => role === 'user')?.content ?? ''
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content
  return blocks.findLast(({ text }) => !text?.startsWith('<system-reminder>'))?.text ?? ''
}

function refuse(response: ServerResponse, status: number): void {
  const type = { 401: 'authentication_error', 429: 'rate_limit_error' }[status] ?? 'api_error'
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ type: 'error', error: { type, message: `refused with ${status}` } }))
}

async function stream(
  response: ServerResponse,
  asked: Asked,
  pieces: readonly string[],
  every: number,
): Promise<void> {
  begin(response, asked)
  send(response, { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } })
  for (const text of pieces) {
    if (response.destroyed) return
    send(response, { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
    await sleep(every)
  }
  finish(response, 'end_turn')
}

async function useTool(response: ServerResponse, asked: Asked, file: string): Promise<void> {
  begin(response, asked)
  const block = { type: 'tool_use', id: `toolu_${Date.now()}`, name: 'Bash', input: {} }
  const input = JSON.stringify({ command: `touch ${file}`, description: 'make a file' })
  send(response, { type: 'content_block_start', index: 0, content_block: block })
  send(response, {
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'input_json_delta', partial_json: input },
  })
  finish(response, 'tool_use')
}

function begin(response: ServerResponse, { model }: Asked): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const usage = { input_tokens: 10, output_tokens: 1 }
  const message = {
    id: `msg_${crypto.randomUUID()}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    usage,
  }
  send(response, { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null } })
}

function finish(response: ServerResponse, reason: string): void {
  send(response, { type: 'content_block_stop', index: 0 })
  send(response, {
    type: 'message_delta',
    delta: { stop_reason: reason },
    usage: { output_tokens: 5 },
  })
  send(response, { type: 'message_stop' })
  response.end()
}

function send(response: ServerResponse, event: { type: string } & Record<string, unknown>): void {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}
