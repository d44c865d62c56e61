import { exitCode, UserError } from '../domain/errors.ts'
import { sanitizer } from '../domain/sanitizer.ts'
import type { Session } from '../domain/session.ts'
import { promptFilesOf } from '../sessions/prompt-files.ts'
import { thisProcess } from '../status/process.ts'
import { appendMessage } from '../store/messages.ts'
import { releaseSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { createNamer } from '../worker/namer.ts'
import { runTurn } from '../worker/turn.ts'
import type { Place } from './place.ts'
import { claim, providerOf, systemPrompt } from './worker.ts'

/**
 * One prompt and its answer on stdout, without decoration.
 * @throws UserError when the conversation is open elsewhere, or the turn failed
 */
export async function answerOnce(place: Place, store: Store, id: string, prompt: string): Promise<number> {
  const me = thisProcess()
  const session = await claim(store, id, me)
  try {
    return await answer(place, store, session, prompt)
  } finally {
    await releaseSession(store, id, me)
  }
}

async function answer(place: Place, store: Store, session: Session, prompt: string): Promise<number> {
  const { id } = session
  const files = await promptFilesOf(session, place.env.HOME).attach(prompt)
  await appendMessage(store, id, 'user', [{ type: 'text', text: prompt }, ...files])
  const provide = providerOf(place, () => session.model ?? undefined)
  const { auto_generate_names: naming, name_max_length: maxLength } = place.config.settings.sessions
  if (naming) {
    await createNamer({
      session: id,
      store,
      maxLength,
      withModel: false,
      provider: provide,
      named: async () => {},
    })()
  }
  const { provider, notice } = await provide()
  if (notice) process.stderr.write(`${notice}\n`)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const clean = sanitizer()
  let last = '\n'
  const result = await runTurn({
    store,
    session: id,
    provider,
    system: systemPrompt(session),
    tools: [],
    runTool: async (use) => ({ content: `There is no tool ${use.name} here.`, status: 'error' }),
    onText(text) {
      const safe = clean(text)
      process.stdout.write(safe)
      last = safe.at(-1) ?? last
    },
    signal: stop.signal,
  })
  if (last !== '\n') process.stdout.write('\n')
  if (result.outcome === 'interrupted') return exitCode.interrupted
  if (result.outcome === 'failed')
    throw new UserError(result.message, result.hint === undefined ? {} : { hint: result.hint })
  return exitCode.done
}
