import { isObject, type JsonObject } from '../base/json.ts'
import type { Verdict } from '../domain/approval.ts'
import { clockTime } from '../text/when.ts'
import type { Told } from './agent.ts'
import { askedCall, ourCall } from './opencode-tools.ts'
import { recent } from './recent.ts'

export interface OpencodeEvents {
  /** One event, of which nothing is known. */
  hear(event: unknown): void
  /** The conversation that its window shows, as far as events tell. */
  conversation(): string | undefined
  /** Whether it works or asks: what is said to it now would wait in a queue of its own, and be dropped with a failure. */
  isBusy(): boolean
  /** Whoever was prompted worked: its end, which nobody heard, follows. */
  missedWork(): void
  /** Of what it asked only these are still open. */
  settleOthers(asked: readonly unknown[]): void
  /** Nothing is told from now on but that its questions are settled. */
  close(): void
}

/** A question whose call has not been told: the events of both come in any order. */
interface Held {
  call: string
  timer: NodeJS.Timeout
  asked: JsonObject
}

interface Start {
  conversation: string | undefined
  /** What was said before is no news, in ms since the epoch. */
  since: number
  reply(question: string, verdict: Verdict): Promise<boolean>
}

/** How long a question waits for all of the call that it is about, in ms: mostly it comes in the same moment. */
const callTimeMs = 300
/** Of a prompt and of an answer, in UTF-16 units. */
const maxText = 200_000
const maxDetail = 200
/** Messages, calls, questions and conversations that are known at a time. */
const maxKnown = 1000

/**
 * What the events of opencode's server tell of the conversation that its window shows, and of those of its subagents:
 * what goes on in others is not told.
 */
export function opencodeEvents(start: Start, tell: (told: Told) => void): OpencodeEvents {
  let root = start.conversation
  let works = false
  /** What it was said to do last; empty: something else was told since. */
  let doing = ''
  /** A prompt was given, and what became of it was not told. */
  let prompted = false
  /** It was stopped, by a no without words to the model, too. */
  let stopped = false
  let retries = false
  let assistant = ''
  let answer = new Map<unknown, string>()
  let answerOf = ''
  let title = ''
  const subagents = recent<true>(maxKnown)
  /** Messages that were seen, and of the user's whether they were told. */
  const messages = recent<'assistant' | 'user' | 'told'>(maxKnown)
  const calls = recent<{ name: string; input: unknown }>(maxKnown)
  /** Of those that were not told yet, what they wait for. */
  const questions = recent<Held | undefined>(maxKnown)
  const dialogs = recent<true>(maxKnown)
  const servers = recent<true>(maxKnown)

  const heard: Readonly<Record<string, (properties: JsonObject) => void>> = {
    'session.created': ({ info }) => {
      if (!isObject(info) || typeof info.id !== 'string') return
      if (!isText(info.parentID)) follow(info.id)
      else if (isOurs(info.parentID)) subagents.set(info.id, true)
    },
    'session.updated': ({ info }) => {
      if (!isObject(info) || !isText(info.id)) return
      if (isText(info.parentID) && isOurs(info.parentID)) subagents.set(info.id, true)
      // What it is called until it has a title.
      if (info.id !== root || !isText(info.title) || /^New session\b/.test(info.title)) return
      if (info.title === title) return
      title = info.title
      tell({ type: 'title', text: cut(title, maxDetail) })
    },
    'session.deleted': ({ info }) => {
      if (!isObject(info) || info.id !== root) return
      leave()
      root = undefined
      tell({ type: 'ready' })
    },
    'tui.session.select': ({ sessionID }) => {
      if (isText(sessionID) && !subagents.has(sessionID)) follow(sessionID)
    },
    'session.status': ({ sessionID, status }) => {
      if (sessionID !== root || !isObject(status)) return
      if (status.type === 'busy') working('thinking')
      if (status.type === 'retry') working(retryWords(status))
      // Of what is interrupted while it waits for its next attempt it tells no more than that it rests.
      if (status.type === 'idle' && retries) stopped = true
      retries = status.type === 'retry'
      if (status.type === 'idle') end()
    },
    'session.idle': ({ sessionID }) => {
      if (sessionID === root) end()
    },
    'session.error': ({ sessionID, error }) => {
      if (sessionID !== root || root === undefined || !isObject(error) || !(works || prompted)) return
      over()
      if (error.name === 'MessageAbortedError') tell({ type: 'interrupted' })
      else tell({ type: 'failed', detail: errorWords(error) })
    },
    'message.updated': ({ info }) => message(info),
    'message.part.updated': ({ part }) => {
      if (!isObject(part) || !isOurs(part.sessionID)) return
      if (part.type === 'text') textPart(part)
      if (part.type === 'tool') toolPart(part)
    },
    'permission.asked': (asked) => {
      const { id, sessionID, tool } = asked
      if (!isText(id) || !isOurs(sessionID) || questions.has(id)) return
      const call = isObject(tool) && isText(tool.callID) ? tool.callID : undefined
      if (call === undefined || calls.has(call)) return ask(id, asked, call)
      const timer = setTimeout(() => ask(id, asked, call), callTimeMs)
      timer.unref()
      questions.set(id, { call, timer, asked })
    },
    'permission.replied': ({ sessionID, requestID, reply }) => {
      if (!isText(requestID) || !questions.has(requestID)) return
      if (reply === 'reject' && sessionID === root) stopped = true
      settle(requestID)
    },
    'question.asked': ({ id, sessionID, questions: asked }) => {
      if (!isText(id) || !isOurs(sessionID) || dialogs.has(id)) return
      dialogs.set(id, true)
      doing = ''
      const first = Array.isArray(asked) && isObject(asked[0]) ? asked[0].question : undefined
      tell({
        type: 'asks-there',
        detail: cut(isText(first) ? `asks: ${first}` : 'asks a question', maxDetail),
      })
    },
    'question.replied': ({ requestID }) => closeDialog(requestID),
    'question.rejected': ({ sessionID, requestID }) => {
      if (sessionID === root) stopped = true
      closeDialog(requestID)
    },
    'mcp.tools.changed': ({ server }) => {
      if (isText(server)) servers.set(server, true)
    },
  }

  return {
    hear(event) {
      if (!isObject(event) || !isText(event.type) || !isObject(event.properties)) return
      if (Object.hasOwn(heard, event.type)) heard[event.type]?.(event.properties)
    },
    conversation: () => root,
    isBusy: () => works || questions.size() > 0 || dialogs.size() > 0,
    missedWork() {
      works ||= prompted
    },
    close: over,
    settleOthers(asked) {
      for (const id of questions.keys()) if (!asked.includes(id)) settle(id)
      for (const id of dialogs.keys()) if (!asked.includes(id)) closeDialog(id)
    },
  }

  function isOurs(session: unknown): boolean {
    return isText(session) && (session === root || subagents.has(session))
  }

  function follow(session: string): void {
    if (session === root) return
    leave()
    root = session
    tell({ type: 'conversation', id: session })
  }

  /** What goes on in the conversation that is left is told no more. */
  function leave(): void {
    const wasBusy = works || questions.size() > 0 || dialogs.size() > 0
    over()
    title = ''
    if (wasBusy) tell({ type: 'rests' })
  }

  function message(info: unknown): void {
    if (!isObject(info) || !isText(info.id) || !isText(info.sessionID) || messages.has(info.id)) return
    if (!isObject(info.time) || typeof info.time.created !== 'number' || info.time.created < start.since)
      return
    if (info.role === 'user') {
      messages.set(info.id, 'user')
      // Said in another conversation, which its window shows by now.
      if (!subagents.has(info.sessionID)) follow(info.sessionID)
    }
    if (info.role !== 'assistant' || info.sessionID !== root || info.summary === true) return
    messages.set(info.id, 'assistant')
    assistant = info.id
    stopped = false
  }

  function textPart({ id, sessionID, messageID, text, synthetic, ignored }: JsonObject): void {
    if (sessionID !== root || !isText(messageID) || !isText(text) || text.trim() === '') return
    if (messageID === assistant) {
      if (answerOf !== assistant) answer = new Map()
      answerOf = assistant
      if (answer.size < maxKnown || answer.has(id)) answer.set(id, cut(text, maxText))
    } else if (messages.get(messageID) === 'user' && synthetic !== true && ignored !== true) {
      messages.set(messageID, 'told')
      prompted = true
      answer = new Map()
      tell({ type: 'prompt', text: cut(text, maxText) })
    }
  }

  function toolPart({ tool, callID, state }: JsonObject): void {
    if (!isText(tool) || !isText(callID) || !isObject(state)) return
    const { status, input, metadata } = state
    if (isObject(metadata) && tool === 'task' && isText(metadata.sessionId))
      subagents.set(metadata.sessionId, true)
    if (status !== 'running' || calls.has(callID) || !works) return
    calls.set(callID, { name: tool, input })
    const waiting = questions.keys().map((id) => ({ id, held: questions.get(id) }))
    // While it asks, nothing that it does besides is told: it would look as if it were answered.
    if (dialogs.size() === 0 && waiting.every(({ held }) => held !== undefined)) {
      doing = ''
      tell({ type: 'tool', ...ourCall(tool, input, servers.keys()) })
    }
    for (const { id, held } of waiting) if (held?.call === callID) ask(id, held.asked, callID)
  }

  function ask(id: string, asked: JsonObject, call: string | undefined): void {
    clearTimeout(questions.get(id)?.timer)
    questions.set(id, undefined)
    doing = ''
    const question = {
      id,
      ...askedCall(asked, call === undefined ? undefined : calls.get(call), servers.keys()),
      trusts: trustWords(asked.always),
      answer: (verdict: Verdict) => start.reply(id, verdict),
    }
    tell({ type: 'asks', question })
  }

  function working(detail: string): void {
    works = true
    if (questions.size() > 0 || dialogs.size() > 0 || doing === detail) return
    doing = detail
    tell({ type: 'working', detail })
  }

  function settle(question: string): void {
    const held = questions.get(question)
    clearTimeout(held?.timer)
    questions.delete(question)
    if (held === undefined) tell({ type: 'settled', question })
  }

  function closeDialog(id: unknown): void {
    if (!isText(id) || !dialogs.has(id)) return
    dialogs.delete(id)
    if (works) working('thinking')
  }

  /** Its turn is over, however. Answers that nobody gave are wanted no more. */
  function over(): void {
    works = false
    prompted = false
    stopped = false
    answer = new Map()
    doing = ''
    for (const id of questions.keys()) settle(id)
    dialogs.clear()
    calls.clear()
  }

  function end(): void {
    if (!works) return
    const text = cut([...answer.values()].join('\n\n'), maxText)
    const wasStopped = stopped
    const wasPrompted = prompted
    over()
    if (wasStopped) tell({ type: 'interrupted' })
    else if (wasPrompted || text !== '') tell({ type: 'answer', text })
    else tell({ type: 'rests' })
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 2)} …`
}

function retryWords({ next, message }: JsonObject): string {
  const at = typeof next === 'number' ? ` at ${clockTime(next, Date.now())}` : ''
  return cut(`retries${at}${isText(message) ? `: ${message}` : ''}`, maxDetail)
}

function errorWords({ name, data }: JsonObject): string {
  const message = isObject(data) ? data.message : undefined
  return cut(isText(message) ? message : isText(name) ? name : 'it failed, and says not why', maxDetail)
}

function trustWords(always: unknown): string | undefined {
  if (!Array.isArray(always)) return undefined
  const patterns = always.filter(isText)
  return patterns.length === 0 ? undefined : cut(`${patterns.join(', ')}, until it ends`, maxDetail)
}
