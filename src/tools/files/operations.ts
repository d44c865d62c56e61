import { spawn } from 'node:child_process'
import * as fs from 'node:fs/promises'

/** What the tools do to the machine, handed in so that tests can stand in between. */
export interface Operations {
  fs: Pick<
    typeof fs,
    | 'link'
    | 'lstat'
    | 'mkdir'
    | 'mkdtemp'
    | 'open'
    | 'readFile'
    | 'readdir'
    | 'readlink'
    | 'realpath'
    | 'rename'
    | 'rm'
    | 'stat'
    | 'unlink'
  >
  spawn: typeof spawn
}

export const realOperations: Operations = { fs, spawn }
