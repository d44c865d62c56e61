import { bad, type Finding, note, ok, problem } from '../domain/finding.ts'
import { count } from '../domain/text.ts'
import { readAllStatuses } from '../status/files.ts'
import { livenessOf } from '../status/process.ts'
import { getSession } from '../store/sessions.ts'
import { isOurs, keyActions, sharedKeys } from '../tmux/keys.ts'
import { cornerFormat } from '../tmux/status-line.ts'
import { oldestTmux, requireTmuxVersion } from '../tmux/version.ts'
import { target } from '../tmux/windows.ts'
import type { Workspace } from './context.ts'
import { findController } from './controller-file.ts'
import { examineNotify } from './examine-notify.ts'
import { exists } from './start.ts'
import { readViewIfRunning } from './view.ts'

/** Looks at tmux, the workspace in it and its workers, for `q mux doctor`. */
export async function* examineWorkspace(workspace: Workspace): AsyncGenerator<Finding> {
  try {
    yield ok('tmux', `${await requireTmuxVersion(workspace.tmux)} (needs ${oldestTmux})`)
    if (!(await exists(workspace)))
      yield note('workspace', `${workspace.name} does not run`, 'start it: q mux')
    else {
      const socket = await workspace.tmux.run(['display-message', '-p', '#{socket_path}'])
      yield ok('workspace', `${workspace.name} runs on ${socket}`)
      yield controller(workspace)
      yield await statusLine(workspace)
      yield* keys(workspace)
      yield* examineNotify(workspace)
    }
    yield* windows(workspace)
  } catch (error) {
    yield problem('tmux', error)
  }
  yield* workers(workspace)
}

function controller(workspace: Workspace): Finding {
  const found = findController(workspace)
  if (!found) return bad('controller', 'does not run: the corner stands still', 'q mux --detach starts it')
  if (livenessOf(found) === 'frozen') {
    return bad('controller', `process ${found.pid} is frozen`, `kill -CONT ${found.pid}`)
  }
  return ok('controller', `process ${found.pid}`)
}

async function statusLine(workspace: Workspace): Promise<Finding> {
  const { indicator_position, indicator_layout, show_session_indicator } = workspace.settings.ui
  if (!show_session_indicator) {
    return note('status line', 'the corner is switched off', 'q config set ui.show_session_indicator true')
  }
  if (indicator_layout === 'stacked') return ok('status line', 'stacked')
  const option = indicator_position.endsWith('left') ? 'status-left' : 'status-right'
  const value = await workspace.tmux.run(['show-options', '-v', '-t', target(workspace.name), option])
  if (value.startsWith(cornerFormat)) return ok('status line', `the corner stands before your own ${option}`)
  const detail = `something replaced the workspace's ${option}, so the corner is not shown`
  return bad('status line', detail, 'look for a plugin that sets it, then: q mux stop, q mux')
}

async function* keys(workspace: Workspace): AsyncGenerator<Finding> {
  const wanted = keyActions.map((action) => workspace.settings.keys[action]).filter((key) => key !== '')
  const lost: string[] = []
  for (const key of wanted) if (!(await isOurs(workspace.tmux, key))) lost.push(key)
  if (lost.length === 0) yield ok('keys', `prefix ${wanted.join(', ')}`)
  else {
    const advice = 'was your tmux configuration loaded again? q mux binds them anew'
    yield bad('keys', `not bound any more: prefix ${lost.join(', ')}`, advice)
  }
  const shared = sharedKeys(await workspace.keyFiles.load())
  if (shared.length === 0) return
  const detail = `shared with your own bindings, which work outside the workspace: prefix ${shared.join(', ')}`
  yield note('keys', detail, 'choose others: q config set keys.next_waiting C-a')
}

async function* windows(workspace: Workspace): AsyncGenerator<Finding> {
  const shown = (await readViewIfRunning(workspace))?.windows ?? []
  const strays = shown.filter(({ session }) => session !== '' && !getSession(workspace.store, session))
  if (strays.length === 0) return
  const names = strays.map((window) => `${window.index}:${window.name}`).join(', ')
  yield note('windows', `without a session in the store: ${names}`, 'close them: prefix &')
}

async function* workers(workspace: Workspace): AsyncGenerator<Finding> {
  const directory = workspace.paths.statusDir
  const { statuses, problems } = readAllStatuses(directory)
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
