import { isObject, type JsonObject } from '../../base/json.ts'
import type { Verdict } from '../../domain/approval.ts'
import type { Told } from '../agent.ts'
import { recent } from '../recent.ts'
import { cut, isText, maxDetail } from '../told-words.ts'
import { opencodeQuestions } from './opencode-questions.ts'
import { opencodeTranscript } from './opencode-transcript.ts'
import { errorWords, retryWords } from './opencode-words.ts'

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

interface Start {
  conversation: string | undefined
  /** ms since the epoch: what was said before it began is no news. */
  now(): number
  reply(question: string, verdict: Verdict): Promise<boolean>
}

/** Conversations of subagents that are known at a time. */
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
  /** A no without words to the model ends its turn. */
  let declined = false
  let title = ''
  const subagents = recent<true>(maxKnown)
  const transcript = opencodeTranscript(start.now())
  const questions = opencodeQuestions(start.reply, tell)

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
      if (status.type === 'retry') working(retryWords(status, start.now()))
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
      if (part.type === 'text' && part.sessionID === root) textPart(part)
      if (part.type === 'tool') toolPart(part)
    },
    'permission.asked': (asked) => {
      if (!isOurs(asked.sessionID)) return
      doing = ''
      questions.ask(asked)
    },
    'permission.replied': ({ sessionID, requestID, reply }) => {
      if (questions.answered(requestID) && reply === 'reject' && sessionID === root) declined = true
    },
    'question.asked': (asked) => {
      if (!isOurs(asked.sessionID)) return
      doing = ''
      questions.openDialog(asked)
    },
    'question.replied': ({ requestID }) => {
      if (questions.closeDialog(requestID) && works) working('thinking')
    },
    'question.rejected': ({ sessionID, requestID }) => {
      if (questions.closeDialog(requestID) && sessionID === root) declined = true
    },
    'mcp.tools.changed': ({ server }) => {
      if (isText(server)) questions.addServer(server)
    },
  }

  return {
    hear(event) {
      if (!isObject(event) || !isText(event.type) || !isObject(event.properties)) return
      if (Object.hasOwn(heard, event.type)) heard[event.type]?.(event.properties)
    },
    conversation: () => root,
    isBusy: () => works || questions.areOpen(),
    missedWork() {
      works ||= prompted
    },
    close: over,
    settleOthers: questions.settleOthers,
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
    const wasBusy = works || questions.areOpen()
    over()
    title = ''
    if (wasBusy) tell({ type: 'rests' })
  }

  function message(info: unknown): void {
    if (!isObject(info)) return
    const role = transcript.isNew(info)
    // Said in another conversation, which its window shows by now.
    if (role === 'user' && isText(info.sessionID) && !subagents.has(info.sessionID)) follow(info.sessionID)
    if (role !== 'assistant' || info.sessionID !== root) return
    transcript.answers(info)
    declined = false
  }

  function textPart(part: JsonObject): void {
    const text = transcript.hear(part)
    if (text === undefined) return
    prompted = true
    tell({ type: 'prompt', text })
  }

  function toolPart({ tool, callID, state }: JsonObject): void {
    if (!isText(tool) || !isText(callID) || !isObject(state)) return
    const { status, input, metadata } = state
    if (isObject(metadata) && tool === 'task' && isText(metadata.sessionId))
      subagents.set(metadata.sessionId, true)
    if (status === 'running' && works && questions.call(callID, tool, input)) doing = ''
  }

  function working(detail: string): void {
    works = true
    if (questions.areOpen() || doing === detail) return
    doing = detail
    tell({ type: 'working', detail })
  }

  /** Its turn is over, however. Answers that nobody gave are wanted no more. */
  function over(): void {
    works = false
    prompted = false
    declined = false
    transcript.forget()
    doing = ''
    questions.drop()
  }

  function end(): void {
    if (!works) return
    const text = transcript.answer()
    // Of an interrupt before the first word, or between attempts, it tells no more than that it rests.
    const wasStopped = declined || (prompted && !transcript.isFinished())
    const wasPrompted = prompted
    over()
    if (wasStopped) tell({ type: 'interrupted' })
    else if (wasPrompted || text !== '') tell({ type: 'answer', text })
    else tell({ type: 'rests' })
  }
}
