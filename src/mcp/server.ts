import { setTimeout as sleep } from 'node:timers/promises'
import { describeError } from '../base/errors.ts'
import type { McpServer } from '../domain/named-settings.ts'
import { sanitize } from '../text/sanitizer.ts'
import { type Connection, connect } from './connect.ts'
import { keyOf } from './kept-tool-list.ts'
import { createListing } from './listing.ts'
import { type CallResult, resultOf } from './result.ts'
import { type McpDeps, type McpTimeouts, usualTimeouts } from './server-settings.ts'
import type { ToolList } from './tool-list.ts'

export type ServerState =
  | { type: 'idle' }
  | { type: 'starting' }
  | { type: 'running' }
  | { type: 'failed'; why: string }

/** One server of one session: a process while it is used, and what is known of its tools also without. */
export interface Server {
  readonly name: string
  state(): ServerState
  /** Its tools as far as they are known: from a run of this or of another session. */
  list(): Promise<ToolList | undefined>
  /** Starts it for its list, unless another session does so already. Resolves when that is over, however it ended. */
  learn(): Promise<void>
  /** Calls a tool, starting the server where needed. It returns at once when the signal fires. Never throws. */
  call(tool: string, input: Record<string, unknown>, signal: AbortSignal): Promise<CallResult>
  /** The user said something new: a server that failed may be tried again. */
  newTurn(): void
  /** Ends its process. It is not started any more. */
  close(): Promise<void>
}

/** Starts that failed and processes that died, in a row, after which a turn gives a server up. */
const maxFailures = 3

export function createServer(server: McpServer, deps: McpDeps): Server {
  const timeouts: McpTimeouts = { ...usualTimeouts, ...deps.timeouts }
  const life = new AbortController()
  let state: ServerState = { type: 'idle' }
  let current: Promise<Connection> | undefined
  let failures = 0
  let calls = 0
  let learning: Promise<void> | undefined
  let idle: NodeJS.Timeout | undefined
  const listing = createListing(server, deps, () => state.type === 'running' && !life.signal.aborted)

  return {
    name: server.name,
    state: () => state,
    list: listing.known,
    learn() {
      learning ??= learn().finally(() => {
        learning = undefined
      })
      return learning
    },
    call,
    newTurn() {
      failures = 0
    },
    async close() {
      clearTimeout(idle)
      life.abort(new Error('the session ends'))
      const connection = await current?.catch(() => undefined)
      await connection?.end()
    },
  }

  async function call(
    tool: string,
    input: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<CallResult> {
    calls += 1
    clearTimeout(idle)
    let connection: Connection | undefined
    try {
      const starting = current === undefined
      connection = await unless(signal, running())
      if (starting) void listing.refresh(connection)
      const result = resultOf(await connection.call(tool, input, signal))
      failures = 0
      return result
    } catch (error) {
      if (signal.aborted) return failed('Stopped by the user.')
      return failed(await wordsFor(error, connection))
    } finally {
      calls -= 1
      rest()
    }
  }

  /** One process at a time, however many ask. */
  function running(): Promise<Connection> {
    if (current) return current
    life.signal.throwIfAborted()
    if (failures >= maxFailures && state.type === 'failed')
      throw new Error(
        `it failed ${failures} times in a row and is left alone until the next prompt: ${state.why}`,
      )
    state = { type: 'starting' }
    current = connect(server, {
      cwd: deps.cwd(),
      env: deps.environment(),
      timeouts,
      signal: life.signal,
      onListChanged: () => void current?.then(listing.refresh, () => {}),
    })
    const mine = current
    mine.then(
      (connection) => {
        state = { type: 'running' }
        void connection.ended.then((how) => fail(mine, how))
      },
      (error: unknown) => fail(mine, describeError(error)),
    )
    return mine
  }

  /** One that was ended on purpose is not the present one any more. */
  function fail(mine: Promise<Connection>, why: string): void {
    if (current !== mine || life.signal.aborted) return
    current = undefined
    failures += 1
    state = { type: 'failed', why: sanitize(why) }
  }

  /** undefined as `connection`: it did not come to the call. */
  async function wordsFor(error: unknown, connection: Connection | undefined): Promise<string> {
    const why = sanitize(describeError(error))
    if (!connection) return `The MCP server ${server.name} did not start: ${why}`
    // The end of the process closes the connection a moment before its words are there.
    const how = await Promise.race([connection.ended, sleep(20)])
    if (how) return `The MCP server ${server.name} is gone: ${sanitize(how)}`
    return `The MCP server ${server.name}: ${why}`
  }

  async function learn(): Promise<void> {
    try {
      await deps.lists.alone(keyOf(server), async () => {
        if (!(await listing.known())) await listing.refresh(await running())
      })
    } catch (error) {
      if (state.type !== 'failed' && !life.signal.aborted)
        state = { type: 'failed', why: sanitize(describeError(error)) }
    }
    rest()
  }

  /** Its process ends when nobody has called it for a while. */
  function rest(): void {
    clearTimeout(idle)
    if (calls > 0 || life.signal.aborted) return
    idle = setTimeout(async () => {
      const connection = await current?.catch(() => undefined)
      if (!connection || calls > 0) return
      state = { type: 'idle' }
      current = undefined
      await connection.end()
    }, timeouts.idle)
    idle.unref()
  }
}

/** @throws the signal's reason at once when it fires */
async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const stopped = Promise.withResolvers<never>()
  const stop = () => stopped.reject(signal.reason)
  signal.addEventListener('abort', stop)
  try {
    return await Promise.race([work, stopped.promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function failed(content: string): CallResult {
  return { content, status: 'error' }
}
