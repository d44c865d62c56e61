import { join } from 'node:path'
import { Unexpected } from '../../base/checked-json.ts'
import { ensurePrivateDirectory } from '../../config/paths/directories.ts'
import { readOwn, writeOwn } from '../../config/paths/own-file.ts'
import type { KeptLists } from '../../mcp/server-settings.ts'
import { whileLocked } from '../../sessions/workspace/lock.ts'

/** Lists of MCP servers' tools as private files of a directory, which is made with the first one. */
export function keptLists(directory: string): KeptLists {
  const fileOf = (key: string) => join(directory, `${key}.json`)
  return {
    async read(key) {
      const { isKept } = await import('../../mcp/kept-tool-list.ts')
      const keptList = (value: unknown): unknown => {
        if (!isKept(value)) throw new Unexpected('it is not a tool list of this version')
        return value
      }
      return readOwn(fileOf(key), keptList, 'the server is asked for its tools again')
    },
    async write(key, text) {
      await ensurePrivateDirectory(directory)
      writeOwn(fileOf(key), text)
    },
    async alone(key, work) {
      await ensurePrivateDirectory(directory)
      await whileLocked(join(directory, `${key}.lock`), 'the first start of an MCP server', work)
    },
  }
}
