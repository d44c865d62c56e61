import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ensurePrivateDirectory } from '../config/directories.ts'
import { writePrivateFile } from '../config/private-file.ts'
import { errorCode } from '../domain/errors.ts'
import type { KeptLists } from '../mcp/settings.ts'
import { whileLocked } from './lock.ts'

/** Bytes; no list that we write is longer. */
const longest = 2_097_152

/** Lists of MCP servers' tools as private files of a directory, which is made with the first one. */
export function keptLists(directory: string): KeptLists {
  const fileOf = (key: string) => join(directory, `${key}.json`)
  return {
    async read(key) {
      try {
        const facts = await stat(fileOf(key))
        return facts.isFile() && facts.size <= longest ? await readFile(fileOf(key), 'utf8') : undefined
      } catch (error) {
        // One that cannot be read is as none: it is made again, and says then what is wrong.
        if (errorCode(error) !== undefined) return undefined
        throw error
      }
    },
    async write(key, text) {
      await ensurePrivateDirectory(directory)
      await writePrivateFile(fileOf(key), text)
    },
    async alone(key, work) {
      await ensurePrivateDirectory(directory)
      await whileLocked(join(directory, `${key}.lock`), 'the first start of an MCP server', work)
    },
  }
}
