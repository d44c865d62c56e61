import { type ContextFiles, createContextFiles } from '../../context/context-files.ts'
import { documents } from '../../context/documents.ts'
import { shares } from '../../context/shares.ts'
import { systemPrompt } from '../../context/system-prompt.ts'
import type { KeptBack } from '../../domain/sensitive.ts'
import type { Session } from '../../domain/session.ts'
import type { ToolSpec } from '../../domain/tool-spec.ts'
import type { OnPause, Provider } from '../../provider/provider.ts'
import {
  type ContextChangeRecord,
  changeContext,
  forget,
  readContextChanges,
  readMemory,
} from '../../store/model-memory.ts'
import type { Store } from '../../store/store.ts'
import type { TurnContext } from '../turn/turn.ts'
import { type Compaction, compact } from './compact.ts'
import { createGauge } from './gauge.ts'
import { leastRemembered, remember, rememberedEnd } from './remember.ts'
import { createTurnContext, type Tell } from './turn-context.ts'
import { type WindowUse, windowUse } from './window-use.ts'

export interface ModelContextDeps {
  session: Pick<Session, 'id' | 'cwd'>
  /** Why nothing can be done in its directory; nothing is read there then. */
  trouble?(): string | undefined
  store: Store
  /** As they are now. */
  limits(): Promise<ContextLimits>
  keptBack: KeptBack
}

/** What the settings say. */
export interface ContextLimits {
  /** Tokens; undefined: what is known of the model. */
  window: number | undefined
  autoCompact: boolean
}

/** Who answers, and with which tools. */
export interface Answerer {
  provider: Provider
  tools: readonly ToolSpec[]
}

/** What the model gets to see of a session: the prompt before it, files, and as much of the conversation as it remembers. */
export interface ModelContext {
  forTurn(answerer: Answerer, signal: AbortSignal, tell: Tell): TurnContext
  compact(answerer: Answerer, signal: AbortSignal, hint: string, onPause: OnPause): Promise<Compaction>
  use(answerer: Answerer): Promise<WindowUse>
  /** The files that go along now, those that do not, and the room for them in tokens. */
  files(answerer: Answerer): Promise<ContextFiles & { room: number }>
  /** Why the model does not get this file, although it could be read; undefined: it does. */
  keptBack: KeptBack
  change(changes: readonly ContextChangeRecord[]): Promise<void>
  /** What the model knows of what was said before its memory begins, in its own words, untrusted. */
  summary(): string | undefined
  /** The model forgets what was said. false: it remembers nothing. */
  forget(): Promise<boolean>
}

export function createModelContext(deps: ModelContextDeps): ModelContext {
  const { session, trouble = () => undefined, store, limits, keptBack } = deps
  const { id } = session
  let finder = { cwd: session.cwd, find: createContextFiles(session.cwd, keptBack) }
  const gauge = createGauge(async () => (await limits()).window)
  const reported = new Set<string>()

  return {
    forTurn: ({ provider, tools }, signal, tell) =>
      createTurnContext({
        gauge,
        reported,
        provider,
        tools,
        signal,
        tell,
        autoCompact: async () => (await limits()).autoCompact,
        files: () => files({ provider, tools }),
        system,
        remember: (window) => remember(store, id, window).messages,
        leastRemembered: (window) => leastRemembered(store, id, window),
        lastMessages: () => rememberedEnd(store, id, provider.usualWindow).messages,
        compact: (least) => {
          const { onPause } = tell
          return compact({ store, session: id, gauge, provider, signal, onPause, hint: '', least })
        },
      }),
    compact: ({ provider }, signal, hint, onPause) =>
      compact({ store, session: id, gauge, provider, signal, onPause, hint, least: 0 }),
    use,
    files,
    keptBack,
    change: (changes) => changeContext(store, id, changes),
    summary: () => readMemory(store, id)?.summary,
    forget: () => forget(store, id),
  }

  async function use(answerer: Answerer): Promise<WindowUse> {
    const window = await gauge.window(answerer.provider)
    const { kept } = await files(answerer)
    return windowUse(gauge, {
      window,
      system: system(),
      documents: documents(kept),
      files: kept.length,
      tools: answerer.tools,
      remembered: remember(store, id, window.tokens),
    })
  }

  async function files({ provider }: Answerer): Promise<ContextFiles & { room: number }> {
    const { tokens } = await gauge.window(provider)
    const room = Math.floor(tokens * shares.files)
    if (trouble() !== undefined) return { kept: [], left: [], room }
    const { cwd } = session
    if (finder.cwd !== cwd) finder = { cwd, find: createContextFiles(cwd, keptBack) }
    return { ...(await finder.find(readContextChanges(store, id), gauge.estimated(room))), room }
  }

  function system(): string {
    return systemPrompt({
      cwd: session.cwd,
      trouble: trouble(),
      platform: process.platform,
      now: new Date(store.now()),
    })
  }
}
