import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Verdict } from '../domain/approval.ts'
import { describeError } from '../domain/errors.ts'
import type { Session } from '../domain/session.ts'
import type { Style } from '../domain/style.ts'
import { oneLine } from '../domain/text.ts'
import { sessionDirectory } from '../sessions/session-files.ts'
import type { Store } from '../store/store.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { builtInTools } from '../tools/all.ts'
import { decide, type Grant, grantsOf, hiddenPaths, type Trust } from '../tools/policy.ts'
import { paintCall, reveal } from '../tools/reveal.ts'
import { parseRule, type Rule } from '../tools/rules.ts'
import { interrupted, type Place, type Prepared, type ToolResult, type ToolSpec } from '../tools/tool.ts'
import { createApprovals } from './approvals.ts'
import type { Reporter } from './reporter.ts'
import type { ToolUse } from './turn.ts'

/** What a session's tools may do unasked, as the user wrote it. */
export interface ToolSettings {
  allow: readonly string[]
  deny: readonly string[]
  /** Everything but what `deny` names. */
  trustAll: boolean
  /** Of one command, in s. */
  timeout: number
}

export interface ToolParts {
  session: Pick<Session, 'id' | 'cwd'>
  store: Store
  reporter: Pick<Reporter, 'report'>
  terminal: Pick<Terminal, 'say' | 'ask' | 'stream'>
  style: Style
  /** What commands get of it is the tools' business: no secrets. */
  env: NodeJS.ProcessEnv
  /** As they are now. */
  settings(): Promise<ToolSettings>
}

/** The model's tools in this session, each use decided by the policy or by the person in front of it. */
export interface WorkerTools {
  readonly specs: readonly ToolSpec[]
  /**
   * Takes over the settings as they are now; each use does, too.
   * @throws UserError when a rule is none: nothing runs under a deny list that nobody can read
   */
  refresh(): Promise<void>
  /** Runs a committed use, after asking where that is needed. `interrupt` stops the turn. Never throws but for the store. */
  run(use: ToolUse, turn: { signal: AbortSignal; interrupt(): void }): Promise<ToolResult>
  /** Whether a question is on the screen: the session then waits, whatever else happens. */
  asking(): boolean
  /** Somebody changed the store: perhaps the question was answered there. */
  look(): void
  /** For `/tools`: what there is, and what runs unasked. */
  lines(): Promise<string[]>
}

type Ready = Extract<Prepared, { type: 'ready' }>

export function createTools(parts: ToolParts): WorkerTools {
  const { session, reporter, terminal, style } = parts
  let settings: ToolSettings = { allow: [], deny: [], trustAll: false, timeout: 0 }
  let tools: ReturnType<typeof builtInTools> = []
  let deny: Rule[] = []
  let allow: Rule[] = []
  const rules = (texts: readonly string[]) => texts.map((text) => parseRule(text, workingDirectory()))
  const granted: Grant[] = []
  const trusted: string[] = []
  const { ask, asking, look } = createApprovals({ ...parts, session: session.id })

  return {
    get specs() {
      return tools.map(({ spec }) => spec)
    },
    refresh,
    run,
    asking,
    look,
    lines,
  }

  async function refresh(): Promise<void> {
    const next = await parts.settings()
    if (tools.length > 0 && isDeepStrictEqual(next, settings)) return
    deny = rules(next.deny)
    allow = rules(next.allow)
    tools = builtInTools({ timeout: next.timeout * 1000 })
    settings = next
  }

  async function run(use: ToolUse, turn: Parameters<WorkerTools['run']>[1]): Promise<ToolResult> {
    await refresh()
    const tool = tools.find(({ spec }) => spec.name === use.name)
    if (!tool) return failed(`There is no tool ${use.name} here.`)
    if (use.malformed !== undefined)
      return failed('It was not run: its input is not a JSON object. Send it again, whole.')
    const cwd = workingDirectory()
    const trust: Trust = { cwd, deny, allow, granted, all: settings.trustAll }
    const prepared = await tool.prepare(use.input, placeOf(use.name, trust))
    if (turn.signal.aborted) return interrupted
    if (prepared.type === 'refused') {
      terminal.say(style.dim(`${use.name}: not run: ${oneLine(prepared.content)}`))
      return failed(prepared.content)
    }
    const decision = decide(prepared.claim, trust)
    for (const line of paintCall(use.name, prepared.lines, style)) terminal.say(line)
    if (decision.type === 'refuse') {
      terminal.say(style.red(`not run: ${reveal(decision.rule)} is denied in the configuration`))
      return failed(`It was not run: the user's rule ${decision.rule} denies it.`)
    }
    const detail = `${use.name}: ${oneLine(prepared.lines.find(({ kind }) => kind !== 'note')?.text ?? '')}`
    if (decision.type === 'ask') {
      const declined = await approve(use, prepared, detail, turn)
      if (declined) return declined
    }
    await reporter.report('processing', { detail })
    return perform(use.name, prepared, turn.signal)
  }

  /** undefined: go on. */
  async function approve(
    use: ToolUse,
    { claim, lines }: Ready,
    detail: string,
    { signal, interrupt }: Parameters<WorkerTools['run']>[1],
  ): Promise<ToolResult | undefined> {
    const { grants, words } = grantsOf(claim)
    const decided = await ask({ use: use.id, tool: use.name, lines, trust: words }, detail, signal)
    if (decided.type === 'ended')
      return failed('It was not run: the turn ended before the user had answered.')
    if (decided.type === 'interrupted') {
      interrupt()
      terminal.say(style.dim('not run'))
      return declined('')
    }
    const { verdict, from } = decided
    if (from === 'elsewhere') terminal.say(style.dim(saidElsewhere(verdict)))
    else if (verdict.type === 'decline') terminal.say(style.dim('not run'))
    if (verdict.type === 'decline') return declined(verdict.text)
    if (verdict.type === 'trust') {
      granted.push(...grants)
      trusted.push(claim.type === 'command' ? `${claim.tool}: ${claim.command}` : words)
    }
    return undefined
  }

  async function perform(name: string, prepared: Ready, signal: AbortSignal): Promise<ToolResult> {
    const output = terminal.stream()
    try {
      const { content, status } = await prepared.run({ signal, onOutput: output.write, env: parts.env })
      const isCommand = prepared.claim.type === 'command'
      if (status === 'error') terminal.say(style.dim(isCommand ? commandWords(content) : oneLine(content)))
      // Ends the line that output may have begun.
      else if (isCommand) terminal.say(style.dim('(done)'))
      return { content, status }
    } catch (error) {
      return failed(`${name} failed: ${describeError(error)}`)
    } finally {
      output.end()
    }
  }

  /** Without links. One that is gone fails in the tools, in their words. */
  function workingDirectory(): string {
    try {
      return process.cwd()
    } catch {
      return session.cwd
    }
  }

  function placeOf(tool: string, trust: Trust): Place {
    return {
      cwd: trust.cwd,
      session: (path) => join(sessionDirectory(session), path),
      hidden: hiddenPaths(trust, tool),
    }
  }

  async function lines(): Promise<string[]> {
    await refresh()
    const width = Math.max(...tools.map(({ spec }) => spec.name.length))
    const listed = (label: string, texts: readonly string[]) =>
      texts.map((text) => `  ${label} ${oneLine(text)}`)
    return [
      ...tools.map(({ spec }) => {
        const reads = spec.name !== 'fs_write' && spec.name !== 'execute_bash'
        const words = settings.trustAll ? 'trusted' : reads ? 'trusted in the working directory' : 'asks'
        return `  ${style.bold(spec.name.padEnd(width))}  ${words}`
      }),
      ...listed('denied: ', settings.deny),
      ...listed('allowed:', settings.allow),
      ...listed('trusted:', trusted),
    ]
  }
}

function failed(content: string): ToolResult {
  return { content, status: 'error' }
}

function declined(text: string): ToolResult {
  return failed(`The user declined this: it was not run.${text === '' ? '' : ` The user says: ${text}`}`)
}

/** What the window says when nobody answered there. */
function saidElsewhere(verdict: Verdict): string {
  if (verdict.type === 'decline')
    return `declined from elsewhere${verdict.text === '' ? '' : `: ${oneLine(verdict.text)}`}`
  return verdict.type === 'trust' ? 'approved and trusted from elsewhere' : 'approved from elsewhere'
}

/** How a command ended, out of what the model is told. */
function commandWords(content: string): string {
  try {
    const { exit_status: status, note } = JSON.parse(content) as { exit_status?: string; note?: string }
    return oneLine(`(${note ?? `exit status ${status}`})`)
  } catch {
    return oneLine(content)
  }
}
