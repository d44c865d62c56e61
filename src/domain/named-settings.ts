/** An MCP server, as a section `[mcp.NAME]` of the configuration describes it. */
export interface McpServer {
  /** `[a-z0-9][a-z0-9_-]{0,31}`. */
  name: string
  /** Found through PATH; run without a shell. */
  command: string
  args: readonly string[]
  /** Added to the environment that tools get. Values may be secrets. */
  env: Readonly<Record<string, string>>
  /** Of one call, in s. */
  timeout_s: number
  disabled: boolean
}

/** The agents whose programs are known, in the order in which they are offered. */
export const agentKinds = ['claude', 'codex', 'opencode', 'plain', 'shell'] as const

/** An agent as a section `[agents.NAME]` of the configuration sets it up: a known one, changed, or another beside it. */
export interface AgentSettings {
  /** `[a-z0-9][a-z0-9_-]{0,31}`. */
  name: string
  /** Which of the known ones it is. */
  kind: string
  /** Found through PATH; run without a shell. undefined: that of its kind. */
  command: string | undefined
  /** Before those of a session. */
  args: readonly string[]
  /** Added to its environment. Values may be secrets. */
  env: Readonly<Record<string, string>>
}
