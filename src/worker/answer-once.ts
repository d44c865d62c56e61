import { exitCode, UserError } from '../base/errors.ts'
import type { Session } from '../domain/session.ts'
import type { OnPause } from '../provider/provider.ts'
import { promptFilesOf } from '../sessions/files/prompt-files.ts'
import type { WorkingDirectory } from '../sessions/files/working-directory.ts'
import { claim, settle } from '../sessions/session-claim.ts'
import { appendMessage } from '../store/messages.ts'
import { releaseSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { oneLine } from '../text/plain-text.ts'
import { print, tell } from '../text/print.ts'
import { sanitize, sanitizer } from '../text/sanitizer.ts'
import { createStyle } from '../text/style.ts'
import { liveSettings } from './live/live-settings.ts'
import type { SessionHost } from './live/session-host.ts'
import { contextLimits, keptBackBy, namingOf, type Trusted, toolSettings } from './live/session-settings.ts'
import { providerOf } from './live/turn-provider.ts'
import { createNamer } from './namer.ts'
import type { ToolSettings, WorkerTools } from './tools/worker-tools.ts'
import { countdown } from './turn/pause-words.ts'
import { isCutShort, stopWords } from './turn/stop-reasons.ts'
import { runTurn } from './turn/turn.ts'

export interface OnceRequest {
  session: string
  prompt: string
  /** Some of the prompt came through a pipe: nobody has typed it. */
  piped: boolean
  /** What the tools may do on the command line's word; nobody can be asked. */
  trust: Trusted | undefined
}

/**
 * One prompt and its answer on stdout, without decoration.
 * @throws UserError when the conversation is open elsewhere, or the turn failed
 */
export async function answerOnce(host: SessionHost, store: Store, request: OnceRequest): Promise<number> {
  const me = host.processes.thisProcess()
  const { session, directory } = settle(await claim(store, request.session, me, host.processes))
  try {
    const trouble = directory.trouble()
    if (trouble !== undefined) tell(`q: ${oneLine(trouble)}: no tool runs`)
    return await answer(host, store, { session, directory }, request)
  } finally {
    await releaseSession(store, session.id, me)
  }
}

async function answer(
  host: SessionHost,
  store: Store,
  { session, directory }: { session: Session; directory: WorkingDirectory },
  { prompt, piped, trust }: OnceRequest,
): Promise<number> {
  const { id } = session
  const live = liveSettings(host, {
    environmentFile: undefined,
    complain(error) {
      throw error
    },
  })
  const keptBack = keptBackBy(async () => (await live()).settings, session)
  const { blocks, notes } = await promptFilesOf(session, host.env.HOME, keptBack).attach(
    prompt,
    piped ? 'sent' : 'typed',
  )
  for (const line of notes) tell(line)
  await appendMessage(store, id, 'user', [{ type: 'text', text: prompt }, ...blocks])
  const provide = providerOf(live, () => session.model ?? undefined, store.now)
  await createNamer({
    session: id,
    store,
    naming: async () => {
      const naming = namingOf((await live()).settings)
      return naming && { ...naming, withModel: false }
    },
    provider: provide,
    named: async () => {},
  })()
  const { provider, notice } = await provide()
  if (notice) tell(notice)
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt)
  let unread = false
  // Nobody reads on (`| head -1`): the model and its tools stop, too.
  process.stdout.once('error', () => {
    unread = true
    interrupt()
  })
  const tools = await unattendedTools(store, { session, directory }, async () =>
    toolSettings(host, await live(), trust),
  )
  const specs = !provider.isModel ? [] : await tools.specs(stop.signal)
  const { createModelContext } = await import('./context/model-context.ts')
  const seen = createModelContext({
    session,
    trouble: directory.trouble,
    store,
    limits: async () => contextLimits((await live()).settings),
    keptBack,
  })
  const output = answerOutput()
  const onPause = sayPauses((line) => tell(line), store.now)
  const turn = runTurn({
    store,
    session: id,
    provider,
    context: seen.forTurn({ provider, tools: specs }, stop.signal, {
      say: (line) => void tell(line),
      wait: () => {},
      onPause,
    }),
    tools: specs,
    runTool(use) {
      output.endLine()
      return tools.run(use, { signal: stop.signal, interrupt })
    },
    onText: output.write,
    async tell(line) {
      output.endLine()
      tell(line)
    },
    onPause,
    signal: stop.signal,
  })
  const result = await turn.finally(() => tools.close())
  output.endLine()
  if (result.outcome === 'interrupted') return unread ? exitCode.done : exitCode.interrupted
  if (result.outcome === 'failed')
    throw new UserError(result.message, result.hint === undefined ? {} : { hint: result.hint })
  const words = stopWords(result.stopReason)
  if (words !== '') tell(`q: the answer was ${words}`)
  return isCutShort(result.stopReason) ? exitCode.failed : exitCode.done
}

/** How often a request that rests again and again is said to, in ms. */
const sayEvery = 60_000

/** Says the first pause, and then now and then that it still goes on. */
function sayPauses(say: (line: string) => void, now: () => number): OnPause {
  let saidAt = Number.NEGATIVE_INFINITY
  return (pause) => {
    if (!pause || performance.now() - saidAt < sayEvery) return
    saidAt = performance.now()
    say(`q: ${sanitize(pause.message)}`)
    say(`   ${countdown(pause, now())}; Ctrl-C stops`)
  }
}

/** The session's tools where nobody can be asked: what is trusted runs unseen, the rest is said on stderr. */
async function unattendedTools(
  store: Store,
  at: { session: Session; directory: WorkingDirectory },
  settings: () => Promise<ToolSettings>,
): Promise<WorkerTools> {
  const { createTools } = await import('./tools/worker-tools.ts')
  return createTools({
    ...at,
    store,
    reporter: { report: async () => {} },
    terminal: {
      say() {},
      showCall() {},
      stream: () => ({ write() {}, end() {} }),
    },
    approvals: { ask: async () => ({ type: 'ended' }) },
    style: createStyle(false),
    env: process.env,
    settings,
    unattended: (notRun, why) => void tell(`q: not run: ${notRun}\n   ${why}`),
  })
}

/** An untrusted answer on stdout; what is said before a tool and after it are lines of their own. */
function answerOutput(): { write(text: string): void; endLine(): void } {
  const clean = sanitizer()
  let last = '\n'
  const write = (text: string): void => {
    const safe = clean(text)
    print(safe)
    last = safe.at(-1) ?? last
  }
  return {
    write,
    endLine() {
      if (last !== '\n') print('\n')
      last = '\n'
    },
  }
}
