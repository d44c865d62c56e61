import { setTimeout as sleep } from 'node:timers/promises'
import { describeError } from '../base/errors.ts'
import type { McpServer } from '../domain/named-settings.ts'
import { oneLine } from '../text/plain-text.ts'
import type { Connection } from './connect.ts'
import { keep, readKept } from './kept-tool-list.ts'
import type { McpDeps } from './server-settings.ts'
import { cleanTools, type ToolList } from './tool-list.ts'

/** What a session knows of a server's tools. */
export interface Listing {
  /** From this session, or as another one kept it; undefined if nobody has asked yet. */
  known(): Promise<ToolList | undefined>
  /** Asks the server, and keeps what it says. A failure is said, unless the server is not `alive` any more. Never throws. */
  refresh(connection: Connection): Promise<void>
}

/** ms between two lists of a server that changes them all the time. */
const pause = 500

export function createListing(server: McpServer, deps: McpDeps, alive: () => boolean): Listing {
  let list: ToolList | undefined
  let refreshing: Promise<void> | undefined
  let stale = false

  return {
    async known() {
      if (list) return list
      const kept = await readKept(deps.lists, server)
      // The server itself may have told it meanwhile.
      list ??= kept
      return list
    },
    /** Changes that come while a list is on its way are one more list, not one each. */
    refresh(connection) {
      stale = true
      refreshing ??= takeAll(connection).finally(() => {
        refreshing = undefined
      })
      return refreshing
    },
  }

  async function takeAll(connection: Connection): Promise<void> {
    try {
      while (stale) {
        stale = false
        await take(connection)
        if (stale) await sleep(pause, undefined, { ref: false })
      }
    } catch (error) {
      if (alive()) say(`its list of tools did not come: ${oneLine(describeError(error))}`)
    }
  }

  async function take(connection: Connection): Promise<void> {
    const taken = cleanTools(await connection.tools(), connection.isSchema)
    if (taken.leftOut !== '' && taken.leftOut !== list?.leftOut) say(taken.leftOut)
    // Kept before it is used: what this session has seen, the next one has.
    await keep(deps.lists, server, taken).catch((error: unknown) =>
      say(`its list of tools was not kept: ${oneLine(describeError(error))}`),
    )
    list = taken
  }

  function say(words: string): void {
    deps.say(`MCP server ${server.name}: ${words}`)
  }
}
