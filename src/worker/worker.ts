import { type ExitCode, exitCode, UserError } from '../base/errors.ts'
import { asleep } from '../domain/worker-status.ts'
import { directoryHint } from '../sessions/files/working-directory.ts'
import { leftAs } from '../sessions/workspace/asleep.ts'
import { countPrompts } from '../store/prompts.ts'
import { getSession } from '../store/sessions.ts'
import { sanitize } from '../text/sanitizer.ts'
import { reveal } from '../tools/reveal.ts'
import { commandContext } from './command-context.ts'
import { complete } from './commands/complete-command.ts'
import { firstWords, lastWords } from './first-and-last-words.ts'
import { createHandler } from './handle-input.ts'
import { createInputs, type Input } from './inputs.ts'
import { createModelDeps } from './model-deps.ts'
import { createNamer } from './namer.ts'
import { createNote } from './note.ts'
import { createOwnName } from './own-name.ts'
import { createApprovals } from './tools/ask-approval.ts'
import { createAnswering } from './turn/answer.ts'
import type { PaneSleep, WorkerDeps } from './worker-deps.ts'

export interface Worker {
  /** Runs until the session is left; resolves with the exit code. */
  done: Promise<ExitCode>
  /** Whether it ended so that its session sleeps. */
  sleeps(): boolean
  /** Somebody changed the store: a queued prompt, a new name, a closed session. */
  wake(): void
  /** Our own words, styles allowed, above the prompt. */
  say(line: string): void
  /** Nobody needs the process for now: it ends, and the session sleeps, unless somebody typed something or there is something to do. */
  mayEnd(): void
  /** The terminal or the workspace goes away: saves and ends. */
  hangup(): void
}

/** One session in one terminal: reads a line, has it answered, and says in its status what it does. */
export function startWorker(deps: WorkerDeps): Worker {
  const { store, reporter, style } = deps
  const { id } = deps.session
  let fallingAsleep = false
  let ending: 'hangup' | 'closed' | 'asleep' | undefined

  const name = createOwnName(deps)
  /** What was said of the directory. */
  let trouble: string | undefined
  const promptLine = (): string =>
    `${trouble === undefined ? '' : style.red('(directory gone) ')}${style.bold(`[${name.now()}]`)} q> `
  const terminal = deps.openTerminal({
    interrupt: () => answering.stop(),
    hangup,
    complete: (line) => complete(line, context),
  })
  const note = createNote(deps, terminal)
  const approvals = createApprovals({ session: id, store, reporter, terminal })
  const model = createModelDeps(deps, terminal, approvals)
  const answering = createAnswering({
    ...deps,
    session: id,
    terminal,
    approvals,
    tools: model.tools,
    context: model.context,
  })
  const context = commandContext(deps, { name, terminal, answering, model })
  const inputs = createInputs({
    store,
    session: id,
    terminal,
    style,
    promptLine,
    ended: () => ending !== undefined,
  })
  const handle = createHandler(deps, {
    terminal,
    answering,
    context,
    promptLine,
    committed: () => void complaining(findName),
  })
  const findName = createNamer({
    naming: deps.naming,
    session: id,
    store,
    provider: deps.provider,
    named: async (session) => {
      if (session.name !== name.now()) await name.show(session.name)
    },
  })
  return {
    done: run(),
    wake: () => void complaining(wake),
    say: (line) => terminal.say(line),
    mayEnd,
    hangup,
    sleeps: () => ending === 'asleep',
  }

  async function run(): Promise<ExitCode> {
    try {
      for (const line of firstWords(deps)) terminal.say(line)
      lookAround()
      // The prompt is on the screen at once; who may reach this worker and see what it does, comes right after.
      const { firstPrompt } = deps
      let next = firstPrompt === undefined ? inputs.next() : undefined
      // What it fails with is thrown where it is awaited.
      next?.catch(() => {})
      await deps.appear()
      if (firstPrompt === undefined) await takeUp()
      else await complaining(() => handle({ type: 'first', text: firstPrompt }))
      await look()
      // Who comes back to a conversation hears of the model with the next answer: ten that come back at once wait for none.
      const announced = deps.session.messages === 0 ? announceProvider(next) : undefined
      while (!ending) {
        const input = await (next ?? inputs.next())
        next = undefined
        await announced
        if (input.type === 'leave') break
        lookAround()
        if ((await complaining(() => handle(input))) === 'quit') break
        lookAround()
      }
      return exitCode.done
    } finally {
      const detail = ending === 'asleep' ? asleep : ''
      await Promise.all([reporter.report('exited', { detail }), model.close()])
      if (ending === 'asleep')
        terminal.rollUp(style.dim(`${name.now()} sleeps: looking at it, or a prompt, wakes it`))
      else if (ending !== 'hangup') note(lastWords(deps, name.now()))
      terminal.close()
    }
  }

  /** Says when the session's directory went away, and when it is there again. */
  function lookAround(): void {
    const before = trouble
    trouble = deps.directory.trouble()
    if (trouble === before) return
    if (trouble === undefined) return note(`(works in ${reveal(deps.directory.path())} again)`)
    terminal.say(style.red(`${reveal(trouble)}: no tool and no ! command runs`))
    note(`  ${directoryHint}`)
  }

  /** A session that waited when it was left, waits on. Nothing is sent by coming back. */
  async function takeUp(): Promise<void> {
    const left = leftAs(deps.session)
    const { waiting: _, ...facts } = left.waiting ? left : { waiting: true, waitingFor: 'input' as const }
    await reporter.report('waiting', facts)
  }

  /**
   * The prompt is up before the model is looked for, and so are the prompts of sessions that come back at the same
   * time: a moment later, or with the first input.
   */
  async function announceProvider(input: Promise<Input> | undefined): Promise<void> {
    await complaining(async () => {
      await Promise.race([input, pauseBeforeModel()])
      const { provider, notice } = await deps.provider()
      const tour = !provider.isModel ? '. New here? Type: tour' : ''
      if (notice && !ending) note(`${notice}${tour}`)
    })
  }

  async function wake(): Promise<void> {
    await look()
    reporter.repeat()
  }

  /** What others changed in the store: told by a wake, or before anybody could wake. */
  async function look(): Promise<void> {
    const session = getSession(store, id)
    if (!session || session.status === 'Completed') {
      ending ??= 'closed'
      answering.stop()
    } else if (session.name !== name.now()) {
      await name.take(session.name)
      if (!answering.busy()) inputs.wake()
    }
    approvals.look()
    const queued = countPrompts(store, id)
    if (queued > 0 && answering.busy()) await answering.queued()
    if (ending) terminal.cancel()
    if (queued > 0 || ending) inputs.wake()
  }

  function hangup(): void {
    ending = 'hangup'
    answering.stop()
    terminal.cancel()
    inputs.wake()
  }

  function mayEnd(): void {
    if (!deps.paneSleep || fallingAsleep || !isUnneeded()) return
    fallingAsleep = true
    void complaining(() => fallAsleep(deps.paneSleep as PaneSleep)).finally(() => {
      fallingAsleep = false
    })
  }

  /** Whoever cannot reach this process any more has the session woken; what came before that is seen here. */
  async function fallAsleep(sleep: PaneSleep): Promise<void> {
    if (!(await sleep.begin())) return
    if (isUnneeded()) {
      ending = 'asleep'
      inputs.wake()
    } else if (await sleep.undo()) await look()
  }

  function isUnneeded(): boolean {
    return !ending && !answering.busy() && terminal.isIdle() && countPrompts(store, id) === 0
  }

  /** Says what goes wrong with what a person wanted; the session goes on. Throws all else. */
  async function complaining<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      terminal.say(style.red(sanitize(error.message)))
      if (error.hint) note(`  ${sanitize(error.hint)}`)
      return undefined
    }
  }
}

function pauseBeforeModel(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 250).unref())
}
