import { UserError } from '../base/errors.ts'
import type { Verdict } from '../domain/approval.ts'
import type { Session } from '../domain/session.ts'
import type { Liveness } from '../status/process-identity.ts'
import { readStatus } from '../status/status-files.ts'
import { wakeWorker, workerLinkPath } from '../status/worker-link.ts'
import {
  dropQuestion,
  giveVerdict,
  isOverruled,
  type OpenQuestion,
  questionStands,
  readQuestion,
  takeBackVerdict,
  verdictLasts,
} from '../store/approvals.ts'
import { getSession } from '../store/sessions.ts'
import { type SessionView, viewSessions } from './list/session-view.ts'
import type { Workspace } from './workspace/workspace-context.ts'

/** How long a worker gets to take a verdict, in ms. */
const timeoutMs = 5000
/** How long its status file gets to say that it goes on, in ms. */
const settling = 500
const every = 20

type AnswerContext = Pick<Workspace, 'store' | 'paths' | 'processes' | 'sleep'>

/** What a session asks permission for. @throws UserError when it asks nothing, with what it does instead */
export async function openQuestion(workspace: Workspace, session: Session): Promise<OpenQuestion> {
  let question = readQuestion(workspace.store, session.id)
  if (!question) {
    // It may have been answered in this moment.
    await goesOn(workspace, session.id)
    question = readQuestion(workspace.store, session.id)
  }
  if (question && liveness(workspace, session.id) === 'alive') return question
  const view = (await viewSessions(workspace)).find(({ id }) => id === session.id)
  throw notAsking(session, view)
}

/**
 * Answers exactly this question, and resolves when the session's worker has taken the answer. One that it does not take is
 * taken back: nothing is approved that runs at some later time.
 * @throws UserError when it was answered meanwhile, or its worker ended
 */
export async function answerQuestion(
  workspace: AnswerContext,
  session: Session,
  question: OpenQuestion,
  verdict: Verdict,
): Promise<void> {
  const { store } = workspace
  const asker = getSession(store, session.id)?.owner
  if (!(await giveVerdict(store, question.id, verdict))) throw answeredThere(session)
  const path = workerLinkPath(workspace.paths.workersDir, session.id)
  const overruled = (): boolean => verdict.type !== 'decline' && isOverruled(store, question.id)
  const taken = (): boolean => overruled() || !questionStands(store, question.id)
  const began = performance.now()
  let heard = false
  while (performance.now() - began < timeoutMs && !taken()) {
    if (liveness(workspace, session.id) === 'gone') break
    if (!heard) heard = await wakeWorker(path)
    await workspace.sleep(every)
  }
  if (overruled()) {
    await store.write(() => dropQuestion(store, question.id))
    throw answeredThere(session)
  }
  if (await takeBackVerdict(store, question.id))
    throw new UserError(`${session.name} did not take the answer: it was taken back`, {
      hint: `look what it does: q mux switch ${session.name}`,
    })
  if (performance.now() - began > verdictLasts)
    throw new UserError(`${session.name} was slow to take the answer, perhaps too slow for it to count`, {
      hint: `look what it does: q mux switch ${session.name}`,
    })
  const owner = getSession(store, session.id)?.owner
  if (owner && (owner.pid !== asker?.pid || owner.startTime !== asker.startTime))
    throw new UserError(`${session.name} was restarted meanwhile and no longer asks`, {
      hint: 'say "go on" there, and it asks again',
    })
  await goesOn(workspace, session.id)
}

/** Until its status says so too: whoever lists sessions next sees what is true. */
async function goesOn({ store, paths, sleep }: AnswerContext, id: string): Promise<void> {
  for (let waited = 0; waited < settling; waited += every) {
    const parsed = readStatus(paths.statusDir, id)
    if (!parsed?.ok || parsed.status.waitingFor !== 'approval' || readQuestion(store, id)) return
    await sleep(every)
  }
}

function liveness({ store, processes }: Pick<Workspace, 'store' | 'processes'>, id: string): Liveness {
  const owner = getSession(store, id)?.owner
  return owner ? processes.livenessOf(owner) : 'gone'
}

function answeredThere(session: Session): UserError {
  return new UserError(`the question of ${session.name} was answered there already`, {
    hint: `see what it does: q mux switch ${session.name}`,
  })
}

function notAsking(session: Session, view: SessionView | undefined): UserError {
  return new UserError(`${session.name} does not wait for an approval: ${doing(view)}`, {
    hint:
      view?.status === 'Paused'
        ? `bring it back: q mux switch ${session.name}`
        : 'see which ones do: q mux list',
  })
}

function doing(view: SessionView | undefined): string {
  if (!view) return 'it is closed'
  const detail = view.detail === '' ? '' : ` (${view.detail})`
  if (view.pid === null && view.status !== 'WaitingForInput') return `no program runs in it${detail}`
  if (view.detail.startsWith('frozen')) return `its program is ${view.detail}`
  if (view.waitingFor === 'approval') return `what it asks can be answered in its window only${detail}`
  if (view.waitingFor === 'error') return `it waits after an error${detail}`
  if (view.waitingFor === 'input') return 'it waits for your next prompt'
  if (view.status === 'Processing') return `it is answering${detail}`
  // Displayed and without a reason to wait: new, or answering before somebody's eyes.
  return view.messages === 0 ? 'nothing was said in it yet' : `it is answering${detail}`
}
