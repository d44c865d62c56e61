import { join } from 'node:path'
import { describeError } from '../../base/errors.ts'
import { isObject, parseJson } from '../../base/json.ts'
import type { ShownLine, Verdict } from '../../domain/approval.ts'
import type { Session } from '../../domain/session.ts'
import { sessionDirectory } from '../../sessions/files/session-files.ts'
import type { Store } from '../../store/store.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { count, oneLine } from '../../text/plain-text.ts'
import type { Style } from '../../text/style.ts'
import { decide, type Grant, grantsOf, hiddenPaths, type Trust } from '../../tools/policy/policy.ts'
import { deniesReading, parseRule, ruleFor } from '../../tools/policy/rules/rules.ts'
import { type Secrets, secretsIn } from '../../tools/policy/secrets.ts'
import type { Claim } from '../../tools/policy/tool-claim.ts'
import { lookalikeNotes, reveal } from '../../tools/reveal.ts'
import { interrupted, type Prepared, type Tool, type ToolResult } from '../../tools/tool.ts'
import type { Reporter } from '../status/reporter.ts'
import type { ToolUse } from '../turn/growing-answer.ts'
import type { Approvals } from './ask-approval.ts'

export interface RunnerDeps {
  session: Pick<Session, 'id' | 'cwd'>
  store: Store
  reporter: Pick<Reporter, 'report'>
  terminal: Pick<Terminal, 'say' | 'showCall' | 'stream'>
  approvals: Pick<Approvals, 'ask'>
  style: Style
  /** What commands and servers get of it is the tools' business: no secrets. */
  env: NodeJS.ProcessEnv
  /** Set where nobody can be asked: what would be asked about is not run. Hears of it, and of what is denied, and why. */
  unattended?: (notRun: string, why: string) => void
}

/** The turn that a tool runs in. `interrupt` stops it. */
export interface ToolTurn {
  signal: AbortSignal
  interrupt(): void
}

export interface ToolRunner {
  /**
   * Decides, asks where that is needed, runs. `tool` undefined: there is none of that name. `rules` are asked for again
   * behind an approval: what is denied meanwhile does not run. Never throws but for the store.
   */
  run(tool: Tool | undefined, use: ToolUse, rules: () => Promise<Rules>, turn: ToolTurn): Promise<ToolResult>
  waited(): number
  /** What `t` was said to, in words. */
  trusted(): readonly string[]
  /** Nothing is trusted any more by what the person said. */
  forget(): void
}

export type Rules = Omit<Trust, 'granted'>
type Ready = Extract<Prepared, { type: 'ready' }>

/** One use of a tool, from what the model sent to the result that it gets. What the person trusted lasts as long as this. */
export function createToolRunner(deps: RunnerDeps): ToolRunner {
  const { session, reporter, terminal, style } = deps
  const granted: Grant[] = []
  const trusted: string[] = []
  const { ask } = deps.approvals
  let waited = 0

  return { run, waited: () => waited, trusted: () => trusted, forget }

  function forget(): void {
    granted.length = 0
    trusted.length = 0
  }

  async function run(
    tool: Tool | undefined,
    use: ToolUse,
    rulesNow: () => Promise<Rules>,
    turn: ToolTurn,
  ): Promise<ToolResult> {
    if (!tool) return failed(`There is no tool ${use.name} here.`)
    if (use.malformed !== undefined)
      return failed('It was not run: its input is not a JSON object. Send it again, whole.')
    const rules = await rulesNow()
    const trust: Trust = { ...rules, granted }
    const prepared = await tool.prepare(use.input, {
      cwd: rules.cwd,
      session: (path) => join(sessionDirectory(session), path),
      hidden: hiddenPaths(trust, use.name),
      denied: deniesReading(rules.deny, use.name),
    })
    if (turn.signal.aborted) return interrupted
    if (prepared.type === 'refused') {
      terminal.say(style.dim(`${use.name}: not run: ${oneLine(prepared.content)}`))
      return failed(prepared.content)
    }
    const { claim } = prepared
    const name = claim.type === 'call' ? claim.tool : use.name
    const secrets = await secretsIn(claim, rules.cwd)
    const decision = decide(claim, trust, secrets)
    const why = decision.type === 'ask' ? decision.why : undefined
    const notes = [...lookalikeNotes(prepared.lines), ...(why === undefined ? [] : [noteOn(why)])]
    const lines = [...prepared.lines, ...notes]
    const detail = `${name}: ${oneLine(gistOf(prepared))}`
    // A question shows it, too.
    if (decision.type !== 'ask' || deps.unattended) terminal.showCall({ tool: name, lines })
    if (decision.type === 'refuse') return refused(decision.rule, detail)
    if (decision.type === 'ask') {
      const declined = deps.unattended
        ? leave(deps.unattended, detail, allowWords(claim, rules, secrets), why)
        : await approve(use, name, { ...prepared, lines }, detail, turn, secrets)
      if (declined) return declined
      const now = decide(claim, { ...(await rulesNow()), granted }, secrets)
      if (now.type === 'refuse') return refused(now.rule, detail)
    }
    await reporter.report('processing', { detail })
    return perform(name, prepared, turn.signal)
  }

  function refused(rule: string, detail: string): ToolResult {
    const why = `${reveal(rule)} is denied in the configuration`
    deps.unattended?.(detail, why)
    terminal.say(style.red(`not run: ${why}`))
    return failed(`It was not run: the user's rule ${rule} denies it.`)
  }

  /** undefined: go on. */
  async function approve(
    use: ToolUse,
    name: string,
    { claim, lines }: Ready,
    detail: string,
    { signal, interrupt }: ToolTurn,
    secrets: Secrets,
  ): Promise<ToolResult | undefined> {
    const { grants, words } = grantsOf(claim, secrets)
    const askedAt = performance.now()
    const decided = await ask({ use: use.id, tool: name, lines, trust: words }, detail, signal)
    waited += performance.now() - askedAt
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
      const { content, status } = await prepared.run({ signal, onOutput: output.write, env: deps.env })
      const { type } = prepared.claim
      if (status === 'error')
        terminal.say(style.dim(type === 'command' ? commandWords(content) : oneLine(content)))
      // Ends the line that output may have begun.
      else if (type === 'command' || type === 'call') terminal.say(style.dim('(done)'))
      return { content, status }
    } catch (error) {
      return failed(`${name} failed: ${describeError(error)}`)
    } finally {
      output.end()
    }
  }
}

/** Nobody is there to ask. */
function leave(
  say: NonNullable<RunnerDeps['unattended']>,
  detail: string,
  allow: string,
  why: string | undefined,
): ToolResult {
  say(detail, why === undefined ? allow : `${reveal(why)}; ${allow}`)
  return failed('It was not run: it needs an approval, and nobody is here to give it. Go on without it.')
}

/** How the user may allow it: by a rule, where one can be written that does. */
function allowWords(claim: Claim, rules: Rules, secrets: Secrets): string {
  const rule = ruleFor(claim, rules.cwd)
  const trust: Trust = { ...rules, allow: [...rules.allow, parseRule(rule, rules.cwd)], granted: [] }
  if (decide(claim, trust, secrets).type === 'run') return `to allow it: --trust-tools '${rule}'`
  return decide(claim, { ...trust, all: true }, secrets).type === 'run'
    ? 'no rule allows it: only --trust-all-tools does'
    : 'no rule allows it: commands are denied in the configuration, and this line runs what no rule can read'
}

function noteOn(why: string): ShownLine {
  return { kind: 'note', text: `(${reveal(why)})` }
}

/** For one line. A command does more than its first line says. */
function gistOf({ claim, lines }: Ready): string {
  if (claim.type === 'call') return claim.input
  const [first, ...more] = lines.filter(({ kind }) => kind !== 'note')
  const rest = claim.type === 'command' && more.length > 0 ? ` … +${count(more.length, 'line')}` : ''
  return `${oneLine(first?.text ?? '', 150)}${rest}`
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
  const result = parseJson(content)
  if (!isObject(result)) return oneLine(content)
  return oneLine(`(${result.note ?? `exit status ${result.exit_status}`})`)
}
