import { setTimeout as sleep } from 'node:timers/promises'
import type { McpServer } from '../domain/named-settings.ts'
import { count, oneLine } from '../text/plain-text.ts'
import { modelName } from './mcp-tool-names.ts'
import { createServer, type Server } from './server.ts'
import { type McpDeps, usualTimeouts } from './server-settings.ts'
import type { ListedTool, ToolList } from './tool-list.ts'

/** A tool of a server, as a session has it. */
export interface ServerTool {
  /** What a model calls it. */
  name: string
  server: Server
  tool: ListedTool
}

/** The MCP servers of a session. None runs before one of its tools is called, or before anybody knows its tools. */
export interface Servers {
  /**
   * The tools that are known at the beginning of a turn. Servers that nobody has asked yet are started for that, and
   * waited for a little; it ends at once when the signal fires.
   */
  tools(signal: AbortSignal): Promise<ServerTool[]>
  /** For people: a line for each server, and its tools. Starts nothing. */
  describe(): Promise<{ name: string; state: string; tools: string[]; leftOut: string }[]>
  /** Ends all processes. */
  close(): Promise<void>
}

/** `reserved`: names that no tool of a server may have. */
export function createServers(
  settings: readonly McpServer[],
  reserved: readonly string[],
  deps: McpDeps,
): Servers {
  const servers = settings.filter(({ disabled }) => !disabled).map((one) => createServer(one, deps))
  /** Those that were waited for once, and how often each was started for its list alone. */
  const tries = new Map<Server, number>()
  /** Why each one failed, as the person knows it. */
  const reported = new Map<Server, string>()

  return {
    async tools(signal) {
      for (const server of servers) server.newTurn()
      const lists = await known()
      const unknown = servers.filter((server) => !lists.has(server))
      await learn(unknown, signal)
      return nameAll(unknown.length === 0 ? lists : await known(), reserved)
    },
    async describe() {
      const lists = await known()
      return settings.map(({ name, disabled }) => {
        const server = servers.find((one) => one.name === name)
        const list = server && lists.get(server)
        const tools = list?.tools.map((tool) => tool.name) ?? []
        const state = disabled || !server ? 'disabled' : stateWords(server, list)
        return { name, state, tools, leftOut: list?.leftOut ?? '' }
      })
    },
    async close() {
      await Promise.all(servers.map((server) => server.close()))
    },
  }

  async function known(): Promise<Map<Server, ToolList>> {
    const found = new Map<Server, ToolList>()
    for (const server of servers) {
      const list = await server.list()
      if (list) found.set(server, list)
    }
    return found
  }

  /** The first time a turn waits a little; what comes later is there in the next one. */
  async function learn(unknown: readonly Server[], signal: AbortSignal): Promise<void> {
    const waited = unknown.filter((server) => !tries.has(server))
    const open = new Set<Server>()
    const asked = unknown
      .filter((server) => (tries.get(server) ?? 0) < maxTries)
      .map(async (server) => {
        tries.set(server, (tries.get(server) ?? 0) + 1)
        open.add(server)
        await server.learn()
        open.delete(server)
        const state = server.state()
        if (state.type !== 'failed' || reported.get(server) === state.why) return
        reported.set(server, state.why)
        deps.say(`MCP server ${server.name}: ${oneLine(state.why)}`)
      })
    if (waited.length === 0) return
    const stop = new AbortController()
    const timeouts = deps.timeouts?.turn ?? usualTimeouts.turn
    const timer = sleep(timeouts, undefined, { signal: AbortSignal.any([signal, stop.signal]) }).catch(
      () => {},
    )
    await Promise.race([Promise.all(asked), timer])
    stop.abort()
    for (const server of open)
      if (!signal.aborted)
        deps.say(`MCP server ${server.name} has not told its tools yet: this turn goes on without them`)
  }
}

/** Starts for the list alone, in one session. */
const maxTries = 3

/** The same names in the same order whenever the lists are the same. */
function nameAll(lists: ReadonlyMap<Server, ToolList>, reserved: readonly string[]): ServerTool[] {
  const taken = new Set(reserved)
  return [...lists].flatMap(([server, { tools }]) =>
    tools.map((tool) => {
      const name = modelName(server.name, tool.name, taken)
      taken.add(name)
      return { name, server, tool }
    }),
  )
}

function stateWords(server: Server, list: ToolList | undefined): string {
  const state = server.state()
  const tools = list ? `, ${count(list.tools.length, 'tool')}` : ''
  if (state.type === 'failed') return `failed: ${oneLine(state.why)}`
  if (state.type === 'idle') return `not started${tools || ', its tools are not known yet'}`
  return `${state.type}${tools}`
}
