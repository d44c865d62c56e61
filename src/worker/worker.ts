import { type ExitCode, exitCode, UserError } from '../domain/errors.ts'
import { sanitize } from '../domain/sanitizer.ts'
import type { Session } from '../domain/session.ts'
import { leftAs } from '../sessions/resting.ts'
import { readMemory } from '../store/context.ts'
import {
  appendMessage,
  fillConversation,
  readLastExchange,
  readLastMessages,
  readMessages,
} from '../store/messages.ts'
import { countPrompts, dropPrompt, peekPrompt } from '../store/prompts.ts'
import { completeSession, getSession, renameSession } from '../store/sessions.ts'
import type { Ending } from '../terminal/external.ts'
import type { Terminal, TerminalEvents } from '../terminal/terminal.ts'
import { type AnswerParts, createAnswering } from './answer.ts'
import { findCommand } from './commands/all.ts'
import type { CommandContext, ModelChoice, WorkspaceCommands } from './commands/command.ts'
import { complete } from './commands/complete.ts'
import { commitPrompt } from './commit.ts'
import { createNamer, type Naming } from './namer.ts'
import { note } from './note.ts'
import { recap } from './recap.ts'
import type { SessionFiles } from './session-files.ts'
import type { ContextLimits, ModelContext } from './sight/model-context.ts'
import type { ToolSettings, WorkerTools } from './tools.ts'

/** What a worker works with, handed in by the composition root. */
export interface WorkerParts extends Omit<AnswerParts, 'session' | 'terminal' | 'tools' | 'context'> {
  session: Session
  workspace: WorkspaceCommands | undefined
  openTerminal(events: TerminalEvents): Terminal
  /** Lets others reach this worker: before its first status says that it is there. */
  appear(): Promise<void>
  /** Checks a name that a person typed. @throws UserError */
  checkName(name: string): Promise<string>
  /** Takes a new name to the window's title. */
  showName(name: string): Promise<void>
  /** As it is now; undefined: sessions keep the names they have until somebody names them. */
  naming(): Promise<Naming | undefined>
  files: SessionFiles
  /** As they are now. */
  tools(): Promise<ToolSettings>
  contextLimits(): Promise<ContextLimits>
  model: ModelChoice
  /** Puts a text on the clipboard, in words how it can be pasted. @throws UserError */
  copy(text: string, terminal: Pick<Terminal, 'copy'>): Promise<string>
  /** Said before the first line is read. */
  firstPrompt: string | undefined
  /** What programs that it runs for the user get: an editor, a shell's command. */
  env: NodeJS.ProcessEnv
  /** How wide the terminal is now. */
  columns(): number
  /** The command that comes back to this session, for the last line. */
  comeBack(name: string): string
}

export interface Worker {
  /** Runs until the session is left; resolves with the exit code. */
  done: Promise<ExitCode>
  /** Somebody changed the store: a queued prompt, a new name, a closed session. */
  poke(): void
  /** Our own words, styles allowed, above the prompt. */
  say(line: string): void
  /** The terminal or the workspace goes away: saves and ends. */
  hangup(): void
}

/** What is to be done next: a line typed here, one given on the command line, a prompt sent from elsewhere, or the end. */
type Input =
  | { type: 'line'; text: string }
  /** Never a command. */
  | { type: 'first'; text: string }
  | { type: 'prompt'; text: string; promptId: number }
  | { type: 'leave' }

/** One session in one terminal: reads a line, has it answered, and says in its status what it does. */
export function startWorker(parts: WorkerParts): Worker {
  const { store, reporter, style } = parts
  const { id } = parts.session
  let name = parts.session.name
  let wake: (() => void) | undefined
  let ending: 'hangup' | 'closed' | undefined
  let exitHinted = false

  const terminal = parts.openTerminal({
    interrupt: () => answering.stop(),
    hangup,
    complete: (line) => complete(line, context),
  })
  let made: Promise<WorkerTools> | undefined
  let seen: Promise<ModelContext> | undefined
  const answering = createAnswering({ ...parts, session: id, terminal, tools, context: modelContext })
  const namer = createNamer({
    naming: parts.naming,
    session: id,
    store,
    provider: parts.provider,
    named: async (session) => {
      if (session.name === name) return
      await takeName(session.name)
      await parts.showName(session.name)
    },
  })
  const context: CommandContext = {
    name: () => name,
    say: (line) => terminal.say(line),
    async ask(question) {
      const line = await terminal.ask(question)
      return line.type === 'line' ? line.text : ''
    },
    async choose(question, choices) {
      const line = await terminal.choose(question, choices)
      return line.type === 'line' && line.text.trim() !== '' ? line.text.trim() : undefined
    },
    edit: async (text) => (await external()).editText(terminal, text, parts.env),
    style,
    columns: parts.columns,
    workspace: parts.workspace,
    rename: async (wanted) => {
      const chosen = await parts.checkName(wanted)
      await renameSession(store, id, chosen, 'user')
      await takeName(chosen)
      await parts.showName(chosen)
      terminal.say(style.dim(`this session is now ${chosen}`))
    },
    complete: () => completeSession(store, id),
    conversation: {
      read: (number) =>
        number === undefined ? readMessages(store, id) : readLastMessages(store, id, number),
      lastExchange: () => readLastExchange(store, id),
      repeat: async (blocks) => void (await appendMessage(store, id, 'user', [...blocks])),
      fill: (messages) => fillConversation(store, id, messages),
    },
    copy: (text) => parts.copy(text, terminal),
    files: parts.files,
    model: parts.model,
    tools: async () => (await tools()).lines(),
    atWork: answering.atWork,
    async sight() {
      const { provider, notice } = await parts.provider()
      if (notice) terminal.say(note(notice, style, parts.columns()))
      // Nobody waits here for servers that are still to tell their tools.
      const specs = provider.name === 'guide' ? [] : await (await tools()).specs(AbortSignal.abort())
      return { context: await modelContext(), answerer: { provider, tools: specs } }
    },
    directory: { cwd: parts.session.cwd, home: parts.env.HOME },
  }
  return { done: run(), poke: () => void poke(), say: (line) => terminal.say(line), hangup }

  async function run(): Promise<ExitCode> {
    try {
      showRecap()
      // The prompt is on the screen at once; who may reach this worker and see what it does, comes right after.
      let next = parts.firstPrompt === undefined ? nextInput() : undefined
      next?.catch(() => {})
      await parts.appear()
      if (parts.firstPrompt !== undefined) await handle({ type: 'first', text: parts.firstPrompt })
      else await takeUp()
      await look()
      const announced = announceProvider(next)
      while (!ending) {
        const input = await (next ?? nextInput())
        next = undefined
        await announced
        if (input.type === 'leave' || (await handle(input)) === 'quit') break
      }
      return exitCode.done
    } finally {
      const closed = made?.then((ready) => ready.close(), ignore)
      await Promise.all([reporter.report('exited'), closed])
      if (ending !== 'hangup') terminal.say(style.dim(lastWords()))
      terminal.close()
    }
  }

  function showRecap(): void {
    const messages = readLastExchange(store, id)
    for (const line of recap(messages, style)) terminal.say(line)
    const last = messages.at(-1)
    const memory = last && readMemory(store, id)
    if (memory && memory.beginsAt > last.seq)
      terminal.say(style.dim('(cleared: the model does not remember this)'))
  }

  /** A session that waited when it was left, waits on. Nothing is sent by coming back. */
  async function takeUp(): Promise<void> {
    const left = leftAs(parts.session)
    const { waitingFor, ...facts } = left.waiting ? left : { waitingFor: 'input' as const }
    await reporter.report('waiting', { waitingFor, ...facts })
  }

  /**
   * The prompt is up before the model is looked for, and so are the prompts of sessions that come back at the same
   * time: a moment later, or with the first input.
   */
  async function announceProvider(input: Promise<Input> | undefined): Promise<void> {
    try {
      await Promise.race([input, pauseBeforeModel()])
      const { provider, notice } = await parts.provider()
      const tour = provider.name === 'guide' ? '. New here? Type: tour' : ''
      if (notice && !ending) terminal.say(note(`${notice}${tour}`, style, parts.columns()))
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
      const line = await Promise.race([terminal.read(promptLine()), woken])
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
      if (input.type === 'prompt')
        terminal.say(`${promptLine()}${sanitize(input.text)} ${style.dim('(sent)')}`)
      if (input.type !== 'first' && isCommand(text)) {
        if (input.type === 'prompt') await dropPrompt(store, input.promptId)
        const [word = '', ...words] = text.split(/\s+/)
        const outcome = await findCommand(word).run(context, words)
        if (outcome === 'again') await answering.answer()
        else if (typeof outcome !== 'object') return outcome
        else {
          terminal.say(`${promptLine()}${beginning(outcome.prompt)}`)
          await answer({ type: 'line', text: outcome.prompt })
        }
        return undefined
      }
      // Only what was typed here: a prompt that somebody sent runs nothing.
      if (input.type === 'line' && /^!\s*\S/.test(text)) await runTyped(text.slice(1).trim())
      else await answer(input)
    } catch (error) {
      complain(error)
    }
    return undefined
  }

  async function answer(input: Exclude<Input, { type: 'leave' }>): Promise<void> {
    const promptId = input.type === 'prompt' ? input.promptId : undefined
    const note = (line: string): void => terminal.say(style.dim(line))
    if ((await commitPrompt({ ...parts, id, note }, input.text, promptId)) === undefined) return
    void findName()
    await answering.answer()
  }

  async function runTyped(command: string): Promise<void> {
    const words = endingWords(await (await external()).runCommand(terminal, command, parts.env))
    if (words !== '') terminal.say(style.dim(`(${words})`))
  }

  async function poke(): Promise<void> {
    await look()
    reporter.repeat()
  }

  /** What others changed in the store: told by a poke, or before anybody could poke. */
  async function look(): Promise<void> {
    const session = getSession(store, id)
    if (!session || session.status === 'Completed') {
      ending ??= 'closed'
      answering.stop()
    } else if (session.name !== name) {
      await takeName(session.name)
      if (!answering.busy()) wake?.()
    }
    answering.look()
    const queued = countPrompts(store, id)
    if (queued > 0 && answering.busy()) await answering.queued()
    if (ending) terminal.cancel()
    if (queued > 0 || ending) wake?.()
  }

  /** The prompt does not wait for them. */
  async function tools(): Promise<WorkerTools> {
    made ??= import('./tools.ts').then(({ createTools }) =>
      createTools({ ...parts, terminal, settings: parts.tools }),
    )
    const ready = await made
    await ready.refresh()
    return ready
  }

  function modelContext(): Promise<ModelContext> {
    seen ??= import('./sight/model-context.ts').then(({ createModelContext }) =>
      createModelContext({ session: parts.session, store, limits: parts.contextLimits }),
    )
    return seen
  }

  /** Beside the answer, which does not wait for it. */
  async function findName(): Promise<void> {
    try {
      await namer()
    } catch (error) {
      complain(error)
    }
  }

  async function takeName(next: string): Promise<void> {
    name = next
    await reporter.rename(next)
  }

  function hangup(): void {
    ending = 'hangup'
    answering.stop()
    terminal.cancel()
    wake?.()
  }

  function complain(error: unknown): void {
    if (!(error instanceof UserError)) throw error
    terminal.say(style.red(sanitize(error.message)))
    if (error.hint) terminal.say(style.dim(`  ${sanitize(error.hint)}`))
  }

  function promptLine(): string {
    return `${style.bold(`[${name}]`)} q> `
  }

  function lastWords(): string {
    if (getSession(store, id)?.status === 'Completed') return `${name} is closed`
    return `${name} stays open; come back: ${parts.comeBack(name)}`
  }
}

function pauseBeforeModel(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 250).unref())
}

/** Tools that could not be made were complained about, and have nothing to close. */
function ignore(): void {}

/** Loaded when it is first used: the prompt does not wait for it. */
function external() {
  return import('../terminal/external.ts')
}

/** A long text is shown by its first lines. */
function beginning(text: string): string {
  const lines = sanitize(text).split('\n')
  const more = lines.length - 10
  return more > 1 ? `${lines.slice(0, 10).join('\n')}\n… ${more} more lines` : lines.join('\n')
}

/** Empty for a command that ended well. */
function endingWords(ending: Ending): string {
  if ('signal' in ending) return `ended by ${ending.signal}`
  return ending.code === 0 ? '' : `exit code ${ending.code}`
}

function isCommand(text: string): boolean {
  return /^\/[a-z-]+(\s|$)/i.test(text)
}
