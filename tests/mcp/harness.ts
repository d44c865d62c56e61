import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { McpServer } from '../../src/domain/named-settings.ts'
import type { McpTimeouts } from '../../src/mcp/server-settings.ts'
import { createServers, type Servers, type ServerTool } from '../../src/mcp/servers.ts'
import { keptLists } from '../../src/worker/tools/tool-list-cache.ts'
import { project } from '../tools/harness.ts'

export const program = fileURLToPath(new URL('../support/mcp-server.ts', import.meta.url))

export interface McpLab {
  directory: string
  lists: string
  /** What was said to the person. */
  said: string[]
  servers: Servers
  /** What happened to the server so far, a line each. */
  log(): string[]
  tool(name: string): Promise<ServerTool>
  call(
    name: string,
    input?: Record<string, unknown>,
    signal?: AbortSignal,
  ): ReturnType<ServerTool['server']['call']>
}

/** One server named `s` that runs in these modes, as a session has it; all is ended and gone after the test. */
export function openMcp(
  modes: readonly string[],
  changes: Partial<McpServer> = {},
  timeouts: Partial<McpTimeouts> = {},
  directory: string = project(),
): McpLab {
  const logFile = join(directory, 'log')
  const lists = join(directory, 'lists')
  mkdirSync(lists, { recursive: true })
  const said: string[] = []
  const settings: McpServer = {
    name: 's',
    command: process.execPath,
    args: [program, ...modes],
    env: { MCP_LOG: logFile, SECRET_OF_ITS_OWN: 'mine' },
    timeout_s: 20,
    disabled: false,
    ...changes,
  }
  const servers = createServers([settings], ['execute_bash'], {
    cwd: () => directory,
    environment: () => ({ PATH: process.env.PATH ?? '' }),
    lists: keptLists(lists),
    say: (line) => void said.push(line),
    timeouts,
  })
  onTestFinished(() => servers.close())
  const tool = async (name: string): Promise<ServerTool> => {
    const tools = await servers.tools(new AbortController().signal)
    const found = tools.find((one) => one.tool.name === name)
    if (!found) throw new Error(`Expected a tool ${name}, got ${tools.map((one) => one.name)}; ${said}`)
    return found
  }
  return {
    directory,
    lists,
    said,
    servers,
    log: () =>
      readdirSync(directory).includes('log') ? readFileSync(logFile, 'utf8').trimEnd().split('\n') : [],
    tool,
    call: async (name, input = {}, signal = new AbortController().signal) =>
      (await tool(name)).server.call(name, input, signal),
  }
}

/** Whether a process is there and no zombie. */
export function living(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}

/** The pids that a log names: of the server, and of what it started. */
export function pidsIn(log: readonly string[]): number[] {
  return log.flatMap((line) => (/^(start|child) \d+$/.test(line) ? [Number(line.split(' ')[1])] : []))
}
