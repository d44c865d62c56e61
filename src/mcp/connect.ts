import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { McpServer } from '../domain/named-settings.ts'
import type { StandardSchemaV1, Transport } from './sdk.ts'
import { type ServerProcess, startProcess } from './server-process.ts'
import type { McpTimeouts } from './server-settings.ts'

/** A server that runs and has answered. What it says is untrusted. */
export interface Connection {
  /** As the server sent them, all pages. @throws Error in words */
  tools(): Promise<unknown[]>
  /** The result as it was sent. Fires a cancellation on the signal, and throws at once. @throws Error in words */
  call(tool: string, input: Record<string, unknown>, signal: AbortSignal): Promise<unknown>
  /** Whether a value is a JSON Schema of the draft that models take. */
  isSchema(value: Record<string, unknown>): boolean
  /** Resolves with how it ended, its last words included. */
  ended: Promise<string>
  end(): Promise<void>
}

export interface ConnectOptions {
  cwd: string
  env: Record<string, string>
  timeouts: Pick<McpTimeouts, 'start' | 'list'>
  /** Fires when the session goes away: the start is given up then. */
  signal: AbortSignal
  onListChanged(): void
}

/** Pages of a list that are read. */
const maxPages = 50

/**
 * Starts a server and shakes hands with it. It is offered nothing but the working directory as its root: its requests
 * for sampling and elicitation are declined. @throws Error with words for people, the process gone
 */
export async function connect(server: McpServer, options: ConnectOptions): Promise<Connection> {
  const { AjvJsonSchemaValidator, Client, deserializeMessage, serializeMessage } = await import('./sdk.ts')
  options.signal.throwIfAborted()
  const child = await startProcess({
    ...server,
    cwd: options.cwd,
    env: { ...options.env, ...server.env },
    onLine: (line) => transport.onmessage?.(deserializeMessage(line)),
  })
  const transport: Transport = {
    async start() {
      void child.ended.then(() => transport.onclose?.())
    },
    send: async (message) => child.write(serializeMessage(message)),
    close: () => child.end(),
  }
  const client = new Client({ name: 'q-mux', version: '1' }, { capabilities: { roots: {} } })
  // What the client cannot make sense of is ignored; what becomes of a call, its caller hears.
  client.onerror = () => {}
  client.setRequestHandler('roots/list', () => ({
    roots: [{ uri: pathToFileURL(options.cwd).href, name: basename(options.cwd) }],
  }))
  client.setNotificationHandler('notifications/tools/list_changed', () => options.onListChanged())
  const give = () => void child.end()
  options.signal.addEventListener('abort', give)
  if (options.signal.aborted) give()
  try {
    await client.connect(transport, { timeout: options.timeouts.start })
  } catch (error) {
    await child.end()
    const late = `it did not answer within ${options.timeouts.start / 1000} s`
    throw new Error(withLastWords(isTimeout(error) ? late : await child.ended, child))
  } finally {
    options.signal.removeEventListener('abort', give)
  }
  let validate: ((schema: unknown) => { valid: boolean }) | undefined

  return {
    async tools() {
      if (!client.getServerCapabilities()?.tools) return []
      const tools: unknown[] = []
      let cursor: string | undefined
      for (let page = 0; page < maxPages; page += 1) {
        const params = cursor === undefined ? {} : { cursor }
        const timeout = options.timeouts.list
        const result = await client.request({ method: 'tools/list', params }, whatever, { timeout })
        if (Array.isArray(result.tools)) for (const tool of result.tools) tools.push(tool)
        if (typeof result.nextCursor !== 'string' || result.nextCursor === '') break
        cursor = result.nextCursor
      }
      return tools
    },
    async call(tool, input, signal) {
      const timeout = server.timeout_s * 1000
      try {
        return await client.request(
          { method: 'tools/call', params: { name: tool, arguments: input } },
          whatever,
          { signal, timeout },
        )
      } catch (error) {
        if (isTimeout(error)) throw new Error(`it did not answer within ${server.timeout_s} s`)
        throw error
      }
    },
    isSchema(value) {
      validate ??= new AjvJsonSchemaValidator().getValidator({ $ref: draft })
      return validate(value).valid
    },
    ended: child.ended.then((how) => withLastWords(how, child)),
    end: () => child.end(),
  }
}

const draft = 'https://json-schema.org/draft/2020-12/schema'

/** What a server sends is looked at piece by piece: one odd tool must not cost the others. */
const whatever: StandardSchemaV1<unknown, Record<string, unknown>> = {
  '~standard': {
    version: 1,
    vendor: 'q-mux',
    validate: (value) =>
      typeof value === 'object' && value !== null
        ? { value: value as Record<string, unknown> }
        : { issues: [{ message: 'Expected an object' }] },
  },
}

function withLastWords(how: string, child: ServerProcess): string {
  const words = child.lastWords()
  return words === '' ? how : `${how}; its last words:\n${words}`
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'REQUEST_TIMEOUT'
}
