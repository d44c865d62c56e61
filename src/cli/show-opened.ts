import type { Invocation } from '../app/invocation.ts'
import type { Session } from '../domain/session.ts'
import { nowMeansAnother } from '../domain/session-name.ts'
import { goToSession } from '../sessions/go-to-session.ts'
import { viewSessions } from '../sessions/list/session-view.ts'
import type { Workspace } from '../sessions/workspace/workspace-context.ts'
import { getSession } from '../store/sessions.ts'
import { jsonLine, print } from '../text/print.ts'
import { showSession } from './show.ts'
import { talk } from './talk.ts'

interface Wishes {
  /** Stay where the user is. */
  background?: boolean | undefined
  json?: boolean | undefined
}

/** Goes to a session that was just opened, or says its name; with `json`, what `q mux list --json` says of it. */
export async function showOpened(
  workspace: Workspace,
  invocation: Invocation,
  session: Session,
  { background, json }: Wishes,
): Promise<void> {
  if (!background) await goToSession(workspace, session)
  if (json) print(`${jsonLine(await viewOf(workspace, session))}\n`)
  const said = json ? '' : `${session.name}\n`
  if (background) print(said)
  else await showSession(workspace, invocation, said)
}

/** A name that one session has now and that meant another, called `before`, until then: whoever keeps names is told. */
export async function sayWhomItMeant(name: string, before: Session | undefined): Promise<void> {
  if (before) (await talk()).log(nowMeansAnother(name, before.name))
}

async function viewOf(workspace: Workspace, { id, name }: Session) {
  const session = getSession(workspace.store, id)
  const [view] = session ? await viewSessions(workspace, [session]) : []
  if (view) return view
  throw new Error(`${name} is not in the store`)
}
