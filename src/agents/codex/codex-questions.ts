import { isObject, type JsonObject } from '../../base/json.ts'
import type { Verdict } from '../../domain/approval.ts'
import type { AgentQuestion, Told } from '../agent.ts'
import { recent } from '../recent.ts'
import { cut, isText, maxDetail } from '../told-words.ts'

/** What codex asks: a request to each of its clients, of which the first answer counts. */
export interface CodexQuestions {
  /** A tool is called: what it does is told, and known when it is asked about. */
  call(item: JsonObject): void
  /** Of a request. */
  ask(request: JsonObject): void
  /** A request was answered, by whomever. */
  resolved(id: unknown): void
  areOpen(): boolean
  /** Nobody wants an answer any more. */
  drop(): void
}

const maxKnown = 1000

export function codexQuestions(
  reply: (request: unknown, verdict: Verdict) => Promise<boolean>,
  tell: (told: Told) => void,
): CodexQuestions {
  const changes = recent<unknown>(maxKnown)
  /** Whether the question is one that can be answered elsewhere. */
  const open = new Map<string, boolean>()

  return {
    call(item) {
      const { id, type } = item
      if (isText(id) && type === 'fileChange') changes.set(id, item.changes)
      const called = calledBy(item)
      // While it asks, nothing that it does besides is told: it would look as if it were answered.
      if (called && open.size === 0) tell({ type: 'tool', ...called })
    },
    ask({ id, method, params }) {
      if (!isObject(params)) return
      const known = isText(params.itemId) ? changes.get(params.itemId) : undefined
      const asked = askedBy(method, params, known)
      const question = `${typeof id}:${id}`
      open.set(question, asked !== undefined)
      if (asked === undefined) tell({ type: 'asks-there', detail: wordsOf(params) })
      else
        tell({
          type: 'asks',
          question: { id: question, ...asked, answer: (verdict) => answer(question, id, verdict) },
        })
    },
    resolved: (id) => settle(`${typeof id}:${id}`),
    areOpen: () => open.size > 0,
    drop() {
      for (const question of open.keys()) settle(question)
      changes.clear()
    },
  }

  function settle(question: string): void {
    const isOurs = open.get(question)
    if (isOurs === undefined) return
    open.delete(question)
    tell(isOurs ? { type: 'settled', question } : { type: 'working', detail: 'thinking' })
  }

  async function answer(question: string, request: unknown, verdict: Verdict): Promise<boolean> {
    return open.has(question) && reply(request, verdict)
  }
}

/** In our words; undefined: it is no tool, or a person ran it there. */
function calledBy(item: JsonObject): { tool: string; input: unknown } | undefined {
  switch (item.type) {
    case 'commandExecution':
      if (item.source === 'userShell') return undefined
      return { tool: 'execute_bash', input: { command: item.command } }
    case 'fileChange':
      return { tool: 'fs_write', input: { changes: item.changes } }
    case 'mcpToolCall':
      return { tool: `@${item.server}/${item.tool}`, input: item.arguments }
    case 'dynamicToolCall':
      return { tool: `@codex/${item.tool}`, input: item.arguments }
    default:
      return undefined
  }
}

type Asked = Pick<AgentQuestion, 'tool' | 'input' | 'trusts'>

/** What is asked, whole; undefined: only its own window can answer it. */
function askedBy(method: unknown, params: JsonObject, changes: unknown): Asked | undefined {
  const input = withoutIds(params)
  if (method === 'item/commandExecution/requestApproval') {
    const isCommand = isText(params.command) && (params.kind === undefined || params.kind === 'command')
    const takesSession =
      !Array.isArray(params.availableDecisions) || params.availableDecisions.includes('acceptForSession')
    return {
      tool: isCommand ? 'execute_bash' : `@codex/${isText(params.kind) ? params.kind : 'command'}`,
      input,
      trusts: takesSession ? 'the same command, until it ends' : undefined,
    }
  }
  if (method === 'item/fileChange/requestApproval' && Array.isArray(changes))
    return { tool: 'fs_write', input: { ...input, changes }, trusts: 'changes of these files, until it ends' }
  return undefined
}

/** What tells one call from another, and what its window offers, changes nothing of what is asked. */
const ofNoMatter = [
  'threadId',
  'turnId',
  'itemId',
  'approvalId',
  'startedAtMs',
  'commandActions',
  'availableDecisions',
  'proposedExecpolicyAmendment',
  'proposedNetworkPolicyAmendments',
]

function withoutIds(params: JsonObject): JsonObject {
  const isLeftOut = (name: string, value: unknown): boolean =>
    ofNoMatter.includes(name) || value === null || (name === 'kind' && value === 'command')
  return Object.fromEntries(Object.entries(params).filter(([name, value]) => !isLeftOut(name, value)))
}

function wordsOf({ reason, message, questions }: JsonObject): string {
  const first = Array.isArray(questions) && isObject(questions[0]) ? questions[0].question : undefined
  const words = [reason, message, first].find(isText)
  return cut(words === undefined ? 'asks in its own window' : `asks: ${words}`, maxDetail)
}
