import { join } from 'node:path'
import { describeError } from '../domain/errors.ts'
import type { Session } from '../domain/session.ts'
import type { Style } from '../domain/style.ts'
import { oneLine } from '../domain/text.ts'
import { sessionDirectory } from '../sessions/session-files.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { builtInTools } from '../tools/all.ts'
import { decide, type Grant, grantsOf, hiddenPaths, type Trust } from '../tools/policy.ts'
import { paintLines, reveal } from '../tools/reveal.ts'
import { parseRule, ruleFor } from '../tools/rules.ts'
import { interrupted, type Place, type Prepared, type ToolResult, type ToolSpec } from '../tools/tool.ts'
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
  reporter: Pick<Reporter, 'report'>
  terminal: Pick<Terminal, 'say' | 'ask' | 'stream'>
  style: Style
  /** What commands get of it is the tools' business: no secrets. */
  env: NodeJS.ProcessEnv
  settings: ToolSettings
  /** Set where nobody can be asked: what would be asked about is not run. Hears of it, and of what is denied, and why. */
  unattended?: (notRun: string, why: string) => void
}

/** The model's tools in this session, each use decided by the policy or by the person in front of it. */
export interface WorkerTools {
  readonly specs: readonly ToolSpec[]
  /** Runs a committed use, after asking where that is needed. `interrupt` stops the turn. Never throws but for the store. */
  run(use: ToolUse, turn: { signal: AbortSignal; interrupt(): void }): Promise<ToolResult>
  /** Whether a question is on the screen: the session then waits, whatever else happens. */
  asking(): boolean
  /** How long questions have waited for their answers so far, in ms. */
  waited(): number
  /** For `/tools`: what there is, and what runs unasked. */
  lines(): string[]
}

type Ready = Extract<Prepared, { type: 'ready' }>

/** @throws UserError when a rule of the settings is none: nothing runs under a deny list that nobody can read */
export function createTools(parts: ToolParts): WorkerTools {
  const { session, reporter, terminal, style, settings } = parts
  const tools = builtInTools({ timeout: settings.timeout * 1000 })
  const rules = (texts: readonly string[]) => texts.map((text) => parseRule(text, workingDirectory()))
  const deny = rules(settings.deny)
  const allow = rules(settings.allow)
  const granted: Grant[] = []
  const trusted: string[] = []
  let asks = false
  let waited = 0

  return { waited: () => waited, specs: tools.map(({ spec }) => spec), run, asking: () => asks, lines }

  async function run(use: ToolUse, turn: Parameters<WorkerTools['run']>[1]): Promise<ToolResult> {
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
    show(use.name, prepared)
    const detail = `${use.name}: ${oneLine(prepared.lines.find(({ kind }) => kind !== 'note')?.text ?? '')}`
    if (decision.type === 'refuse') {
      parts.unattended?.(detail, `${reveal(decision.rule)} is denied in the configuration`)
      terminal.say(style.red(`not run: ${reveal(decision.rule)} is denied in the configuration`))
      return failed(`It was not run: the user's rule ${decision.rule} denies it.`)
    }
    if (decision.type === 'ask' && parts.unattended) {
      parts.unattended(detail, `to allow it: --trust-tools '${ruleFor(prepared.claim, cwd)}'`)
      return failed('It was not run: it needs an approval, and nobody is here to give it. Go on without it.')
    }
    if (decision.type === 'ask') {
      const declined = await ask(prepared, detail, turn)
      if (declined) return declined
    }
    await reporter.report('processing', { detail })
    return perform(use.name, prepared, turn.signal)
  }

  /** undefined: go on. */
  async function ask(
    { claim }: Ready,
    detail: string,
    { signal, interrupt }: Parameters<WorkerTools['run']>[1],
  ): Promise<ToolResult | undefined> {
    const { grants, words } = grantsOf(claim)
    asks = true
    const askedAt = performance.now()
    try {
      await reporter.report('waiting', { waitingFor: 'approval', detail })
      if (signal.aborted) return interrupted
      const line = await terminal.ask(
        `Allow this action? Use 't' to trust ${words}, for this session. [y/n/t]: `,
      )
      // The window goes away, or the session was closed: nobody declined.
      if (signal.aborted) return failed('It was not run: the turn ended before the user had answered.')
      if (line.type !== 'line') {
        interrupt()
        return declined('')
      }
      const answer = line.text.trim()
      if (/^t$/i.test(answer)) {
        granted.push(...grants)
        trusted.push(claim.type === 'command' ? `${claim.tool}: ${claim.command}` : words)
        return undefined
      }
      return /^y(es)?$/i.test(answer) ? undefined : declined(/^no?$/i.test(answer) ? '' : answer)
    } finally {
      asks = false
      waited += performance.now() - askedAt
    }

    function declined(text: string): ToolResult {
      terminal.say(style.dim('not run'))
      return failed(`The user declined this: it was not run.${text === '' ? '' : ` The user says: ${text}`}`)
    }
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

  function show(name: string, { lines }: Ready): void {
    const [first, ...rest] = lines
    const head = style.bold(`${name}:`)
    if (first && rest.length === 0) terminal.say(`${head} ${paintLines([first], style)[0]}`)
    else {
      terminal.say(head)
      for (const line of paintLines(lines, style)) terminal.say(line)
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

  function lines(): string[] {
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

/** How a command ended, out of what the model is told. */
function commandWords(content: string): string {
  try {
    const { exit_status: status, note } = JSON.parse(content) as { exit_status?: string; note?: string }
    return oneLine(`(${note ?? `exit status ${status}`})`)
  } catch {
    return oneLine(content)
  }
}
