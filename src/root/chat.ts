import { text as readAll } from 'node:stream/consumers'
import { exitCode, UserError } from '../domain/errors.ts'
import { numberedName, parseName } from '../domain/name.ts'
import { sanitizer } from '../domain/sanitizer.ts'
import type { Session } from '../domain/session.ts'
import { findToResume } from '../sessions/find-any.ts'
import { promptFilesOf } from '../sessions/prompt-files.ts'
import { reopenAsChat } from '../sessions/reopen.ts'
import { type ResumeChoice, resumeChoices } from '../sessions/resume.ts'
import { appendMessage } from '../store/messages.ts'
import { getSession, insertSession, listSessions } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { createNamer } from '../worker/namer.ts'
import { runTurn } from '../worker/turn.ts'
import { findPlace, type Place } from './place.ts'
import { openPlaceStore } from './store.ts'
import { providerOf, systemPrompt, workerMain } from './worker.ts'

export interface ChatRequest {
  prompt: string | undefined
  /** Goes on with a conversation: the newest of that name, or without one the one that is chosen. */
  resume: { name: string | undefined } | undefined
  name: string | undefined
  /** Lets a person choose; undefined when they chose none. */
  choose(chats: ResumeChoice[]): Promise<Session | undefined>
}

/** `q chat`: one conversation in this terminal; with a pipe on standard input, one answer and no decoration. */
export async function chat(request: ChatRequest): Promise<number> {
  const place = await findPlace({ workspace: undefined, socket: undefined }, process.env)
  const store = await openPlaceStore(place, (line) => process.stderr.write(`${line}\n`))
  try {
    const session = request.resume
      ? await sessionToResume(store, request.resume.name, request.choose)
      : await newSession(store, place, request)
    if (session === undefined) return exitCode.interrupted
    if (process.stdin.isTTY && process.stdout.isTTY) {
      return await workerMain(place, store, { session, inWorkspace: false, firstPrompt: request.prompt })
    }
    const piped = process.stdin.isTTY ? '' : await readAll(process.stdin)
    const prompt = [request.prompt, piped.trim() === '' ? undefined : piped]
      .filter((part) => part !== undefined)
      .join('\n\n')
    return await answerOnce(place, store, session, prompt)
  } finally {
    store.close()
  }
}

async function sessionToResume(
  store: Store,
  name: string | undefined,
  choose: ChatRequest['choose'],
): Promise<string | undefined> {
  const all = listSessions(store, { workspace: null, all: true })
  if (name === undefined && all.every((session) => session.messages === 0))
    throw new UserError('there is no conversation to go on with', { hint: 'start one: q chat' })
  const session = name === undefined ? await choose(resumeChoices(store)) : findToResume(name, all)
  if (session) await reopenAsChat(store, session)
  return session?.id
}

async function newSession(store: Store, place: Place, { name }: ChatRequest): Promise<string> {
  const id = crypto.randomUUID()
  const chosen =
    name === undefined ? undefined : parseName(name, place.config.settings.sessions.name_max_length)
  await store.write(() => {
    const names = new Set(listSessions(store, { workspace: null, all: true }).map((session) => session.name))
    insertSession(store, {
      id,
      name: chosen ?? numberedName('Development', (candidate) => names.has(candidate)),
      nameSource: chosen === undefined ? 'auto' : 'user',
      type: 'Development',
      typeSource: 'auto',
      workspace: null,
      cwd: process.cwd(),
    })
  })
  return id
}

async function answerOnce(place: Place, store: Store, id: string, prompt: string): Promise<number> {
  const session = getSession(store, id)
  if (!session || prompt.trim() === '')
    throw new UserError('there is nothing to answer: standard input is empty', { exit: exitCode.usage })
  const files = await promptFilesOf(session, place.env.HOME).attach(prompt)
  await appendMessage(store, id, 'user', [{ type: 'text', text: prompt }, ...files])
  const provide = providerOf(place)
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
