import { before, isPrompt, placeToCut, rememberedHistory, shortenedText } from '../context/cut.ts'
import { documents } from '../context/documents.ts'
import { type ContextFiles, createContextFiles } from '../context/files.ts'
import { shares } from '../context/shares.ts'
import { systemPrompt } from '../context/system-prompt.ts'
import { tokensIn, tokensOf, tokensOfBlock } from '../context/tokens.ts'
import { unknownWindow, windowOf } from '../context/windows.ts'
import { enclosed } from '../domain/attachment.ts'
import type { Message, StoredMessage } from '../domain/message.ts'
import { textOf } from '../domain/message.ts'
import type { Session } from '../domain/session.ts'
import { count, oneLine } from '../domain/text.ts'
import type { Provider, ToolSpec, Usage } from '../provider/provider.ts'
import {
  type ContextChangeRecord,
  changeContext,
  forget,
  type MemoryRecord,
  readContextChanges,
  readMemory,
  setMemory,
} from '../store/context.ts'
import { readMessagesFrom } from '../store/messages.ts'
import type { Store } from '../store/store.ts'
import { summarize } from './summarize.ts'
import type { TurnContext } from './turn.ts'

export interface ModelContextParts {
  session: Pick<Session, 'id' | 'cwd'>
  store: Store
  limits(): ContextLimits
}

/** What the settings say; read anew for each turn. */
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

/** Where a turn says what happens beside the answer: plain lines, and that something takes its time. */
export interface Tell {
  say(line: string): void
  wait(label: string): void
}

export interface Window {
  tokens: number
  /** Where the number is from, for people. */
  source: string
}

export type Compaction =
  /** How many messages the summary is of, and how many stay as they are. */
  | { type: 'compacted'; summarized: number; kept: number }
  | { type: 'nothing' | 'stopped' | 'guide' }
  | { type: 'failed'; message: string; hint: string | undefined }

/** The window by part, in tokens as the service would count them. */
export interface WindowUse {
  window: Window
  parts: { name: string; tokens: number; note?: string }[]
  total: number
  /** What the service counted in the last request. */
  counted: number | undefined
}

/** What the model gets to see of a session: the prompt before it, files, and as much of the conversation as it remembers. */
export interface ModelContext {
  forTurn(answerer: Answerer, signal: AbortSignal, tell: Tell): TurnContext
  compact(answerer: Answerer, signal: AbortSignal, hint: string): Promise<Compaction>
  use(answerer: Answerer): Promise<WindowUse>
  /** The files that go along now, those that do not, and the room for them in tokens. */
  files(answerer: Answerer): Promise<ContextFiles & { room: number }>
  change(changes: readonly ContextChangeRecord[]): Promise<void>
  /** The model forgets what was said. false: it remembers nothing. */
  forget(): Promise<boolean>
}

export function createModelContext({ session, store, limits }: ModelContextParts): ModelContext {
  const { id, cwd } = session
  const findFiles = createContextFiles(cwd)
  const told = new Set<string>()
  /** Windows that turned out to be smaller, by model. */
  const smaller = new Map<string | undefined, number>()
  /** What the service counts for one token of our estimate. */
  let scale = 1
  let counted: number | undefined

  return {
    forTurn,
    compact: async (answerer, signal, hint) => compact(answerer, signal, hint, 0),
    use,
    files,
    change: (changes) => changeContext(store, id, changes),
    forget: () => forget(store, id),
  }

  function forTurn(answerer: Answerer, signal: AbortSignal, tell: Tell): TurnContext {
    const isGuide = answerer.provider.name === 'guide'
    let head: string | undefined
    let estimate = 0
    let tryCompacting = true

    return { request, counted: learn, tooLong }

    async function request() {
      const { window } = await windowFor(answerer.provider, signal)
      if (isGuide) return { messages: remembered(window).messages }
      // Within a turn the files stay as they were at its beginning: what comes first does not change while the model works.
      head ??= await readHead()
      let { messages } = remembered(window)
      estimate = sizeOf(head, answerer.tools, messages)
      if (limits().autoCompact && tryCompacting && estimate * scale > window * shares.full) {
        tryCompacting = await compactAloud(window / 10)
        ;({ messages } = remembered(window))
        estimate = sizeOf(head, answerer.tools, messages)
      }
      return { messages, system: head }
    }

    async function readHead(): Promise<string> {
      const { kept, left } = await files(answerer)
      const cut = kept.flatMap((file) =>
        file.cut ? [{ name: file.name, why: 'only its beginning goes along' }] : [],
      )
      const news = [...left, ...cut]
        .filter(({ why }) => why !== removedByUser)
        .map(({ name, why }) => `${oneLine(name, 80)}: ${why}`)
        .filter((line) => !told.has(line))
      for (const line of news) told.add(line)
      const more = news.length > 5 ? [`and ${news.length - 5} more`] : []
      if (news.length > 0)
        tell.say(
          `(context files that do not go along whole: ${[...news.slice(0, 5), ...more].join('; ')}; /context show)`,
        )
      if (news.length > 0) tell.wait('thinking')
      return head0() + documents(kept)
    }

    async function tooLong(): Promise<boolean> {
      const known = (await windowFor(answerer.provider, signal)).window
      smaller.set(answerer.provider.model, Math.min(known, Math.floor(estimate * scale)))
      return limits().autoCompact && compactAloud(0)
    }

    function learn({ inputTokens }: Usage): void {
      counted = inputTokens
      // A server that counts something else is not believed.
      const ratio = inputTokens / Math.max(1, estimate)
      if (ratio > 0.4 && ratio < 2.5) scale = ratio
    }

    /** `least`: how many tokens it must be worth. */
    async function compactAloud(least: number): Promise<boolean> {
      tell.wait('compacting the conversation')
      const result = await compact(answerer, signal, '', least)
      const line = compactionLine(result)
      if (line !== undefined && result.type !== 'nothing') tell.say(`(${line})`)
      if (!signal.aborted) tell.wait('thinking')
      return result.type === 'compacted'
    }
  }

  async function compact(
    { provider }: Answerer,
    signal: AbortSignal,
    hint: string,
    least: number,
  ): Promise<Compaction> {
    if (provider.name === 'guide') return { type: 'guide' }
    const { window } = await windowFor(provider, signal)
    const { memory, stored } = remembered(window)
    const place = placeToCut(stored, Math.floor((window * shares.verbatim) / scale))
    if (place === undefined) return { type: 'nothing' }
    const old = before(stored, place)
    if (tokensOf(old) * scale < least) return { type: 'nothing' }
    const summary = await summarize(old, {
      provider,
      signal,
      window,
      share: shares.summarized,
      hint,
      earlier: memory?.summary,
    })
    if (summary.type !== 'summary') return summary
    await setMemory(store, id, { beginsAt: place, summary: summary.text + unansweredPrompt(stored, place) })
    return { type: 'compacted', summarized: old.length, kept: stored.length - old.length }
  }

  async function use(answerer: Answerer): Promise<WindowUse> {
    const { provider, tools } = answerer
    const window = await windowFor(provider, new AbortController().signal)
    const { kept } = await files(answerer)
    const { memory, messages } = remembered(window.window)
    const said = (wanted: (message: Message, type: string) => boolean) =>
      messages
        .flatMap((message) => message.blocks.filter(({ type }) => wanted(message, type)))
        .reduce((sum, block) => sum + tokensOfBlock(block), 0)
    const summary = memory?.summary === undefined ? 0 : tokensIn(memory.summary) + 40
    const rows = [
      { name: 'system prompt', tokens: tokensIn(head0()) },
      { name: 'context files', tokens: tokensIn(documents(kept)), note: count(kept.length, 'file') },
      { name: 'tools', tokens: toolTokens(tools), note: count(tools.length, 'tool') },
      { name: 'summary', tokens: summary, note: 'of what was said before' },
      { name: 'prompts', tokens: said(({ role }, type) => role === 'user' && type === 'text') - summary },
      { name: 'answers', tokens: said(({ role }) => role === 'assistant') },
      { name: 'tool results', tokens: said((_, type) => type === 'tool_result') },
    ]
      .map((row) => ({ ...row, tokens: Math.max(0, Math.round(row.tokens * scale)) }))
      .filter(({ name, tokens }) => name !== 'summary' || tokens > 0)
    const total = rows.reduce((sum, { tokens }) => sum + tokens, 0)
    return { window: { tokens: window.window, source: window.source }, parts: rows, total, counted }
  }

  async function files({ provider }: Answerer): Promise<ContextFiles & { room: number }> {
    const { window } = await windowFor(provider, new AbortController().signal)
    const room = Math.floor((window * shares.files) / scale)
    return {
      ...(await findFiles(readContextChanges(store, id), room)),
      room: Math.floor(window * shares.files),
    }
  }

  function remembered(window: number): {
    memory: MemoryRecord | undefined
    stored: StoredMessage[]
    messages: Message[]
  } {
    const memory = readMemory(store, id)
    const stored = readMessagesFrom(store, id, memory?.beginsAt ?? 0)
    return { memory, stored, messages: rememberedHistory(stored, memory, window) }
  }

  async function windowFor(
    provider: Provider,
    signal: AbortSignal,
  ): Promise<{ window: number; source: string }> {
    const { window: set } = limits()
    const model = provider.model
    const known = { window: unknownWindow, source: 'a guess: set model.context_window' }
    if (set !== undefined) Object.assign(known, { window: set, source: 'model.context_window' })
    else {
      const said = await provider.window?.(signal)
      const listed = model === undefined ? undefined : windowOf(model)
      if (said !== undefined) Object.assign(known, { window: said, source: 'said by the server' })
      else if (listed !== undefined) Object.assign(known, { window: listed, source: 'known of the model' })
    }
    const least = smaller.get(model)
    return least !== undefined && least < known.window
      ? { window: least, source: 'found out: the model refused more' }
      : known
  }

  function head0(): string {
    return systemPrompt({ cwd, platform: process.platform, now: new Date(store.now()) })
  }
}

/** What came of a compaction, for people; undefined when the user knows, having stopped it. */
export function compactionLine(result: Compaction): string | undefined {
  switch (result.type) {
    case 'compacted':
      return `compacted: for the model ${count(result.summarized, 'message')} are a summary now, ${result.kept} stay as they are; /history still shows all`
    case 'nothing':
      return 'there is nothing to compact: the model remembers only what was said last'
    case 'guide':
      return 'the built-in guide is no model: it has nothing to compact, and cannot write a summary'
    case 'failed':
      return `not compacted, nothing was changed: ${oneLine(result.message, 300)}`
    case 'stopped':
      return undefined
  }
}

const removedByUser = 'removed by you'

function sizeOf(head: string, tools: readonly ToolSpec[], messages: readonly Message[]): number {
  return tokensIn(head) + toolTokens(tools) + tokensOf(messages)
}

function toolTokens(tools: readonly ToolSpec[]): number {
  return tools.length === 0 ? 0 : tokensIn(JSON.stringify(tools))
}

/** Where the cut falls into an exchange, the prompt that the model works on stays in the user's own words. */
function unansweredPrompt(messages: readonly StoredMessage[], place: number): string {
  if (messages.find(({ seq }) => seq === place)?.role === 'user') return ''
  const prompt = before(messages, place).findLast(isPrompt)
  if (!prompt) return ''
  const text = enclosed('developers_last_prompt', '', shortenedText(textOf(prompt), 8000))
  return `\n\nThe developer's last prompt, which you are working on:\n\n${text}`
}
