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
      /** Where the paths lie, and those of them that are directories themselves. */
      directories: readonly string[]
    }
  | { type: 'write'; tool: string; path: string; asked?: readonly string[] | undefined }
  | { type: 'command'; tool: string; command: string; cwd: string }
  /** A tool that is not one of ours (MCP). */
  | { type: 'call'; tool: string; input: string }

/** A read of several paths is trusted when each of them is. */
export function partsOf(claim: Claim): Claim[] {
  if (claim.type !== 'read') return [claim]
  return claim.paths.map((path, at) => ({ ...claim, paths: [path], asked: [claim.asked?.[at]] }))
}
