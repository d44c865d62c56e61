import { isObject, type JsonObject } from '../../base/json.ts'
import type { Verdict } from '../../domain/approval.ts'
import type { Told } from '../agent.ts'
import { recent } from '../recent.ts'
import { cut, isText, maxDetail } from '../told-words.ts'
import { askedCall, ourCall } from './opencode-tools.ts'
import { trustWords } from './opencode-words.ts'

/** What opencode asks, and the calls of tools that its questions are about. */
export interface OpencodeQuestions {
  /** A tool is called; false: it is known. Its name is opencode's. */
  call(id: string, name: string, input: unknown): boolean
  /** Of a `permission.asked`. */
  ask(asked: JsonObject): void
  /** False: nobody asked. */
  answered(id: unknown): boolean
  /** Of a `question.asked`, which only its own window can answer. */
  openDialog(asked: JsonObject): void
  /** False: there is none. */
  closeDialog(id: unknown): boolean
  areOpen(): boolean
  /** Only these are still open. */
  settleOthers(asked: readonly unknown[]): void
  /** Nobody wants an answer any more. */
  drop(): void
  /** An MCP server that it has. */
  addServer(name: string): void
}

/** A question whose call has not been told: the events of both come in any order. */
interface Held {
  call: string
  timer: NodeJS.Timeout
  asked: JsonObject
}

/** How long a question waits for all of the call that it is about, in ms: mostly it comes in the same moment. */
const callTimeMs = 300
const maxKnown = 1000

export function opencodeQuestions(
  reply: (question: string, verdict: Verdict) => Promise<boolean>,
  tell: (told: Told) => void,
): OpencodeQuestions {
  const calls = recent<{ name: string; input: unknown }>(maxKnown)
  /** Of those that were not told yet, what they wait for. */
  const questions = recent<Held | undefined>(maxKnown)
  const dialogs = recent<true>(maxKnown)
  const servers = recent<true>(maxKnown)

  return {
    call(id, name, input) {
      if (calls.has(id)) return false
      calls.set(id, { name, input })
      const open = questions.keys().map((question) => ({ question, held: questions.get(question) }))
      // While it asks, nothing that it does besides is told: it would look as if it were answered.
      if (dialogs.size() === 0 && open.every(({ held }) => held !== undefined))
        tell({ type: 'tool', ...ourCall(name, input, servers.keys()) })
      for (const { question, held } of open) if (held?.call === id) put(question, held.asked, id)
      return true
    },
    ask(asked) {
      const { id, tool } = asked
      if (!isText(id) || questions.has(id)) return
      const call = isObject(tool) && isText(tool.callID) ? tool.callID : undefined
      if (call === undefined || calls.has(call)) return put(id, asked, call)
      const timer = setTimeout(() => put(id, asked, call), callTimeMs)
      timer.unref()
      questions.set(id, { call, timer, asked })
    },
    answered(id) {
      if (!isText(id) || !questions.has(id)) return false
      settle(id)
      return true
    },
    openDialog({ id, questions: asked }) {
      if (!isText(id) || dialogs.has(id)) return
      dialogs.set(id, true)
      const first = Array.isArray(asked) && isObject(asked[0]) ? asked[0].question : undefined
      tell({
        type: 'asks-there',
        detail: cut(isText(first) ? `asks: ${first}` : 'asks a question', maxDetail),
      })
    },
    closeDialog(id) {
      if (!isText(id) || !dialogs.has(id)) return false
      dialogs.delete(id)
      return true
    },
    areOpen: () => questions.size() > 0 || dialogs.size() > 0,
    settleOthers(asked) {
      for (const id of questions.keys()) if (!asked.includes(id)) settle(id)
      for (const id of dialogs.keys()) if (!asked.includes(id)) dialogs.delete(id)
    },
    drop() {
      for (const id of questions.keys()) settle(id)
      dialogs.clear()
      calls.clear()
    },
    addServer: (name) => servers.set(name, true),
  }

  function put(id: string, asked: JsonObject, call: string | undefined): void {
    clearTimeout(questions.get(id)?.timer)
    questions.set(id, undefined)
    const question = {
      id,
      ...askedCall(asked, call === undefined ? undefined : calls.get(call), servers.keys()),
      trusts: trustWords(asked.always),
      answer: (verdict: Verdict) => reply(id, verdict),
    }
    tell({ type: 'asks', question })
  }

  function settle(question: string): void {
    const held = questions.get(question)
    clearTimeout(held?.timer)
    questions.delete(question)
    if (held === undefined) tell({ type: 'settled', question })
  }
}
