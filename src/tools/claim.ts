/**
 * What a call would do, as far as trust goes by it. Paths are real ones: without links and `..`; `asked` are the same ones
 * as they were named, absolute.
 */
export type Claim =
  | {
      type: 'read'
      tool: string
      paths: readonly string[]
      asked?: readonly string[]
      directories: readonly string[]
    }
  | { type: 'write'; tool: string; path: string; asked?: string }
  | { type: 'command'; tool: string; command: string; cwd: string }
  /** A tool that is not one of ours (MCP). */
  | { type: 'call'; tool: string; input: string }
