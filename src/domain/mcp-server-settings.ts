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
