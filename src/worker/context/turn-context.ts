import { type ContextFiles, removedByUser } from '../../context/context-files.ts'
import { documents } from '../../context/documents.ts'
import { shares } from '../../context/shares.ts'
import type { Message } from '../../domain/message.ts'
import type { ToolSpec } from '../../domain/tool-spec.ts'
import type { OnPause, Provider } from '../../provider/provider.ts'
import { oneLine } from '../../text/plain-text.ts'
import type { TurnContext } from '../turn/turn.ts'
import { type Compaction, compactionLine } from './compact.ts'
import { type Gauge, sizeOf } from './gauge.ts'

/** Where a turn says what happens beside the answer: plain lines, that something takes its time, and that it rests. */
export interface Tell {
  say(line: string): void
  wait(label: string): void
  onPause: OnPause
}

export interface TurnContextDeps {
  gauge: Gauge
  /** What was said already of files that are left out. */
  reported: Set<string>
  provider: Provider
  tools: readonly ToolSpec[]
  signal: AbortSignal
  tell: Tell
  autoCompact(): Promise<boolean>
  files(): Promise<ContextFiles>
  system(): string
  remember(window: number): Message[]
  /** How many tokens that has at least; it is not read for it. */
  leastRemembered(window: number): number
  /** The end of what is remembered, for what is no model. */
  lastMessages(): Message[]
  /** `least`: how many tokens it must be worth. */
  compact(least: number): Promise<Compaction>
}

/** What one turn sends, round by round; compacts before the window is full, and when the service says that it is. */
export function createTurnContext(deps: TurnContextDeps): TurnContext {
  const { gauge, provider, tools, signal, tell } = deps
  let head: string | undefined
  let estimate = 0
  let mayCompact = true

  return {
    async request() {
      const { tokens: window } = await gauge.window(provider, signal)
      // The guide looks things up, in nothing but the user guide.
      if (!provider.isModel) return { messages: deps.lastMessages() }
      // Within a turn the files stay as they were at its beginning: a beginning that is the same can be kept by the service.
      head ??= await readHead()
      // What is too long by far is not read to be counted.
      if (gauge.corrected(deps.leastRemembered(window)) > window && mayCompact && (await deps.autoCompact()))
        mayCompact = await compactAloud(window * shares.worthwhile)
      let messages = deps.remember(window)
      estimate = sizeOf(head, tools, messages)
      const isFull = gauge.corrected(estimate) > window * shares.full
      if (isFull && mayCompact && (await deps.autoCompact())) {
        mayCompact = await compactAloud(window * shares.worthwhile)
        messages = deps.remember(window)
        estimate = sizeOf(head, tools, messages)
      }
      return { messages, system: head }
    },
    counted: (usage) => gauge.learn(provider, estimate, usage),
    async tooLong() {
      await gauge.refused(provider, estimate)
      return (await deps.autoCompact()) && compactAloud(0)
    },
  }

  async function readHead(): Promise<string> {
    const files = await deps.files()
    const lines = newsOf(files).filter((line) => !deps.reported.has(line))
    for (const line of lines) deps.reported.add(line)
    if (lines.length > 0) {
      const more = lines.length > 5 ? [`and ${lines.length - 5} more`] : []
      tell.say(`(not sent, or not whole: ${[...lines.slice(0, 5), ...more].join('; ')}; see /context)`)
      tell.wait('thinking')
    }
    return deps.system() + documents(files.kept)
  }

  async function compactAloud(least: number): Promise<boolean> {
    tell.wait('compacting the conversation')
    const result = await deps.compact(least)
    if (result.type === 'compacted' || result.type === 'failed') tell.say(`(${compactionLine(result)})`)
    if (!signal.aborted) tell.wait('thinking')
    return result.type === 'compacted'
  }
}

/** What does not go along although the user may think that it does. */
function newsOf({ kept, left }: ContextFiles): string[] {
  const cut = kept.flatMap((file) => (file.cut ? [{ name: file.name, why: 'only its beginning' }] : []))
  return [...left, ...cut]
    .filter(({ why }) => why !== removedByUser)
    .map(({ name, why }) => `${oneLine(name, 80)}: ${why}`)
}
