import type { Invocation } from '../../app/invocation.ts'
import { describeError } from '../../base/errors.ts'
import { presentDirectory } from '../../sessions/files/working-directory.ts'
import { viewSessions } from '../../sessions/list/session-view.ts'
import { cleanUpDaily } from '../../sessions/remove-old-sessions.ts'
import { describeRestored, findInTheWay } from '../../sessions/workspace/in-the-way.ts'
import { withLock } from '../../sessions/workspace/lock.ts'
import { requireStaying, type Started, startWorkspace } from '../../sessions/workspace/start-workspace.ts'
import type { Workspace } from '../../sessions/workspace/workspace-context.ts'
import { saveEnvironment } from '../../sessions/workspace/workspace-environment.ts'
import { count } from '../../text/plain-text.ts'
import { sanitize } from '../../text/sanitizer.ts'
import { requireTmuxVersion } from '../../tmux/tmux-version.ts'
import type { GlobalArgs } from '../arguments.ts'
import { question } from '../picker/question.ts'
import { requireTerminal, showWorkspace, startCommand } from '../show.ts'
import { talk } from '../talk.ts'
import { withWorkspace } from '../with-workspace.ts'
import { tell } from './cleanup.ts'

/** `q mux`: starts the workspace or finds it running, and shows it. */
export async function start(
  args: GlobalArgs & { detach?: boolean | undefined; 'take-over'?: boolean | undefined },
): Promise<void> {
  const verb = async (workspace: Workspace, invocation: Invocation): Promise<void> => {
    if (!args.detach && !invocation.env.TMUX) requireTerminal()
    await Promise.all([
      requireTmuxVersion(workspace.tmux),
      saveEnvironment(invocation.paths.environmentFile, invocation.env),
    ])
    const takeOver = args['take-over'] === true || (await offerPlace(workspace))
    const size = process.stdout.isTTY
      ? { columns: process.stdout.columns, rows: process.stdout.rows }
      : undefined
    const shown = Promise.withResolvers<void>()
    // A terminal that goes away meanwhile does not leave half a workspace behind.
    const outlive = (): void => {}
    process.on('SIGHUP', outlive)
    const starting = withLock(invocation, 'start', () =>
      startWorkspace(workspace, { cwd: presentDirectory, size, takeOver, shown: shown.resolve }),
    ).finally(() => process.off('SIGHUP', outlive))
    if (!args.detach) {
      await Promise.race([shown.promise, starting])
      // The user is in while the rest comes up; what there is to say of it is said once the terminal is free again.
      const cleaning = starting.then(() => cleanUpQuietly(workspace))
      const [cleaned, seen] = await Promise.allSettled([cleaning, showWorkspace(workspace, invocation)])
      if (cleaned.status === 'rejected') throw cleaned.reason
      if (seen.status === 'rejected') throw seen.reason
      await tellNames(workspace, await starting)
      return cleaned.value()
    }
    const started = await starting
    await requireStaying(workspace, started)
    await tellNames(workspace, started)
    await (await cleanUpQuietly(workspace))()
    const open = (await viewSessions(workspace)).length
    ;(await talk()).log(
      `workspace ${workspace.name} ${started.running ? 'runs already' : 'runs'}: ${count(open, 'session')}. Go there: ${startCommand(invocation)}`,
    )
  }
  await withWorkspace(args, verb, { replaces: !args.detach })
}

/**
 * Whether the user wants the workspace in place of what a tmux plugin restored of it: asked on a terminal, where there is
 * such a thing. Elsewhere, and after a no, the start itself says what stands in the way.
 */
async function offerPlace(workspace: Workspace): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false
  const found = await findInTheWay(workspace)
  if (!found || found.restored.length === 0) return false
  const { name } = workspace
  await talk().then(({ log }) =>
    log(
      `There is a tmux session "${name}" that q mux did not make: ${describeRestored(found.restored)}. The workspace can take its invocation: it is renamed to ${name}-restored then, and nothing in it ends.`,
    ),
  )
  return /^y(es)?$/i.test((await question('Take its place? [y/N] ')).trim())
}

/** What tmux calls things, where that is not what the user would think. */
async function tellNames({ name }: Workspace, { running, called, setAside }: Started): Promise<void> {
  const { log } = await talk()
  if (setAside !== undefined) log(`the tmux session "${name}" that was there is called "${setAside}" now`)
  if (!running && called !== name)
    log(`tmux calls the workspace ${name} "${called}": another workspace was renamed to "${name}"`)
}

/** Once a day, and never in the way of the workspace: it runs already. Returns how to say what was done. */
async function cleanUpQuietly(workspace: Workspace): Promise<() => Promise<void>> {
  try {
    const cleaned = await cleanUpDaily(workspace)
    const days = workspace.settings.sessions.cleanup_after_days
    return async () => {
      if (cleaned && cleaned.gone.length > 0) await tell(cleaned, days)
    }
  } catch (error) {
    return async () => {
      ;(await talk()).warn(`closed sessions were not cleaned up: ${sanitize(describeError(error))}`)
    }
  }
}
