import { findController } from '../sessions/workspace/controller-file.ts'
import { findInTheWay } from '../sessions/workspace/in-the-way.ts'
import { findRunning, viewRunning } from '../sessions/workspace/workspace.ts'
import type { Workspace } from '../sessions/workspace/workspace-context.ts'
import { readAllStatuses } from '../status/status-files.ts'
import { getSession } from '../store/sessions.ts'
import { count } from '../text/plain-text.ts'
import { cornerFormat, showsCorner } from '../tmux/status-line.ts'
import { leftKeys, lostKeys, sharedKeys, wantedKeys } from '../tmux/tmux-keys.ts'
import { oldestTmux, requireTmuxVersion } from '../tmux/tmux-version.ts'
import { readUserStatus } from '../tmux/user-status.ts'
import { readOption, readRestlessTitles, serverOf } from '../tmux/verbs.ts'
import { examineNotify } from './examine-notify.ts'
import { bad, type Finding, note, ok, problem } from './finding.ts'

/** Looks at tmux, the workspace in it and its workers, for `q mux doctor`. */
export async function* examineWorkspace(workspace: Workspace): AsyncGenerator<Finding> {
  try {
    yield ok('tmux', `${await requireTmuxVersion(workspace.tmux)} (needs ${oldestTmux})`)
    const running = await findRunning(workspace)
    if (!running) yield await notRunning(workspace)
    else {
      const { socket } = await serverOf(workspace.tmux)
      yield ok('workspace', `${workspace.name} runs on ${socket}`)
      yield controller(workspace)
      yield await statusLine(workspace, running.id)
      yield* keys(workspace)
      yield* titles(workspace)
      yield* examineNotify(workspace, running.id)
    }
    yield* windows(workspace)
  } catch (error) {
    yield problem('tmux', error)
  }
  yield* workers(workspace)
}

async function notRunning(workspace: Workspace): Promise<Finding> {
  const detail = `${workspace.name} does not run`
  const found = await findInTheWay(workspace)
  if (!found) return note('workspace', detail, 'start it: q mux')
  return note(
    'workspace',
    `${detail}, and a tmux session has its name`,
    'see docs/tmux.md: q mux --take-over',
  )
}

function controller(workspace: Workspace): Finding {
  const found = findController(workspace)
  if (!found) return bad('controller', 'does not run: the corner stands still', 'q mux --detach starts it')
  if (workspace.processes.livenessOf(found) === 'frozen') {
    return bad('controller', `process ${found.pid} is frozen`, `kill -CONT ${found.pid}`)
  }
  return ok('controller', `process ${found.pid}`)
}

async function statusLine(workspace: Workspace, session: string): Promise<Finding> {
  const { indicator_position, indicator_layout, show_session_indicator } = workspace.settings.ui
  if (!show_session_indicator) {
    return note('status line', 'the corner is switched off', 'q config set ui.show_session_indicator true')
  }
  if (indicator_layout === 'stacked') return ok('status line', 'stacked')
  const option = indicator_position.endsWith('left') ? 'status-left' : 'status-right'
  const value = await readOption(workspace.tmux, 'session', session, option)
  if (!value.startsWith(cornerFormat)) {
    const detail = `something replaced the workspace's ${option}, so the corner is not shown`
    return bad('status line', detail, 'look for a plugin that sets it, then: q mux stop, q mux')
  }
  if (showsCorner(await readUserStatus(workspace.tmux), option))
    return ok('status line', `the corner stands before your own ${option}`)
  const detail = `your own status-format shows no ${option}, so the corner cannot be seen`
  return bad('status line', detail, 'write #{E:@q_corner} into it, where the corner is to stand')
}

async function* keys(workspace: Workspace): AsyncGenerator<Finding> {
  const saved = await workspace.keyFiles.load()
  const left = leftKeys(workspace.settings.keys, saved)
  const bound = wantedKeys(workspace.settings.keys).filter((key) => !left.includes(key))
  const lost = await lostKeys(workspace.tmux, workspace.settings.keys, workspace.keyFiles)
  if (lost.length === 0) yield ok('keys', `prefix ${bound.join(', ')}`)
  else {
    const cause = 'was your tmux configuration loaded again? q mux binds them again'
    yield bad('keys', `not bound any more: prefix ${lost.join(', ')}`, cause)
  }
  const advice = 'choose others: q config set keys.next_waiting C-a'
  if (left.length > 0) {
    const detail = `left to you, because tmux cannot read back what they do: prefix ${left.join(', ')}`
    yield note('keys', detail, advice)
  }
  const shared = sharedKeys(saved)
  if (shared.length === 0) return
  const detail = `shared with your own bindings, which work outside the workspace: prefix ${shared.join(', ')}`
  yield note('keys', detail, advice)
}

async function* titles(workspace: Workspace): AsyncGenerator<Finding> {
  const restless = await readRestlessTitles(workspace.tmux)
  if (restless.length === 0) return
  const detail = `a program renames them again and again, which their sessions do not follow: ${restless.join(', ')}`
  yield note('titles', detail, 'name the session: q mux rename NAME NEW')
}

async function* windows(workspace: Workspace): AsyncGenerator<Finding> {
  const view = await viewRunning(workspace)
  const strays = view?.panes.filter(({ session }) => !getSession(workspace.store, session)) ?? []
  if (strays.length === 0) return
  const windows = view?.windows.filter(({ id }) => strays.some(({ window }) => window === id)) ?? []
  const names = windows.map(({ index, name }) => `${index}:${name}`).join(', ')
  yield note('windows', `without a session in the store: ${names}`, 'close them: prefix &')
}

async function* workers(workspace: Workspace): AsyncGenerator<Finding> {
  const directory = workspace.paths.statusDir
  const { statuses, problems } = readAllStatuses(directory)
  const livenessOf = workspace.processes.livenessAmong([...statuses.values()])
  const live = [...statuses.values()].map((status) => ({ status, liveness: livenessOf(status) }))
  const dead = live.filter(({ status, liveness }) => liveness === 'gone' && status.state !== 'exited')
  const frozen = live.filter(({ liveness }) => liveness === 'frozen')
  for (const { file, problem } of problems) {
    yield note('status files', `${file} is skipped: ${problem}`, `rm ${directory}/${file}`)
  }
  for (const { status } of frozen) {
    yield bad('workers', `${status.name}, process ${status.pid}, is frozen`, `kill -CONT ${status.pid}`)
  }
  for (const { status } of dead) {
    yield note('workers', `the worker of ${status.name} died`, `bring it back: q mux switch ${status.name}`)
  }
  const alive = live.filter(({ liveness }) => liveness === 'alive').length
  if (dead.length + frozen.length === 0) yield ok('workers', count(alive, 'worker'))
}
