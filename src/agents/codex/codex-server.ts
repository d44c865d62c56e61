import { setTimeout as sleep } from 'node:timers/promises'
import { isObject, type JsonObject, parseJson } from '../../base/json.ts'

/** A connection to codex's own app-server, beside that of the program in the window: JSON-RPC over a WebSocket. */
export interface CodexServer {
  /**
   * Connects, again when the connection is lost, until it is closed.
   * `connected`: what was missed can be asked for. `hear`: a notification, or a request, which has an `id`.
   */
  listen(connected: () => Promise<void>, hear: (message: JsonObject) => void): Promise<void>
  /** @throws Refused when the server refuses, or is away */
  request(method: string, params: JsonObject): Promise<unknown>
  /** Answers a request; false: the server is away. */
  respond(id: unknown, result: JsonObject): boolean
  close(): void
}

/** What was asked is not to be had. */
export class Refused extends Error {}

/** Between attempts to connect, in ms. */
const retryMs = 100

/** What is streamed, letter by letter: nothing of it is needed. */
const leftOut = [
  'item/agentMessage/delta',
  'item/plan/delta',
  'item/commandExecution/outputDelta',
  'item/fileChange/outputDelta',
  'item/fileChange/patchUpdated',
  'item/reasoning/summaryTextDelta',
  'item/reasoning/summaryPartAdded',
  'item/reasoning/textDelta',
  'turn/diff/updated',
  'command/exec/outputDelta',
  'process/outputDelta',
]

interface Line {
  send(message: JsonObject): void
  end(): void
}

export function codexServer(socket: string): CodexServer {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const closing = new AbortController()
  let line: Line | undefined
  let count = 0

  return {
    async listen(connected, hear) {
      while (!closing.signal.aborted) {
        await connect(connected, hear)
        await sleep(retryMs, undefined, { signal: closing.signal }).catch(() => {})
      }
    },
    request,
    respond(id, result) {
      line?.send({ id, result })
      return line !== undefined
    },
    close() {
      closing.abort()
      line?.end()
    },
  }

  function request(method: string, params: JsonObject): Promise<unknown> {
    if (line === undefined) return Promise.reject(new Refused(`codex is away: ${method}`))
    count += 1
    const answer = Promise.withResolvers<unknown>()
    waiting.set(count, answer)
    line.send({ id: count, method, params })
    return answer.promise
  }

  /** Resolves when the connection is over. */
  async function connect(connected: () => Promise<void>, hear: (message: JsonObject) => void): Promise<void> {
    const { WebSocket } = await import('ws')
    if (closing.signal.aborted) return
    const over = Promise.withResolvers<void>()
    const client = new WebSocket(`ws+unix:${socket}:/`, { perMessageDeflate: false })
    client.on('error', () => over.resolve())
    client.on('close', () => over.resolve())
    client.on('message', (data) => take(parseJson(String(data)), hear))
    client.on('open', () => {
      line = {
        send: (message) => client.send(JSON.stringify({ jsonrpc: '2.0', ...message })),
        end: () => client.terminate(),
      }
      greet().then(connected).catch(over.reject)
    })
    try {
      await over.promise
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    } finally {
      client.terminate()
      line = undefined
      for (const { reject } of waiting.values()) reject(new Refused('codex went away'))
      waiting.clear()
    }
  }

  async function greet(): Promise<void> {
    await request('initialize', {
      clientInfo: { name: 'q-mux', title: 'q mux', version: '0' },
      capabilities: { experimentalApi: true, requestAttestation: false, optOutNotificationMethods: leftOut },
    })
    line?.send({ method: 'initialized' })
  }

  function take(message: unknown, hear: (message: JsonObject) => void): void {
    if (!isObject(message)) return
    if (typeof message.method === 'string') return hear(message)
    const answer = waiting.get(Number(message.id))
    waiting.delete(Number(message.id))
    if (isObject(message.error)) answer?.reject(new Refused(String(message.error.message)))
    else answer?.resolve(message.result)
  }
}
