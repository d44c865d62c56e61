import { describeError, type ExitCode, exitCode, UserError } from '../domain/errors.ts'
import { sanitize } from '../domain/sanitizer.ts'
import type { Session } from '../domain/session.ts'
import type { Style } from '../domain/style.ts'
import { count } from '../domain/text.ts'
import type { Provider } from '../provider/provider.ts'
import {
  appendMessage,
  fillConversation,
  readLastExchange,
  readLastMessages,
  readMessages,
} from '../store/messages.ts'
import { countPrompts, dropPrompt, peekPrompt, takePrompt } from '../store/prompts.ts'
import { completeSession, getSession, renameSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { type CommandContext, findCommand, type WorkspaceCommands } from './commands.ts'
import { complete } from './complete.ts'
import { recap } from './recap.ts'
import type { Reporter } from './reporter.ts'
import type { SessionFiles } from './session-files.ts'
import type { Terminal, TerminalEvents } from './terminal.ts'
import { runTurn, type ToolUse } from './turn.ts'

/** What a worker works with, handed in by `root.ts`. */
export interface WorkerParts {
  session: Session
  store: Store
  reporter: Reporter
  style: Style
  workspace: WorkspaceCommands | undefined
  openTerminal(events: TerminalEvents): Terminal
  /** The provider as the environment is now, and a line for people when the choice is new. */
  provider(): Promise<{ provider: Provider; notice: string | undefined }>
  /** Checks a name that a person typed. @throws UserError */
  checkName(name: string): string
  /** Takes a new name to the window's title. */
  showName(name: string): Promise<void>
  files: SessionFiles
  system: string
  /** Said before the first line is read, if nothing was queued. */
  firstPrompt: string | undefined
  /** The command that comes back to this session, for the last line. */
  comeBack(name: string): string
}

export interface Worker {
  /** Runs until the session is left; resolves with the exit code. */
  done: Promise<ExitCode>
  /** Somebody changed the store: a queued prompt, a new name, a closed session. */
  poke(): void
  /** The terminal or the workspace goes away: saves and ends. */
  hangup(): void
}

type Input =
  | { type: 'line'; text: string }
  /** Given on the command line: never a command. */
  | { type: 'first'; text: string }
  | { type: 'prompt'; text: string; promptId: number }
  | { type: 'leave' }

/** One session in one terminal: reads a line, has it answered, and says in its status what it does. */
export function startWorker(parts: WorkerParts): Worker {
  const { store, reporter, style } = parts
  const { id } = parts.session
  let name = parts.session.name
  let turn: AbortController | undefined
  let wake: (() => void) | undefined
  let ending: 'hangup' | 'closed' | undefined
  let exitHinted = false

  const terminal = parts.openTerminal({
    interrupt: () => turn?.abort(),
    hangup,
    complete: (line) => complete(line, context),
  })
  const context: CommandContext = {
    name: () => name,
    say: (line) => terminal.say(line),
    ask: (question) => terminal.ask(question),
    style,
    workspace: parts.workspace,
    rename: async (wanted) => {
      const chosen = parts.checkName(wanted)
      await renameSession(store, id, chosen, 'user')
      name = chosen
      await reporter.rename(name)
      await parts.showName(name)
      terminal.say(style.dim(`this session is now ${name}`))
    },
    complete: () => completeSession(store, id),
    conversation: {
      read: (number) =>
        number === undefined ? readMessages(store, id) : readLastMessages(store, id, number),
      fill: (messages) => fillConversation(store, id, messages),
    },
    files: parts.files,
  }
  return { done: run(), poke: () => void poke(), hangup }

  async function run(): Promise<ExitCode> {
    try {
      for (const line of recap(readLastExchange(store, id), style)) terminal.say(line)
      if (parts.firstPrompt !== undefined) await handle({ type: 'first', text: parts.firstPrompt })
      else await reporter.report('waiting', { waitingFor: 'input' })
      const told = announceProvider()
      while (!ending) {
        const input = await nextInput()
        await told
        if (input.type === 'leave' || (await handle(input)) === 'quit') break
      }
      return exitCode.done
    } finally {
      await reporter.report('exited')
      if (ending !== 'hangup')
        terminal.say(
          style.dim(
            getSession(store, id)?.status === 'Completed'
              ? `${name} is closed`
              : `${name} stays open; come back: ${parts.comeBack(name)}`,
          ),
        )
      terminal.close()
    }
  }

  /** The prompt is up before the model is looked for. */
  async function announceProvider(): Promise<void> {
    try {
      const { notice } = await parts.provider()
      if (notice && !ending) terminal.say(style.dim(notice))
    } catch (error) {
      complain(error)
    }
  }

  /** What was queued goes first; a line that is half typed stays and is there again afterwards. */
  async function nextInput(): Promise<Input> {
    for (;;) {
      if (ending) return { type: 'leave' }
      const queued = peekPrompt(store, id)
      if (queued) return { type: 'prompt', ...queued }
      const woken = new Promise<'woken'>((resolve) => {
        wake = () => resolve('woken')
      })
      const line = await Promise.race([terminal.read(promptOf(name)), woken])
      wake = undefined
      if (line === 'woken') {
        terminal.suspend()
        continue
      }
      if (line.type === 'line') {
        exitHinted = false
        if (line.text.trim() !== '') return line
        continue
      }
      if (exitHinted) return { type: 'leave' }
      exitHinted = true
      terminal.say(style.dim('(To exit, press Ctrl+C or Ctrl+D again or type /quit)'))
    }
  }

  async function handle(input: Exclude<Input, { type: 'leave' }>): Promise<'quit' | undefined> {
    const text = input.text.trim()
    try {
      if (input.type === 'prompt') {
        terminal.say(`${promptOf(name)}${sanitize(input.text)} ${style.dim('(sent)')}`)
        if (!isCommand(text)) {
          const files = await parts.files.attach(input.text).catch((error) => refuse(input.promptId, error))
          await answer(() => takePrompt(store, id, input.promptId, files))
        } else {
          await dropPrompt(store, input.promptId)
          return await runCommand(text)
        }
      } else if (input.type === 'line' && isCommand(text)) return await runCommand(text)
      else {
        const files = await parts.files.attach(input.text)
        await answer(() => appendMessage(store, id, 'user', [{ type: 'text', text: input.text }, ...files]))
      }
    } catch (error) {
      complain(error)
    }
    return undefined
  }

  /** A queued prompt whose files are not there is shown and dropped: it would come up again for ever. */
  async function refuse(promptId: number, error: unknown): Promise<never> {
    await dropPrompt(store, promptId)
    await reporter.report('waiting', { waitingFor: 'error', detail: describeError(error) })
    throw error
  }

  async function runCommand(line: string): Promise<'quit' | undefined> {
    const [word = '', ...words] = line.split(/\s+/)
    return findCommand(word).run(context, words)
  }

  async function answer(commit: () => Promise<number | undefined>): Promise<void> {
    if ((await commit()) === undefined) return
    turn = new AbortController()
    reporter.nextTurn()
    await reporter.report('processing', { detail: queuedWords() })
    const stream = terminal.stream()
    try {
      const { provider, notice } = await parts.provider()
      if (notice) terminal.say(style.dim(notice))
      const result = await runTurn({
        store,
        session: id,
        provider,
        system: parts.system,
        tools: [],
        runTool: async (use) => unknownTool(use),
        onText: stream.write,
        signal: turn.signal,
      })
      stream.end()
      if (result.outcome === 'failed') {
        terminal.say(`\n${style.red(sanitize(result.message))}`)
        if (result.hint) terminal.say(style.dim(`  ${sanitize(result.hint)}`))
        await reporter.report('waiting', { waitingFor: 'error', detail: result.message })
        return
      }
      terminal.say(
        result.outcome === 'interrupted'
          ? `\n${style.dim('(stopped; what came is kept)')}`
          : stopWords(result.stopReason, style),
      )
      if (!ending) await reporter.report('waiting', { waitingFor: 'input' })
    } catch (error) {
      stream.end()
      await reporter.report('waiting', { waitingFor: 'error', detail: describeError(error) })
      throw error
    } finally {
      turn = undefined
    }
  }

  async function poke(): Promise<void> {
    const session = getSession(store, id)
    if (!session || session.status === 'Completed') {
      ending ??= 'closed'
      turn?.abort()
    } else if (session.name !== name) {
      name = session.name
      await reporter.rename(name)
      if (!turn) wake?.()
    }
    reporter.repeat()
    const queued = countPrompts(store, id)
    if (queued > 0 && turn) {
      await reporter.report('processing', { detail: queuedWords() })
      terminal.say(style.dim(`(${count(queued, 'prompt')} queued)`))
    }
    if (queued > 0 || ending) wake?.()
  }

  function queuedWords(): string {
    const queued = countPrompts(store, id)
    return queued === 0 ? '' : `${queued} queued`
  }

  function hangup(): void {
    ending = 'hangup'
    turn?.abort()
    wake?.()
  }

  function complain(error: unknown): void {
    if (!(error instanceof UserError)) throw error
    terminal.say(style.red(sanitize(error.message)))
    if (error.hint) terminal.say(style.dim(`  ${sanitize(error.hint)}`))
  }

  function promptOf(of: string): string {
    return `${style.bold(`[${of}]`)} q> `
  }
}

function isCommand(text: string): boolean {
  return /^\/[a-z-]+(\s|$)/i.test(text)
}

function unknownTool(use: ToolUse): { content: string; status: 'error' } {
  return { content: `There is no tool ${use.name} here.`, status: 'error' }
}

/** Nothing after an answer that ended as it should. */
function stopWords(stopReason: string, style: Style): string {
  if (stopReason === 'end_turn' || stopReason === 'stop_sequence') return ''
  if (stopReason === 'max_tokens')
    return `\n${style.dim('(cut at the most tokens of one answer; say "go on")')}`
  return `\n${style.dim(`(ended: ${sanitize(stopReason)})`)}`
}
