import { describeError } from '../../domain/errors.ts'
import { sanitize } from '../../domain/sanitizer.ts'
import { count } from '../../domain/text.ts'
import { withLock } from '../../root/lock.ts'
import { cleanUpDaily } from '../../sessions/cleanup.ts'
import type { Workspace } from '../../sessions/context.ts'
import { saveEnvironment } from '../../sessions/environment.ts'
import { startWorkspace } from '../../sessions/start.ts'
import { viewSessions } from '../../sessions/view.ts'
import { requireTmuxVersion } from '../../tmux/version.ts'
import type { GlobalArgs } from '../arguments.ts'
import { requireTerminal, showWorkspace, startCommand } from '../show.ts'
import { talk } from '../talk.ts'
import { withWorkspace } from '../with-workspace.ts'
import { tell } from './cleanup.ts'

/** `q mux`: starts the workspace or finds it running, and shows it. */
export async function start(args: GlobalArgs & { detach?: boolean | undefined }): Promise<void> {
  await withWorkspace(args, async (workspace, place) => {
    await requireTmuxVersion(workspace.tmux)
    if (!args.detach && !place.env.TMUX) requireTerminal()
    await saveEnvironment(place.paths.environmentFile, place.env)
    const size = process.stdout.isTTY
      ? { columns: process.stdout.columns, rows: process.stdout.rows }
      : undefined
    const started = await withLock(place, 'start', () =>
      startWorkspace(workspace, { cwd: process.cwd(), size }),
    )
    await cleanUpQuietly(workspace)
    if (!args.detach) return showWorkspace(workspace, place)
    const open = (await viewSessions(workspace)).length
    ;(await talk()).log(
      `workspace ${workspace.name} ${started.running ? 'runs already' : 'runs'}: ${count(open, 'session')}. Go there: ${startCommand(place)}`,
    )
  })
}

/** Once a day, and never in the way of the workspace: it runs already. */
async function cleanUpQuietly(workspace: Workspace): Promise<void> {
  try {
    const cleaned = await cleanUpDaily(workspace)
    if (cleaned && cleaned.gone.length > 0)
      await tell(cleaned, workspace.settings.sessions.cleanup_after_days)
  } catch (error) {
    ;(await talk()).warn(`closed sessions were not cleaned up: ${sanitize(describeError(error))}`)
  }
}
