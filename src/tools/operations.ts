import { spawn } from 'node:child_process'
import * as fs from 'node:fs/promises'

/** What the tools do to the machine, handed in so that tests can stand in between. */
export interface Operations {
  fs: Pick<
    typeof fs,
    'open' | 'realpath' | 'readlink' | 'lstat' | 'stat' | 'readdir' | 'rename' | 'link' | 'unlink' | 'mkdir'
  >
  spawn: typeof spawn
}

export const realOperations: Operations = { fs, spawn }
