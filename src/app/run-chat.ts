import { exitCode, UserError } from '../base/errors.ts'
import { parseModelChoice } from '../config/checks/model-choice.ts'
import type { Session } from '../domain/session.ts'
import { nowMeansAnother, numberedName, parseName } from '../domain/session-name.ts'
import { presentDirectory } from '../sessions/files/working-directory.ts'
import { findToResume } from '../sessions/list/find-session.ts'
import { reopenAsChat } from '../sessions/reopen-session.ts'
import { type ResumeChoice, resumeChoices } from '../sessions/resume-session.ts'
import { borneNames } from '../store/borne-names.ts'
import { insertSession, meantBefore, setSessionModel } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { readStandardInput } from '../terminal/standard-input.ts'
import { tell } from '../text/print.ts'
import { answerOnce } from '../worker/answer-once.ts'
import type { Trusted } from '../worker/live/session-settings.ts'
import { checkRule } from '../worker/tools/check-rule.ts'
import { type Invocation, readInvocation } from './invocation.ts'
import { workerMain } from './run-worker.ts'
import { openSharedStore } from './shared-store.ts'

export interface ChatRequest {
  prompt: string | undefined
  /** Goes on with a conversation: the newest of that name, or without one the one that is chosen. */
  resume: { name: string | undefined } | undefined
  name: string | undefined
  /** The id of the model that answers, kept with the conversation; `default` goes back to the configuration's. */
  model?: string | undefined
  /** Answers as raw text, in a terminal too. */
  plain?: boolean
  trust?: Trusted | undefined
  /** Lets a person choose; undefined when they chose none. `now`: ms since the epoch. */
  choose(chats: ResumeChoice[], now: number): Promise<Session | undefined>
}

/** `q chat`: one conversation in this terminal; with a pipe on standard input, one answer and no decoration. */
export async function chat(request: ChatRequest): Promise<number> {
  const invocation = await readInvocation({ workspace: undefined, socket: undefined }, process.env)
  await checkTrust(request.trust)
  const store = await openSharedStore(invocation, (line) => tell(line))
  try {
    const interactive = process.stdin.isTTY && process.stdout.isTTY
    const model = request.model === undefined ? undefined : parseModelChoice(request.model)
    const resumed =
      request.resume && (await sessionToResume(store, invocation, request.resume.name, request.choose))
    if (request.resume && resumed === undefined) return exitCode.interrupted
    const whole = interactive ? undefined : await wholePrompt(request.prompt)
    const session = resumed ?? (await newSession(store, invocation, request))
    if (model !== undefined) await setSessionModel(store, session, model)
    if (whole) return await answerOnce(invocation, store, { session, ...whole, trust: request.trust })
    return await workerMain(invocation, store, {
      session,
      inWorkspace: false,
      firstPrompt: request.prompt,
      plain: request.plain,
      trust: request.trust,
    })
  } finally {
    store.close()
  }
}

/** @throws UserError (exit 2) for a rule that is none */
async function checkTrust(trust: Trusted | undefined): Promise<void> {
  for (const rule of trust?.rules ?? []) {
    const wrong = await checkRule(rule, 'allow')
    if (wrong)
      throw new UserError(`--trust-tools: ${wrong.words}`, {
        exit: exitCode.usage,
        ...(wrong.hint && { hint: wrong.hint }),
      })
  }
}

/** What was said on the command line, and what is piped in below it. @throws UserError when both are empty */
async function wholePrompt(said: string | undefined): Promise<{ prompt: string; piped: boolean }> {
  const piped = process.stdin.isTTY ? '' : await readStandardInput(process.stdin)
  const prompt = [said ?? '', piped].filter((part) => part.trim() !== '').join('\n\n')
  if (prompt !== '') return { prompt, piped: piped.trim() !== '' }
  throw new UserError('there is nothing to answer: standard input is empty', { exit: exitCode.usage })
}

async function sessionToResume(
  store: Store,
  { processes }: Invocation,
  name: string | undefined,
  choose: ChatRequest['choose'],
): Promise<string | undefined> {
  const session =
    name === undefined
      ? await choose(resumeChoices(store, processes), store.now())
      : findToResume(store, name)
  if (session) await reopenAsChat(store, session)
  return session?.id
}

async function newSession(store: Store, invocation: Invocation, { name }: ChatRequest): Promise<string> {
  const id = crypto.randomUUID()
  const chosen =
    name === undefined ? undefined : parseName(name, invocation.config.settings.sessions.name_max_length)
  const before = await store.write(() => {
    const meant = chosen === undefined ? undefined : meantBefore(store, chosen, null)
    insertSession(store, {
      id,
      name: chosen ?? numberedName('Development', borneNames(store, null)),
      nameSource: chosen === undefined ? 'auto' : 'user',
      type: 'Development',
      typeSource: 'auto',
      workspace: null,
      cwd: presentDirectory(),
    })
    return meant
  })
  if (chosen !== undefined && before) tell(nowMeansAnother(chosen, before.name))
  return id
}
