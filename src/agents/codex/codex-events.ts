import { setTimeout as sleep } from 'node:timers/promises'
import { isObject, type JsonObject } from '../../base/json.ts'
import type { Verdict } from '../../domain/approval.ts'
import type { AgentRun, Told } from '../agent.ts'
import { recent } from '../recent.ts'
import { cut, isText, maxDetail } from '../told-words.ts'
import { codexQuestions } from './codex-questions.ts'
import { type CodexServer, Refused } from './codex-server.ts'

export interface CodexEvents {
  /** A notification or a request of the server. */
  hear(message: JsonObject): void
  /** Hears what was missed while nobody listened. */
  catchUp(): Promise<void>
  /** Says a prompt in the conversation that its window shows; false: there is none, or it works or asks. */
  send(text: string): Promise<boolean>
  /** Nothing is told from now on but that its questions are settled. */
  close(): void
}

type Start = Pick<AgentRun, 'conversation' | 'now' | 'beside'> & {
  server: Pick<CodexServer, 'request' | 'respond'>
}

/** Conversations, prompts and turns that are known at a time. */
const maxKnown = 1000

/** A conversation has no file in the first moment of its first turn: how often it is asked for, and how long between, in ms. */
const attempts = 50
const attemptMs = 100

/**
 * What codex's app-server tells of the conversation that its window shows. Of each conversation it tells everybody whether
 * it works, asks or rests; of what is said only those who took part in it, which is possible from its first prompt on.
 */
export function codexEvents(start: Start, tell: (told: Told) => void): CodexEvents {
  const { server } = start
  const begun = start.now()
  /** What its window shows, as far as the server tells. */
  let root = start.conversation
  let isUp = false
  let works = false
  let isClosed = false
  /** What it was said to do last; empty: something else was told since. */
  let doing = ''
  let answer = ''
  let subagentAsks = false
  /** The conversation in which we take part. */
  let joined: string | undefined
  let joining = false
  /** What is told of it to everybody. */
  let isActive = false
  /** What is told while what was missed is asked for. */
  let held: JsonObject[] | undefined
  /** Conversations of subagents, and those in which it asks for a title. */
  const others = recent<'subagent' | 'aside'>(maxKnown)
  const prompts = recent<true>(maxKnown)
  const ended = recent<true>(maxKnown)
  const questions = codexQuestions(reply, tell)

  const heard: Readonly<Record<string, (params: JsonObject) => void>> = {
    'thread/started': ({ thread }) => {
      if (!isObject(thread) || !isText(thread.id)) return
      if (thread.ephemeral === true || isText(thread.parentThreadId)) {
        others.set(thread.id, isText(thread.parentThreadId) ? 'subagent' : 'aside')
        return
      }
      follow(thread.id)
    },
    'thread/status/changed': ({ threadId, status }) => {
      if (!isText(threadId) || !isObject(status)) return
      const flags = Array.isArray(status.activeFlags) ? status.activeFlags : []
      const other = others.get(threadId)
      if (other === 'subagent') return askedBySubagent(flags)
      if (other === 'aside' || status.type === 'notLoaded') return
      follow(threadId)
      isActive = status.type === 'active'
      if (isActive) begin()
      if (joined === root) return
      if (isActive) join(threadId)
      else if (!joining) restUnheard()
    },
    'turn/started': ({ threadId }) => {
      if (threadId === root) begin()
    },
    'item/started': ({ threadId, item }) => {
      if (threadId !== root || !isObject(item)) return
      if (item.type === 'userMessage') prompt(item)
      else if (works) {
        if (!questions.areOpen()) doing = ''
        questions.call(item)
      }
    },
    'item/completed': ({ threadId, item }) => {
      if (threadId !== root || !isObject(item)) return
      if (item.type === 'agentMessage' && isText(item.text)) answer = item.text
    },
    'turn/completed': ({ threadId, turn }) => {
      if (threadId === root && isObject(turn)) end(turn)
    },
    error: ({ threadId, willRetry, error }) => {
      if (threadId !== root || willRetry !== true || !isObject(error)) return
      working(cut(`retries: ${error.message}`, maxDetail))
    },
    'serverRequest/resolved': ({ threadId, requestId }) => {
      if (threadId === root) questions.resolved(requestId)
    },
    'thread/name/updated': ({ threadId, threadName }) => {
      if (threadId === root && isText(threadName)) tell({ type: 'title', text: cut(threadName, maxDetail) })
    },
  }

  return {
    hear(message) {
      if (isClosed) return
      if (held) held.push(message)
      else take(message)
    },
    async catchUp() {
      joined = undefined
      questions.drop()
      const loaded = await server.request('thread/loaded/list', {})
      const ids = isObject(loaded) && Array.isArray(loaded.data) ? loaded.data.filter(isText) : []
      if (ids.length === 0 && !isUp) await hearOfLogin()
      for (const id of ids) {
        if (root !== undefined && id !== root) continue
        const thread = await threadOf(id)
        take({ method: 'thread/started', params: { thread } })
        // It worked when nobody listened: whether it still does is told there.
        if (id === root && works) join(id)
        take({ method: 'thread/status/changed', params: { threadId: id, status: thread.status } })
      }
    },
    // While it works, it would be mixed into its turn.
    send: async (text) => !works && !questions.areOpen() && say(text),
    close() {
      over()
      isClosed = true
    },
  }

  /** Before anything else its window asks for a login, where it has none. */
  async function hearOfLogin(): Promise<void> {
    const read = await askFor('account/read', {})
    if (read?.requiresOpenaiAuth !== true || read.account !== null || isUp) return
    tell({ type: 'asks-there', detail: 'asks for a login in its own window' })
  }

  async function threadOf(id: string): Promise<JsonObject> {
    const read = await askFor('thread/read', { threadId: id, includeTurns: false })
    // One in which nothing was said yet may not be read: it rests.
    return isObject(read?.thread) ? read.thread : { id, status: { type: 'idle' } }
  }

  async function say(text: string): Promise<boolean> {
    const input = [{ type: 'text', text }]
    return root !== undefined && (await askFor('turn/start', { threadId: root, input })) !== undefined
  }

  /** undefined: it refuses. */
  async function askFor(method: string, params: JsonObject): Promise<JsonObject | undefined> {
    try {
      const answer = await server.request(method, params)
      return isObject(answer) ? answer : undefined
    } catch (error) {
      if (error instanceof Refused) return undefined
      throw error
    }
  }

  function take(message: JsonObject): void {
    const { method, params, id } = message
    if (typeof method !== 'string' || !isObject(params)) return
    if (id === undefined) {
      if (Object.hasOwn(heard, method)) heard[method]?.(params)
      return
    }
    if (params.threadId !== root || !/^item\/.*[rR]equest|^mcpServer\/elicitation/.test(method)) return
    doing = ''
    questions.ask(message)
  }

  /** Its window shows this conversation now. */
  function follow(id: string): void {
    if (id === root && isUp) return
    const isOther = id !== root
    if (isOther) {
      const wasBusy = works || questions.areOpen()
      over()
      root = id
      joined = undefined
      if (wasBusy) tell({ type: 'rests' })
    }
    if (isOther || !isUp) tell({ type: 'ready' })
    isUp = true
  }

  function begin(): void {
    if (!works) answer = ''
    works = true
    working('thinking')
  }

  function working(detail: string): void {
    if (questions.areOpen() || doing === detail) return
    doing = detail
    tell({ type: 'working', detail })
  }

  /** Takes part in a conversation, and hears what was said in it before that, if it is news. */
  function join(id: string): void {
    if (joining) return
    joining = true
    start.beside(
      takePart(id).finally(() => {
        joining = false
        if (joined === root || root === undefined) return
        if (root !== id && works) join(root)
        else if (!isActive) restUnheard()
      }),
    )
  }

  async function takePart(id: string): Promise<void> {
    for (let attempt = 0; attempt < attempts && root === id && !isClosed; attempt += 1) {
      held = []
      try {
        await server.request('thread/resume', { threadId: id, excludeTurns: true })
        const turns = await server.request('thread/turns/list', { threadId: id, limit: 1 })
        joined = id
        tell({ type: 'conversation', id })
        const [last] = isObject(turns) && Array.isArray(turns.data) ? turns.data : []
        if (isObject(last)) missed(last)
        return
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        await sleep(attemptMs)
      } finally {
        const messages = held ?? []
        held = undefined
        for (const message of messages) take(message)
      }
    }
  }

  /** What became of its turn nobody tells. */
  function restUnheard(): void {
    if (!works) return
    over()
    tell({ type: 'rests' })
  }

  /** A turn that was told to nobody; of an earlier run it is no news. */
  function missed(turn: JsonObject): void {
    if (Number(turn.startedAt) * 1000 < begun - 1000 || (isText(turn.id) && ended.has(turn.id))) return
    const items = Array.isArray(turn.items) ? turn.items.filter(isObject) : []
    for (const item of items) if (item.type === 'userMessage') prompt(item)
    if (turn.status !== 'inProgress') end(turn)
  }

  function prompt({ id, content }: JsonObject): void {
    if (!isText(id) || prompts.has(id)) return
    prompts.set(id, true)
    const parts = Array.isArray(content) ? content.filter(isObject) : []
    const text = parts
      .map((part) => part.text)
      .filter(isText)
      .join('\n')
    works = true
    doing = ''
    tell({ type: 'prompt', text })
  }

  function end({ id, status, error, items }: JsonObject): void {
    if (!works || !isText(id) || ended.has(id)) return
    ended.set(id, true)
    const said = Array.isArray(items) ? items.filter(isObject) : []
    const text = said.findLast(({ type }) => type === 'agentMessage')?.text ?? answer
    over()
    if (status === 'interrupted') tell({ type: 'interrupted' })
    else if (status === 'failed') tell({ type: 'failed', detail: errorWords(error) })
    else tell({ type: 'answer', text: String(text) })
  }

  function over(): void {
    works = false
    doing = ''
    answer = ''
    subagentAsks = false
    questions.drop()
  }

  /** Its questions are put to its window alone. */
  function askedBySubagent(flags: readonly unknown[]): void {
    if (!works || questions.areOpen() || subagentAsks === flags.length > 0) return
    subagentAsks = flags.length > 0
    doing = ''
    if (!subagentAsks) return working('thinking')
    tell({ type: 'asks-there', detail: 'a subagent asks in its own window' })
  }

  /** Of a no it tells the model no reason: what it was said with goes into its turn as a prompt. */
  async function reply(request: unknown, verdict: Verdict): Promise<boolean> {
    const decision = { approve: 'accept', trust: 'acceptForSession', decline: 'decline' }[verdict.type]
    if (!server.respond(request, { decision })) return false
    if (verdict.type === 'decline' && verdict.text.trim() !== '') await say(verdict.text)
    return true
  }
}

function errorWords(error: unknown): string {
  const message = isObject(error) ? error.message : undefined
  return cut(isText(message) ? message : 'it failed, and says not why', maxDetail)
}
