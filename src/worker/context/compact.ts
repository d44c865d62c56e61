import { isPlainPrompt, placeToCut, shortenedText } from '../../context/cut.ts'
import { shares } from '../../context/shares.ts'
import { tokensOf } from '../../context/token-estimate.ts'
import { enclosed } from '../../domain/attachment.ts'
import { type Message, type StoredMessage, textOf } from '../../domain/message.ts'
import type { OnPause, Provider } from '../../provider/provider.ts'
import { countFrom, eachMessage, readLastExchange } from '../../store/messages.ts'
import { setMemory } from '../../store/model-memory.ts'
import type { Store } from '../../store/store.ts'
import { count, oneLine } from '../../text/plain-text.ts'
import type { Gauge } from './gauge.ts'
import { rememberedEnd } from './remember.ts'
import { summarize } from './summarize.ts'

export type Compaction =
  /** How many messages the summary is of, and how many stay as they are. */
  | { type: 'compacted'; summarized: number; kept: number }
  | { type: 'nothing' | 'stopped' | 'no model' }
  | { type: 'failed'; message: string; hint: string | undefined }

export interface CompactDeps {
  store: Store
  session: string
  gauge: Gauge
  provider: Provider
  signal: AbortSignal
  onPause: OnPause
  /** What the user wants kept. */
  hint: string
  /** How many tokens it must be worth. */
  least: number
}

/**
 * Has the beginning of what the model remembers summarized, and lets its memory begin behind that. It is one write at
 * the end: before it, and when anything fails, nothing is changed.
 */
export async function compact(deps: CompactDeps): Promise<Compaction> {
  const { store, session, gauge, provider, signal, onPause, hint, least } = deps
  if (!provider.isModel) return { type: 'no model' }
  const { tokens: window } = await gauge.window(provider, signal)
  const room = gauge.estimated(window * shares.verbatim)
  const { memory, from, messages, unread } = rememberedEnd(store, session, room)
  const place = placeToCut(messages, room, unread)
  if (place === undefined) return { type: 'nothing' }
  // A long conversation is never there as a whole.
  const old = () => eachMessage(store, session, from, place)
  if (!hasTokens(old(), gauge.estimated(least))) return { type: 'nothing' }
  const earlier = memory?.summary
  const share = shares.summarized
  const summary = await summarize(old, { provider, signal, onPause, window, share, hint, earlier })
  if (summary.type !== 'summary') return summary
  const text = summary.text + unansweredPrompt(readLastExchange(store, session), place)
  await setMemory(store, session, { beginsAt: place, summary: text })
  const kept = countFrom(store, session, place)
  return { type: 'compacted', summarized: countFrom(store, session, from) - kept, kept }
}

/** Whether messages have so many tokens, by estimate. */
function hasTokens(messages: Iterable<Message>, least: number): boolean {
  let tokens = 0
  for (const message of messages) {
    tokens += tokensOf([message])
    if (tokens >= least) return true
  }
  return tokens >= least
}

/** What came of a compaction, for people. */
export function compactionLine(result: Compaction): string {
  switch (result.type) {
    case 'compacted':
      return `compacted: for the model ${count(result.summarized, 'message')} are a summary now, ${result.kept} stay as they are; /history still shows all`
    case 'nothing':
      return 'there is nothing to compact: the model remembers only what was said last'
    case 'no model':
      return 'no model is connected, so nobody can write a summary'
    case 'failed':
      return `not compacted, nothing was changed: ${oneLine(result.message, 300)}`
    case 'stopped':
      return 'stopped; nothing was changed'
  }
}

/** Where the cut falls into an exchange, the prompt that the model works on stays in the user's own words. */
function unansweredPrompt([prompt]: readonly StoredMessage[], place: number): string {
  if (!prompt || !isPlainPrompt(prompt) || prompt.seq >= place) return ''
  const text = enclosed('last_prompt', '', shortenedText(textOf(prompt), 8000))
  return `\n\nThe developer's last prompt, which you are working on:\n\n${text}`
}
