import { UserError } from '../../base/errors.ts'
import { urgencyOf } from '../../domain/session.ts'
import { answerQuestion, openQuestion } from '../../sessions/answer-approval.ts'
import { sessionLines } from '../../sessions/list/session-table.ts'
import { type SessionView, viewSessions } from '../../sessions/list/session-view.ts'
import type { Workspace } from '../../sessions/workspace/workspace-context.ts'
import { getSession } from '../../store/sessions.ts'
import { sanitize } from '../../text/sanitizer.ts'
import { createStyle, wantsColour } from '../../text/style.ts'
import { verdictWords } from '../shown-call.ts'
import type { AlternateScreen } from './alternate-screen.ts'
import { approvalPage } from './approval-page.ts'
import { type Listing, pick } from './picker.ts'

/** Lets a person pick one of the workspace's sessions, and answer those that wait for an approval on the way. */
export async function pickSession(workspace: Workspace): Promise<SessionView | undefined> {
  const style = createStyle(wantsColour(process.stdout, process.env))
  return pick(await listing(), style, { key: 'C-y', run: answer })

  async function listing(news?: string, focus?: string): Promise<Listing<SessionView>> {
    const views = await viewSessions(workspace)
    const lines = sessionLines(views, undefined, workspace.now(), style)
    // Whoever opens the picker looks for one that waits: the most urgent first, then the order of the windows.
    const choices = views
      .map((view, index) => ({ value: view, key: view.name, line: lines[index] ?? '' }))
      .sort((a, b) => rank(a.value) - rank(b.value))
    const next = choices.find(({ value }) => value.waitingFor === 'approval')
    return {
      choices,
      help: `${next ? 'Ctrl-Y answers · ' : ''}type to narrow · ↑↓ · Enter goes there · Esc`,
      none: 'no session matches',
      news,
      focus: focus ?? next?.key,
    }
  }

  async function answer(view: SessionView, screen: AlternateScreen): Promise<Listing<SessionView>> {
    try {
      const session = getSession(workspace.store, view.id)
      if (!session) return await listing()
      const question = await openQuestion(workspace, session)
      const verdict = await approvalPage(screen, session.name, question, style)
      if (!verdict) return await listing(undefined, view.name)
      await answerQuestion(workspace, session, question, verdict)
      const list = await listing(`${session.name}: ${verdictWords(verdict)}`)
      return { ...list, focus: list.focus ?? view.name }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return listing(sanitize(error.message), view.name)
    }
  }
}

/** Waiting ones by urgency and then by how long they wait, the others as they come. */
function rank(view: SessionView): number {
  if (view.status !== 'WaitingForInput' || view.waitingFor === null) return Number.MAX_SAFE_INTEGER
  // No time of this century has so many digits.
  return urgencyOf(view.waitingFor) * 1e14 + view.since
}
