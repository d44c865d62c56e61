/** Where a call is looked at. */
export interface CallPlace {
  /** The session's working directory, absolute. */
  cwd: string
  /** The absolute path that `@session/PATH` means; undefined: this place has no session directory. */
  session?: ((path: string) => string) | undefined
  /** Real paths that searches leave out (`hiddenPaths` of policy.ts). */
  hidden?: ((real: string) => boolean) | undefined
  /** Those of them that are denied (`deniesReading` of rules.ts). */
  denied?: ((real: string) => boolean) | undefined
}
