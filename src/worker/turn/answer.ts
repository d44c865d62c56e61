import { describeError } from '../../base/errors.ts'
import type { OnPause, Pause, Provider } from '../../provider/provider.ts'
import { countPrompts } from '../../store/prompts.ts'
import type { Store } from '../../store/store.ts'
import type { TextForm } from '../../terminal/screen/answer-stream.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { count } from '../../text/plain-text.ts'
import { sanitize } from '../../text/sanitizer.ts'
import type { Style } from '../../text/style.ts'
import type { ModelContext } from '../context/model-context.ts'
import { createNote } from '../note.ts'
import type { Reporter } from '../status/reporter.ts'
import type { Approvals } from '../tools/ask-approval.ts'
import type { WorkerTools } from '../tools/worker-tools.ts'
import type { ToolUse } from './growing-answer.ts'
import { countdown, pauseDetail } from './pause-words.ts'
import { stopWords } from './stop-reasons.ts'
import { runTurn, type TurnResult } from './turn.ts'
import type { turnStats } from './turn-stats.ts'

export interface AnswerDeps {
  session: string
  store: Store
  reporter: Reporter
  terminal: Terminal
  style: Style
  /** How wide the terminal is now. */
  columns(): number
  /** What the model gets to see; loaded with the first turn. */
  context(): Promise<ModelContext>
  /** The form of one answer on this terminal: Markdown, or as it is. */
  form(): Promise<TextForm>
  /** Whether tokens, time and model are said below an answer. */
  showStats(): Promise<boolean>
  /** Whether somebody sees the terminal now, as far as that can be known. */
  isLookedAt(): Promise<boolean>
  /** Called before each answer. */
  begins(): void
  /** Loaded with the first turn. */
  tools(): Promise<WorkerTools>
  approvals: Pick<Approvals, 'asking'>
  /** The provider as the environment is now, and a line for people when the choice is new. */
  provider(): Promise<{ provider: Provider; notice: string | undefined }>
}

/** Has prompts answered, one at a time, and shows the answers as they come. */
export interface Answering {
  /** Sends the conversation, which ends with a committed prompt. Throws only what store and settings throw. */
  answer(): Promise<void>
  /** Does something beside the conversation that takes its time, shown as at work, and stopped by `stop`. */
  atWork<T>(label: string, work: (signal: AbortSignal, onPause: OnPause) => Promise<T>): Promise<T>
  /** Stops the answer that streams; what came is kept. */
  stop(): void
  /** Whether an answer streams. */
  busy(): boolean
  /** Shows that prompts wait behind the answer that streams. */
  queued(): Promise<void>
}

export function createAnswering(deps: AnswerDeps): Answering {
  const { store, session, reporter, terminal, style, approvals } = deps
  const note = createNote(deps, terminal)
  let turn: AbortController | undefined
  let pause: Pause | undefined
  /** What is awaited where no request rests. */
  let label = 'thinking'

  return {
    stop: () => turn?.abort(),
    busy: () => turn !== undefined,
    async atWork(what, work) {
      turn = new AbortController()
      await reporter.report('processing', { detail: what })
      wait(what)
      try {
        return await work(turn.signal, onPause)
      } finally {
        turn = undefined
        pause = undefined
        await reporter.report('waiting', { waitingFor: 'input' })
      }
    },
    async answer() {
      turn = new AbortController()
      const begun = performance.now()
      deps.begins()
      const { signal } = turn
      const interrupt = turn.abort.bind(turn)
      await reportWork()
      let stream = terminal.stream(await deps.form())
      wait('thinking')
      try {
        const { provider, notice } = await deps.provider()
        if (notice) note(notice)
        const ready = await deps.tools()
        // No server is started for the guide, whose tour asks to run a command.
        const specs = !provider.isModel ? await ready.builtIn() : await ready.specs(signal)
        const waited = ready.waited()
        const runTool = async (use: ToolUse) => {
          // What the form held back comes before the tool; what is said meanwhile begins a line of its own.
          stream.end()
          stream = terminal.stream()
          const result = await ready.run(use, { signal, interrupt })
          await reportWork()
          stream.end()
          stream = terminal.stream(await deps.form())
          if (!signal.aborted) wait('thinking')
          return result
        }
        const tell = { say: note, wait, onPause }
        const context = (await deps.context()).forTurn({ provider, tools: specs }, signal, tell)
        const result = await runTurn({
          store,
          session,
          provider,
          context,
          tools: specs,
          runTool,
          onText: (text) => stream.write(text),
          async tell(line) {
            stream.end()
            note(line)
            stream = terminal.stream(await deps.form())
            wait('thinking')
          },
          onPause,
          signal,
        })
        stream.end()
        const took = performance.now() - begun - (ready.waited() - waited)
        await finish(
          result,
          result.outcome === 'done' ? await stats(provider, result.usage, took) : undefined,
        )
        void lookWhetherSeen()
      } catch (error) {
        stream.end()
        await reporter.report('waiting', { waitingFor: 'error', detail: describeError(error) })
        throw error
      } finally {
        turn = undefined
        pause = undefined
      }
    },
    async queued() {
      if (!approvals.asking()) await reportWork()
      terminal.say(style.dim(`(${count(countPrompts(store, session), 'prompt')} queued)`))
    },
  }

  function wait(what: string): void {
    label = what
    terminal.wait(what)
  }

  /** Shows that the request rests, and for how long; undefined: it goes on. */
  async function onPause(rests: Pause | undefined): Promise<void> {
    pause = rests
    if (rests?.attempt === 2) {
      // It is asked again already.
      const hint = rests.hint && !/ask again/i.test(rests.hint) ? ` ${sanitize(rests.hint)}` : ''
      note(`(${sanitize(rests.message)}${hint} It is tried again; Ctrl-C stops that.)`)
    }
    if (rests) terminal.wait(() => `${countdown(rests, store.now())}; Ctrl-C stops`)
    else terminal.wait(label)
    await reportWork()
  }

  async function reportWork(): Promise<void> {
    const words = [pause ? pauseDetail(pause) : '', queueWords()].filter((part) => part !== '')
    const until = pause ? { until: pause.until } : {}
    await reporter.report('processing', { detail: words.join(', '), ...until })
  }

  async function stats(...facts: Parameters<typeof turnStats>): Promise<string | undefined> {
    return (await deps.showStats()) ? (await import('./turn-stats.ts')).turnStats(...facts) : undefined
  }

  async function finish(result: TurnResult, stats: string | undefined): Promise<void> {
    if (result.outcome === 'failed') {
      terminal.say(`\n${style.red(sanitize(result.message))}`)
      if (result.hint) terminal.say(style.dim(`  ${sanitize(result.hint)}`))
      terminal.say(style.dim('  /retry sends it again'))
      const until = result.until === undefined ? {} : { until: result.until }
      await reporter.report('waiting', { waitingFor: 'error', detail: result.message, ...until })
      return
    }
    const words =
      result.outcome === 'interrupted' ? 'stopped; what came is kept' : stopWords(result.stopReason)
    const below = [...(words === '' ? [] : [`(${words})`]), ...(stats ? [stats] : [])]
    terminal.say(below.length === 0 ? '' : `\n${below.map(style.dim).join('\n')}`)
    await reporter.report('waiting', { waitingFor: 'input', quiet: result.outcome === 'interrupted' })
  }

  /** The prompt does not wait for it. */
  async function lookWhetherSeen(): Promise<void> {
    if (!(await deps.isLookedAt())) terminal.unseen()
  }

  function queueWords(): string {
    const queued = countPrompts(store, session)
    return queued === 0 ? '' : `${queued} queued`
  }
}
