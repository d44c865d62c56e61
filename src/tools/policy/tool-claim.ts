/**
 * What a call would do, as far as trust goes by it. `paths` and `path` are real ones: without links and `..`. `asked`
 * says of each, in the same order, how the model named it, made absolute, and then what each link on its way made of that;
 * undefined: they were named as they are.
 */
export type Claim =
  | {
      type: 'read'
      tool: string
      paths: readonly string[]
      asked?: readonly (readonly string[] | undefined)[] | undefined
      /** One for each path, in the same order: itself if it is a directory, else the one it lies in. `t` trusts these. */
      directories: readonly string[]
    }
  | { type: 'write'; tool: string; path: string; asked?: readonly string[] | undefined }
  | { type: 'command'; tool: string; command: string; cwd: string }
  /** A tool that is not one of ours (MCP). */
  | { type: 'call'; tool: string; input: string }

/**
 * The built-in tools, by what a call of each claims: that decides what runs unasked, and what the pattern of a rule for it
 * means. A tool of ours that is not here does not compile.
 */
export const toolsClaiming = {
  read: ['fs_read', 'glob', 'grep'],
  write: ['fs_write'],
  command: ['execute_bash'],
} as const

export const builtInNames: readonly string[] = Object.values(toolsClaiming).flat()

/** The names that a tool may have whose calls claim this; those of MCP servers are their own. */
export type NameClaiming<T extends Claim['type']> = T extends keyof typeof toolsClaiming
  ? (typeof toolsClaiming)[T][number]
  : string

/** Whether a call of the tool claims this: false for what is not one of ours. */
export function claims(type: keyof typeof toolsClaiming, tool: string): boolean {
  return (toolsClaiming[type] as readonly string[]).includes(tool)
}

/** A read of several paths is trusted when each of them is. */
export function partsOf(claim: Claim): Claim[] {
  if (claim.type !== 'read') return [claim]
  return claim.paths.map((path, at) => ({ ...claim, paths: [path], asked: [claim.asked?.[at]] }))
}
