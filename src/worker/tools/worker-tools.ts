import { isDeepStrictEqual } from 'node:util'
import type { McpServer } from '../../domain/named-settings.ts'
import type { ToolSpec } from '../../domain/tool-spec.ts'
import { guardGroup } from '../../mcp/guard.ts'
import type { KeptLists } from '../../mcp/server-settings.ts'
import { createServers, type Servers } from '../../mcp/servers.ts'
import type { WorkingDirectory } from '../../sessions/files/working-directory.ts'
import { oneLine } from '../../text/plain-text.ts'
import { builtInTools } from '../../tools/built-in-tools.ts'
import { toolEnvironment } from '../../tools/command-environment.ts'
import type { Copies } from '../../tools/files/kept-copies.ts'
import { parseRule, type RuleList } from '../../tools/policy/rules/rules.ts'
import type { Tool, ToolResult } from '../../tools/tool.ts'
import type { ToolUse } from '../turn/growing-answer.ts'
import { mcpTool, serverLines } from './mcp-tools.ts'
import { createToolRunner, type Rules, type RunnerDeps, type ToolTurn } from './tool-runner.ts'

/** What a session's tools may do unasked, as the user wrote it, and where they come from besides q itself. */
export interface ToolSettings {
  allow: readonly string[]
  deny: readonly string[]
  /** Everything but what `deny` names. */
  trustAll: boolean
  /** Of one command, in s. */
  timeout: number
  servers: readonly McpServer[]
  /** Where the lists of servers' tools are kept. */
  lists: KeptLists
  /** Where what a file held stands while it is written. */
  copies: Copies
}

export interface ToolDeps extends RunnerDeps {
  /** Where the session works: while that is gone, nothing runs. */
  directory: WorkingDirectory
  /** As they are now. */
  settings(): Promise<ToolSettings>
}

/** The model's tools in this session, each use decided by the policy or by the person in front of it. */
export interface WorkerTools {
  /**
   * Takes over the settings as they are now; each use does, too.
   * @throws UserError when a rule is none: nothing runs under a deny list that nobody can read
   */
  refresh(): Promise<void>
  /**
   * The tools at the beginning of a turn. The first one ever may wait some seconds for a server's; it ends at once when
   * the signal fires.
   */
  specs(signal: AbortSignal): Promise<ToolSpec[]>
  /** Those that need no server. */
  builtIn(): Promise<ToolSpec[]>
  /** Runs a committed use, after asking where that is needed. Never throws but for the store. */
  run(use: ToolUse, turn: ToolTurn): Promise<ToolResult>
  /** How long questions have waited for their answers so far, in ms. */
  waited(): number
  /** For `/tools`: what there is, and what runs unasked. */
  lines(): Promise<string[]>
  /** Ends what its tools keep running. */
  close(): Promise<void>
}

/** What follows from the settings; made anew when they change. */
interface Made {
  cwd: string
  settings: ToolSettings
  builtIn: Tool[]
}

export function createTools(deps: ToolDeps): WorkerTools {
  const { session, terminal, style } = deps
  const runner = createToolRunner(deps)
  let made: Made | undefined
  let servers: Servers | undefined
  let fromServers: Tool[] = []

  return {
    refresh: async () => void (await refresh()),
    specs,
    builtIn,
    run,
    waited: runner.waited,
    lines,
    close,
  }

  async function refresh(): Promise<Made> {
    const settings = await deps.settings()
    const cwd = workingDirectory()
    const moved = made !== undefined && made.cwd !== cwd
    if (made && !moved && isDeepStrictEqual(plain(settings), plain(made.settings))) return made
    for (const list of ['deny', 'allow'] as const) parsed(settings, list)
    const next = {
      cwd,
      settings,
      builtIn: builtInTools(
        { timeout: settings.timeout * 1000, guard: guardGroup },
        undefined,
        settings.copies,
      ),
    }
    // What was trusted was trusted there.
    if (moved) runner.forget()
    if (moved || !isDeepStrictEqual(settings.servers, made?.settings.servers)) {
      await servers?.close()
      servers = openServers(next)
      fromServers = []
    }
    made = next
    return made
  }

  function openServers({ settings, builtIn }: Made): Servers {
    const reserved = builtIn.map(({ spec }) => spec.name)
    return createServers(settings.servers, reserved, {
      cwd: workingDirectory,
      environment: () => toolEnvironment(deps.env),
      lists: settings.lists,
      say: (line) => terminal.say(style.dim(line)),
    })
  }

  async function specs(signal: AbortSignal): Promise<ToolSpec[]> {
    const { builtIn } = await refresh()
    fromServers = ((await servers?.tools(signal)) ?? []).map(mcpTool)
    return [...builtIn, ...fromServers].map(({ spec }) => spec)
  }

  async function builtIn(): Promise<ToolSpec[]> {
    const made = await refresh()
    return made.builtIn.map(({ spec }) => spec)
  }

  async function run(use: ToolUse, turn: ToolTurn): Promise<ToolResult> {
    const missing = withoutDirectory(use.name)
    if (missing) return missing
    const { builtIn } = await refresh()
    const tool = [...builtIn, ...fromServers].find(({ spec }) => spec.name === use.name)
    return runner.run(tool && inDirectory(tool), use, rules, turn)
  }

  /** A tool that looks once more before it runs: an approval may have taken hours. */
  function inDirectory(tool: Tool): Tool {
    return {
      ...tool,
      async prepare(input, place) {
        const prepared = await tool.prepare(input, place)
        if (prepared.type !== 'ready') return prepared
        return { ...prepared, run: async (at) => withoutDirectory(tool.spec.name) ?? prepared.run(at) }
      },
    }
  }

  function withoutDirectory(tool: string): ToolResult | undefined {
    const trouble = deps.directory.trouble()
    if (trouble === undefined) return undefined
    deps.unattended?.(tool, trouble)
    terminal.say(style.red(`${tool}: not run: ${oneLine(trouble)}`))
    return {
      content: `It was not run: the working directory ${trouble}. No tool runs until the user has made it again or chosen another one.`,
      status: 'error',
    }
  }

  async function rules(): Promise<Rules> {
    const { settings } = await refresh()
    const [deny, allow] = [parsed(settings, 'deny'), parsed(settings, 'allow')]
    return { cwd: workingDirectory(), deny, allow, all: settings.trustAll }
  }

  /** Anew for each call: a link or the working directory may be another one now. */
  function parsed(settings: ToolSettings, list: RuleList) {
    return settings[list].map((text) => parseRule(text, workingDirectory(), list))
  }

  async function close(): Promise<void> {
    await servers?.close()
  }

  /** Without links, where it can be entered. */
  function workingDirectory(): string {
    return deps.directory.trouble() === undefined ? process.cwd() : session.cwd
  }

  async function lines(): Promise<string[]> {
    const { settings, builtIn } = await refresh()
    const width = Math.max(...builtIn.map(({ spec }) => spec.name.length))
    const listed = (label: string, texts: readonly string[]) =>
      texts.map((text) => `  ${label} ${oneLine(text)}`)
    return [
      ...builtIn.map(({ spec, claims }) => {
        const words = settings.trustAll ? 'trusted' : trustWords[claims === 'read' ? 'here' : 'never']
        return `  ${style.bold(spec.name.padEnd(width))}  ${words}`
      }),
      ...(servers ? await serverLines(servers, style) : []),
      ...listed('denied: ', settings.deny),
      ...listed('allowed:', settings.allow),
      ...listed('trusted:', runner.trusted()),
    ]
  }
}

const trustWords = { here: 'trusted in the working directory', never: 'asks' }

/** Without what is made anew each time. */
function plain({ lists: _, copies: __, ...settings }: ToolSettings): Omit<ToolSettings, 'lists' | 'copies'> {
  return settings
}
