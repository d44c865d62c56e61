import { existsSync } from 'node:fs'
import { peekOwn, writeOwn } from '../config/paths/own-file.ts'

/** What stands in files of the runtime directory that nobody could write anew once they were swept away. */
export interface KeptFiles {
  /** Remembers what stands in a file; one that is not there, or is broken, is remembered as it was. */
  take(file: string): void
  /** Writes those that are missing. */
  restore(): Promise<void>
}

/** JSON files of ours, read now and whenever `take` says so. */
export function keepFiles(files: readonly string[]): KeptFiles {
  const known = new Map<string, string>()
  for (const file of files) take(file)
  return {
    take,
    async restore() {
      for (const [file, text] of known) if (!existsSync(file)) writeOwn(file, text)
    },
  }

  function take(file: string): void {
    const text = peekOwn(file)
    if (text !== undefined) known.set(file, text)
  }
}
