import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, UserError } from '../../base/errors.ts'
import { type Config, loadConfig } from '../../config/file/load-config.ts'
import type { Settings } from '../../config/settings.ts'
import { becomeEnvironment, savedEnvironment } from '../../sessions/workspace/workspace-environment.ts'
import { checkRule } from '../tools/check-rule.ts'
import type { SessionHost } from './session-host.ts'

/** What a session that runs goes by now. */
export interface Live {
  settings: Settings
  /** The MCP servers that it may use. */
  servers: Config['servers']
  /** Agents as they are set up. */
  agents: Config['agents']
  env: NodeJS.ProcessEnv
  /** Another one means that something was read anew. */
  stamp: string
}

export interface LiveSettings {
  (): Promise<Live>
  /** As they were when they were last asked for: for what cannot wait. */
  last(): Live
}

export interface LiveDeps {
  /** The environment that `q mux` keeps for its workers; undefined in a plain chat, which has its caller's. */
  environmentFile: string | undefined
  complain(error: UserError): void
}

/** How long a file that was changed, emptied or removed must rest before it counts, in ms: editors write in steps. */
const rest = 60
/** A file that never rests is taken as it is. */
const maxLooks = 10

/**
 * The settings of a session that runs, read again when config.toml, or the environment that `q mux` keeps, was changed.
 * A file that cannot be taken is complained of once for each change of it, and what was good last stays in force:
 * above all, what `tools.deny` named stays denied.
 */
export function liveSettings(
  host: Pick<SessionHost, 'config' | 'env' | 'paths'>,
  { environmentFile, complain }: LiveDeps,
): LiveSettings {
  const { configFile } = host.paths
  let current: Live = { ...goodOnes(host.config), env: host.env, stamp: '' }
  let reading: Promise<Live> | undefined

  const now = (): Promise<Live> => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
  return Object.assign(now, { last: () => current })

  async function read(): Promise<Live> {
    if (stampNow() === current.stamp) return current
    const stamp = current.stamp === '' ? stampNow() : await settledStamp()
    let good = goodOnes(current)
    let { env } = current
    try {
      if (environmentFile !== undefined)
        env = await savedEnvironment(environmentFile, process.env, (line) => complain(new UserError(line)))
      becomeEnvironment(env)
      good = goodOnes(await loadConfig(configFile, env, checkRule))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      complain(error)
    }
    current = { ...good, env, stamp }
    return current
  }

  async function settledStamp(): Promise<string> {
    let stamp = stampNow()
    for (let looks = 0; looks < maxLooks; looks += 1) {
      await sleep(rest)
      const now = stampNow()
      if (now === stamp) break
      stamp = now
    }
    return stamp
  }

  function stampNow(): string {
    return [environmentFile, configFile].map((file) => (file === undefined ? '' : stampOf(file))).join()
  }
}

type Good = Pick<Live, 'settings' | 'servers' | 'agents'>

function goodOnes({ settings, servers, agents }: Good): Good {
  return { settings, servers, agents }
}

/** One that cannot be looked at has a stamp, too: it is complained of when it is read. */
function stampOf(file: string): string {
  try {
    const facts = statSync(file, { throwIfNoEntry: false })
    return facts ? `${facts.ino}:${facts.size}:${facts.mtimeMs}:${facts.ctimeMs}` : ''
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    return code
  }
}
