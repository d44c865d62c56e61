import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import type { KeptBack } from '../../domain/sensitive.ts'
import type { Session } from '../../domain/session.ts'
import type { ContextLimits } from '../context/model-context.ts'
import type { Naming } from '../namer.ts'
import { keptCopies } from '../tools/session-copies.ts'
import { keptLists } from '../tools/tool-list-cache.ts'
import type { ToolSettings } from '../tools/worker-tools.ts'
import type { Live } from './live-settings.ts'
import type { SessionHost } from './session-host.ts'

/** What is trusted on the command line. */
export interface Trusted {
  rules: readonly string[]
  all: boolean
}

/** How sessions get their names; undefined: by hand. */
export function namingOf({ sessions }: Settings): Naming | undefined {
  if (!sessions.auto_generate_names) return undefined
  return { maxLength: sessions.name_max_length, withModel: sessions.name_with_model }
}

/** What tools may do, and where they come from. */
export function toolSettings(
  host: Pick<SessionHost, 'paths' | 'processes'>,
  { settings, servers }: Live,
  trust: Trusted | undefined,
): ToolSettings {
  const { allow, deny, timeout_s: timeout } = settings.tools
  return {
    allow: [...allow, ...(trust?.rules ?? [])],
    deny,
    timeout,
    trustAll: trust?.all ?? false,
    servers,
    lists: keptLists(join(host.paths.stateDir, 'mcp')),
    copies: keptCopies(host),
  }
}

/** Which files a model does not get unless it asks: by the rules as they are then. */
export function keptBackBy(settings: () => Promise<Settings>, session: Pick<Session, 'cwd'>): KeptBack {
  return async (file) => {
    const { keptBack } = await import('../../tools/policy/kept-back.ts')
    return keptBack((await settings()).tools.deny, session.cwd, file)
  }
}

/** How much of a conversation the model gets to see. */
export function contextLimits({ model }: Settings): ContextLimits {
  const { context_window: window, auto_compact: autoCompact } = model
  return { window: window === 0 ? undefined : window, autoCompact }
}
