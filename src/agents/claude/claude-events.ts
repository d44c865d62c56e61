import { basename } from 'node:path'
import { isObject, parseJson } from '../../base/json.ts'
import { readRegular } from '../../base/read-regular.ts'
import type { Verdict } from '../../domain/approval.ts'
import type { AgentQuestion, AgentRun, Told } from '../agent.ts'
import type { Report, Spool } from '../spool.ts'

/** How long the file waits for a hook that tells more, in ms: they are written in the same moment. */
const hookTimeMs = 600

export interface ClaudeEvents {
  hear(report: Report, spool: Spool): void
  /** A file came, changed or went among those that Claude Code keeps of its processes. */
  lookAt(file: string): void
  started(pid: number): void
  close(): void
}

/**
 * What Claude Code's hooks and its own file tell. A hook tells what began and how it ended. The file, `PID.json` with a
 * `status`, is heard only where no hook tells: it ends work and questions, and says that a dialog of its own is open.
 */
export function claudeEvents(run: AgentRun, tell: (told: Told) => void): ClaudeEvents {
  let pid: number | undefined
  /** The process that reports. */
  let own: number | undefined
  /** When a hook told last, in ms since the epoch. */
  let told = 0
  let status = ''
  let later: NodeJS.Timeout | undefined
  /** Questions whose hooks wait, by the names of their reports. */
  const open = new Map<string, { seen: boolean; spool: Spool }>()

  return {
    hear(report, spool) {
      if (!isOurs(report.parent)) return
      own = report.parent
      if (report.event === 'PermissionRequest') return ask(report, spool)
      if (report.event.endsWith('.gone')) return settle(report.name)
      // Of a subagent's end nothing follows for the session.
      if (report.payload.agent_id !== undefined) return
      clearTimeout(later)
      told = Math.max(told, report.at)
      settleAll()
      for (const one of translate(report)) tell(one)
    },
    lookAt(file) {
      const found = /^(\d+)\.json$/.exec(basename(file))
      if (!found || !isOurs(Number(found[1]))) return
      const state = readState(file)
      if (!state || state.status === status) return
      status = state.status
      clearTimeout(later)
      if (status === 'waiting') for (const question of open.values()) question.seen = true
      else settleAll((question) => question.seen)
      later = setTimeout(() => follow(state), hookTimeMs)
      later.unref()
    },
    started(child) {
      pid = child
    },
    close() {
      clearTimeout(later)
      settleAll()
    },
  }

  /** What reports first is it, or what its starter runs. A program that it starts later, another Claude Code among them, is not. */
  function isOurs(process: number): boolean {
    if (own !== undefined) return process === own
    const parent = process === pid ? pid : run.parentOf(process)
    return pid === undefined || parent === undefined || parent === pid
  }

  function follow({ status, at, waitingFor }: FileState): void {
    if (at <= told) return
    if (status === 'idle') tell({ type: 'rests' })
    else if (status === 'waiting' && open.size === 0)
      tell({ type: 'asks-there', detail: `asks in its own window: ${waitingFor || 'a dialog is open'}` })
  }

  function ask({ name, payload }: Report, spool: Spool): void {
    clearTimeout(later)
    open.set(name, { seen: status === 'waiting', spool })
    tell({ type: 'asks', question: questionOf(name, payload, (words) => answer(name, words)) })
  }

  async function answer(name: string, words: string): Promise<boolean> {
    const question = open.get(name)
    open.delete(name)
    return question !== undefined && (await question.spool.answer(name, words))
  }

  function settleAll(which: (question: { seen: boolean }) => boolean = () => true): void {
    for (const [name, question] of open) if (which(question)) settle(name)
  }

  /** It was answered in its own window: the hook that waits is not told of that. */
  function settle(name: string): void {
    if (!open.has(name)) return
    run.beside(answer(name, ''))
    tell({ type: 'settled', question: name })
  }
}

function translate({ event, payload }: Report): Told[] {
  const text = (name: string): string => (typeof payload[name] === 'string' ? payload[name] : '')
  if (event === 'SessionStart') return [{ type: 'ready' }]
  if (event === 'PreCompact') return [{ type: 'working', detail: 'compacting the conversation' }]
  if (event === 'UserPromptSubmit') {
    // What a subagent found is put to it as a prompt, which nobody said.
    if (text('prompt').startsWith('<task-notification>')) return [{ type: 'working', detail: '' }]
    const id = text('session_id')
    return [...(id ? [{ type: 'conversation' as const, id }] : []), { type: 'prompt', text: text('prompt') }]
  }
  if (event === 'Stop') {
    const goesOn = hasSubagent(payload.background_tasks) ? { goesOn: 'its subagents work' } : {}
    return [{ type: 'answer', text: text('last_assistant_message'), ...goesOn }]
  }
  if (event === 'StopFailure')
    return [{ type: 'failed', detail: text('last_assistant_message') || text('error') }]
  return []
}

/** One that works on: what it finds is the next turn's. A command in the background may run for good, and counts for nothing. */
function hasSubagent(tasks: unknown): boolean {
  return (
    Array.isArray(tasks) &&
    tasks.some((task) => isObject(task) && task.type === 'subagent' && task.status === 'running')
  )
}

function questionOf(
  name: string,
  payload: Record<string, unknown>,
  answer: (words: string) => Promise<boolean>,
): AgentQuestion {
  const rules = sessionRules(payload.permission_suggestions)
  return {
    id: name,
    tool: ourTool(typeof payload.tool_name === 'string' ? payload.tool_name : ''),
    input: payload.tool_input,
    trusts: rules.length === 0 ? undefined : rules.map(ruleWords).join(', '),
    answer: (verdict) => answer(decision(verdict, rules)),
  }
}

/** What the hook prints: facts of `PermissionRequest` in Claude Code's documentation of hooks. */
function decision(verdict: Verdict, rules: readonly Rule[]): string {
  const allow = { behavior: 'allow' }
  const words =
    verdict.type === 'decline'
      ? { behavior: 'deny', message: verdict.text || 'The user declined this.' }
      : verdict.type === 'trust' && rules.length > 0
        ? {
            ...allow,
            updatedPermissions: [{ type: 'addRules', behavior: 'allow', destination: 'session', rules }],
          }
        : allow
  return JSON.stringify({ hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: words } })
}

interface Rule {
  toolName: string
  ruleContent?: string
}

/** The rules that it offers to add: ours last as long as the session, wherever it would have written them. */
function sessionRules(suggestions: unknown): Rule[] {
  if (!Array.isArray(suggestions)) return []
  return suggestions
    .filter((one) => isObject(one) && one.type === 'addRules' && one.behavior === 'allow')
    .flatMap((one) => (Array.isArray(one.rules) ? one.rules : []))
    .filter((rule): rule is Rule => isObject(rule) && typeof rule.toolName === 'string')
    .map(({ toolName, ruleContent }) =>
      typeof ruleContent === 'string' ? { toolName, ruleContent } : { toolName },
    )
}

function ruleWords({ toolName, ruleContent }: Rule): string {
  return ruleContent === undefined ? toolName : `${toolName}(${ruleContent})`
}

function ourTool(name: string): string {
  if (name === 'Bash') return 'execute_bash'
  if (name === 'Read') return 'fs_read'
  if (name === 'Edit' || name === 'Write' || name === 'MultiEdit') return 'fs_write'
  const [, server, tool] = /^mcp__(.+?)__(.+)$/s.exec(name) ?? []
  return server === undefined ? `@claude/${name}` : `@${server}/${tool}`
}

const maxStateBytes = 65_536

interface FileState {
  status: string
  /** When it became so, in ms since the epoch. */
  at: number
  waitingFor: string
}

function readState(file: string): FileState | undefined {
  const state = parseJson(readRegular(file, maxStateBytes)?.text ?? '')
  if (!isObject(state) || typeof state.status !== 'string') return undefined
  const at = typeof state.statusUpdatedAt === 'number' ? state.statusUpdatedAt : 0
  return {
    status: state.status,
    at,
    waitingFor: typeof state.waitingFor === 'string' ? state.waitingFor : '',
  }
}
