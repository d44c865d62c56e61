import type { Agent, AgentRun, PreparedAgent, Told } from '../../agents/agent.ts'
import { laterArguments } from '../../agents/later-arguments.ts'
import { type ExitCode, exitCode, UserError } from '../../base/errors.ts'
import type { Session } from '../../domain/session.ts'
import type { WorkingDirectory } from '../../sessions/files/working-directory.ts'
import { peekPrompt } from '../../store/prompts.ts'
import { getSession } from '../../store/sessions.ts'
import type { Store } from '../../store/store.ts'
import { sanitize } from '../../text/sanitizer.ts'
import { reveal } from '../../tools/reveal.ts'
import { createNamer, type NamerDeps } from '../namer.ts'
import { createOwnName } from '../own-name.ts'
import type { Reporter } from '../status/reporter.ts'
import { createAgentState } from './agent-state.ts'
import { type Job, startJob } from './job.ts'
import type { RunDirectory } from './run-directory.ts'
import { createSentPrompts } from './sent-prompts.ts'

/** What a worker around another agent's program works with, handed in by the composition root. */
export interface AgentWorkerDeps {
  session: Session
  directory: WorkingDirectory
  store: Store
  reporter: Reporter
  agent: Agent
  /** What is started, and the user's arguments for it. */
  program: string
  args: readonly string[]
  /** As they are now. */
  env(): Promise<NodeJS.ProcessEnv>
  runDirectory: RunDirectory
  watch: AgentRun['watch']
  parentOf: AgentRun['parentOf']
  now: AgentRun['now']
  /** Pastes a text at the program's prompt and enters it; false: somebody types there. */
  paste(text: string): Promise<boolean>
  naming: NamerDeps['naming']
  showName(name: string): Promise<void>
  /** Lets others reach this worker. */
  appear(): Promise<void>
  /** Says a line in the window, while no program has it. */
  say(line: string): void
  /** Asks in the window, while no program has it, until Enter (true), or until it is left or nobody is to be asked. */
  pressEnter(question: string, signal: AbortSignal): Promise<boolean>
  /** Work that nobody waits for: what goes wrong in it is said in the log. */
  beside(work: Promise<unknown>): void
}

export interface AgentWorker {
  /** Runs until the program is left; resolves with the exit code of the worker. */
  done: Promise<ExitCode>
  /** Somebody changed the store: a queued prompt, a new name, a closed session, an answer. */
  wake(): void
  /** The terminal goes away, or the workspace is stopped. */
  hangup(): void
}

/** How a run ended, in the window, and what is asked there then. */
interface Ended {
  said: string
  question: string
}

/** How long a program gets to end by itself when its session was closed, in ms. */
const untilEnded = 1500

/** One session whose window another agent's program has: starts it, hears what it tells, and brings it back when it ended. */
export function startAgentWorker(deps: AgentWorkerDeps): AgentWorker {
  const { store, session, agent, reporter } = deps
  const { id } = session
  const name = createOwnName(deps)
  let job: Job | undefined
  let running: PreparedAgent | undefined
  const ending = new AbortController()
  const left = `${agent.title} was left`

  const findName = createNamer({
    naming: deps.naming,
    session: id,
    store,
    // It has a model of its own, which is not asked for names.
    provider: () => Promise.reject(new Error('an agent of others names nothing')),
    named: (named) => (named.name === name.now() ? Promise.resolve() : name.show(named.name)),
  })
  const sent = createSentPrompts({
    session: id,
    store,
    isFree: () => state.isFree(),
    say: (text) => running?.send?.(text) ?? deps.paste(text),
  })
  const state = createAgentState({
    session,
    store,
    reporter,
    takeSent: sent.takeTold,
    prompted: () => deps.beside(findName()),
    free: () => deps.beside(sent.deliver()),
  })
  return {
    done: run(),
    wake: () => deps.beside(look()),
    hangup() {
      ending.abort()
      job?.signal('SIGHUP')
    },
  }

  async function run(): Promise<ExitCode> {
    await deps.appear()
    const isKept = agent.ends === 'as-result' && session.turns > 0
    await (isKept ? state.hear({ type: 'ready' }) : state.begins())
    await look()
    try {
      // A command that ran already is not run by being looked at.
      let shown = isKept ? shownCommand() : undefined
      while (!ending.signal.aborted) {
        if (shown !== undefined) {
          deps.say(shown.said)
          if (!(await deps.pressEnter(shown.question, ending.signal))) break
          await state.begins()
        }
        shown = await tryOnce()
        if (!shown) break
      }
      return exitCode.done
    } finally {
      sent.close()
      await reporter.report('exited', { detail: left })
    }
  }

  /** What to show of its end, and whether to start it again; undefined: it was left, or the session ends. */
  async function tryOnce(): Promise<Ended | undefined> {
    try {
      const trouble = deps.directory.trouble()
      if (trouble !== undefined) throw new UserError(trouble, { hint: 'make it again' })
      const code = await runOnce()
      if (ending.signal.aborted || agent.ends === 'always-left') return undefined
      if (agent.ends === 'as-result') {
        await state.hear(
          code === 0 ? { type: 'answer', text: '' } : { type: 'failed', detail: `exit ${code}` },
        )
        return { said: `\n(exit ${code})`, question: 'Press Enter to run it again, Ctrl-C to leave it: ' }
      }
      return code === 0 ? undefined : failed(`${agent.title} ended: exit ${code}`)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return failed(error.hint ? `${error.message} (${error.hint})` : error.message)
    }
  }

  async function failed(why: string): Promise<Ended> {
    await state.ended(why)
    return {
      said: `\n${sanitize(why)}. What was said is kept.`,
      question: 'Press Enter to bring it back, Ctrl-C to leave it: ',
    }
  }

  function shownCommand(): Ended {
    return {
      said: `$ ${reveal(deps.args.join(' '))}`,
      question: 'Press Enter to run it, Ctrl-C to leave it: ',
    }
  }

  /** Resolves with the exit code of the program. */
  async function runOnce(): Promise<number> {
    const first = peekPrompt(store, id)
    // A command of its own is no prompt that it can be started with.
    const prompt = first?.text.startsWith('/') ? undefined : first
    const conversation = (getSession(store, id) ?? session).agent?.conversation ?? undefined
    const directory = await deps.runDirectory.make()
    try {
      running = await agent.prepare(
        {
          session: id,
          program: deps.program,
          args: conversation === undefined ? deps.args : laterArguments(deps.args, agent),
          env: await deps.env(),
          cwd: deps.directory.path(),
          directory,
          conversation,
          prompt: prompt?.text,
          watch: deps.watch,
          parentOf: deps.parentOf,
          now: deps.now,
          beside: deps.beside,
        },
        (told: Told) => deps.beside(state.hear(told)),
      )
      if (prompt) sent.startedWith(prompt)
      job = startJob(running.argv, {
        cwd: deps.directory.path(),
        env: { ...(await deps.env()), ...running.env },
      })
      const pid = await job.pid
      if (pid !== undefined) {
        deps.runDirectory.record(pid)
        running.started(pid)
      }
      return await job.ended
    } finally {
      job = undefined
      await running?.close()
      running = undefined
      deps.runDirectory.remove()
    }
  }

  async function look(): Promise<void> {
    const now = getSession(store, id)
    if (!now || now.status === 'Completed') return close()
    if (now.name !== name.now()) await name.take(now.name)
    await state.look()
    reporter.repeat()
    await sent.deliver()
  }

  function close(): void {
    ending.abort()
    const closing = job
    if (!closing) return
    closing.signal('SIGTERM')
    setTimeout(() => closing.signal('SIGKILL'), untilEnded).unref()
  }
}
