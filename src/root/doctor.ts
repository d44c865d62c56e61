import { describeError, UserError } from '../domain/errors.ts'
import { count } from '../domain/text.ts'
import { checkModel } from '../provider/check-model.ts'
import type { Workspace } from '../sessions/context.ts'
import { findController } from '../sessions/describe.ts'
import { exists } from '../sessions/start.ts'
import { readViewIfRunning } from '../sessions/view.ts'
import { readAllStatuses } from '../status/files.ts'
import { livenessOf } from '../status/process.ts'
import { listSessions } from '../store/sessions.ts'
import { TmuxError } from '../tmux/door.ts'
import { isOurs, keyActions, sharedKeys } from '../tmux/keys.ts'
import { cornerFormat } from '../tmux/setup.ts'
import { oldestTmux, requireTmuxVersion } from '../tmux/version.ts'
import { target } from '../tmux/windows.ts'
import { modelSettings } from './model.ts'
import { findPlace, type Place, type Selection } from './place.ts'
import { openPlaceStore } from './store.ts'
import { makeWorkspace } from './workspace.ts'

/** One line of `q mux doctor`. */
export interface Finding {
  /** `note`: works, but worth knowing. */
  level: 'ok' | 'note' | 'bad'
  about: string
  detail: string
  /** What to do. */
  advice?: string | undefined
}

/** Looks at everything that q mux needs, one thing after the other; what is broken does not keep it from going on. */
export async function* examine(
  selection: Selection,
  env: NodeJS.ProcessEnv,
  probe: boolean,
): AsyncGenerator<Finding> {
  yield { level: 'ok', about: 'node', detail: `${process.versions.node} (${process.execPath})` }
  let place: Place
  try {
    place = await findPlace(selection, env)
    yield { level: 'ok', about: 'config', detail: place.config.file }
  } catch (error) {
    yield problem('config', error)
    return
  }
  try {
    const store = await openPlaceStore(place, () => {})
    const check = store.db.pragma('integrity_check', { simple: true })
    const all = listSessions(store, { workspace: place.name, all: true })
    yield check === 'ok'
      ? {
          level: 'ok',
          about: 'store',
          detail: `${place.paths.database}, ${count(all.length, 'conversation')}`,
        }
      : {
          level: 'bad',
          about: 'store',
          detail: `${place.paths.database} is damaged: ${String(check)}`,
          advice: `copy it away, then: sqlite3 ${place.paths.database} .recover`,
        }
    yield* examineTmux(makeWorkspace(place, store))
    store.close()
  } catch (error) {
    yield problem('store', error)
  }
  yield* examineModel(place, probe)
}

async function* examineTmux(workspace: Workspace): AsyncGenerator<Finding> {
  try {
    yield {
      level: 'ok',
      about: 'tmux',
      detail: `${await requireTmuxVersion(workspace.tmux)} (needs ${oldestTmux})`,
    }
    if (!(await exists(workspace))) {
      yield {
        level: 'note',
        about: 'workspace',
        detail: `${workspace.name} does not run`,
        advice: 'start it: q mux',
      }
      yield* orphans(workspace, new Set())
      return
    }
    const socket = await workspace.tmux.run(['display-message', '-p', '#{socket_path}'])
    yield { level: 'ok', about: 'workspace', detail: `${workspace.name} runs on ${socket}` }
    yield controller(workspace)
    yield await statusLine(workspace)
    yield* keys(workspace)
    const windows = (await readViewIfRunning(workspace))?.windows ?? []
    yield* orphans(
      workspace,
      new Set(windows.map((window) => window.session).filter((session) => session !== '')),
    )
  } catch (error) {
    yield problem('tmux', error)
  }
}

function controller(workspace: Workspace): Finding {
  const found = findController(workspace)
  if (!found)
    return {
      level: 'bad',
      about: 'controller',
      detail: 'does not run: the corner stands still',
      advice: 'q mux --detach starts it',
    }
  if (livenessOf(found) === 'frozen')
    return {
      level: 'bad',
      about: 'controller',
      detail: `process ${found.pid} is frozen`,
      advice: `kill -CONT ${found.pid}`,
    }
  return { level: 'ok', about: 'controller', detail: `process ${found.pid}` }
}

async function statusLine(workspace: Workspace): Promise<Finding> {
  const { indicator_position, indicator_layout, show_session_indicator } = workspace.settings.ui
  if (!show_session_indicator)
    return {
      level: 'note',
      about: 'status line',
      detail: 'the corner is switched off',
      advice: 'q config set ui.show_session_indicator true',
    }
  if (indicator_layout === 'stacked') return { level: 'ok', about: 'status line', detail: 'stacked' }
  const option = indicator_position.endsWith('left') ? 'status-left' : 'status-right'
  const value = await workspace.tmux.run(['show-options', '-v', '-t', target(workspace.name), option])
  return value.startsWith(cornerFormat)
    ? { level: 'ok', about: 'status line', detail: `the corner stands before your own ${option}` }
    : {
        level: 'bad',
        about: 'status line',
        detail: `something replaced the workspace's ${option}, so the corner is not shown`,
        advice: 'look for a plugin that sets it, then: q mux',
      }
}

async function* keys(workspace: Workspace): AsyncGenerator<Finding> {
  const wanted = workspace.settings.keys
  const lost: string[] = []
  for (const action of keyActions)
    if (wanted[action] !== '' && !(await isOurs(workspace.tmux, wanted[action]))) lost.push(wanted[action])
  if (lost.length > 0) {
    yield {
      level: 'bad',
      about: 'keys',
      detail: `not bound any more: prefix ${lost.join(', ')}`,
      advice: 'your tmux configuration was loaded again? q mux binds them anew',
    }
  } else
    yield {
      level: 'ok',
      about: 'keys',
      detail: `prefix ${keyActions
        .map((action) => wanted[action])
        .filter(Boolean)
        .join(', ')}`,
    }
  const shared = sharedKeys(await workspace.keyFiles.load())
  if (shared.length > 0) {
    yield {
      level: 'note',
      about: 'keys',
      detail: `shared with your own tmux bindings: prefix ${shared.join(', ')} (yours work outside the workspace)`,
      advice: 'choose others: q config set keys.next_waiting C-a',
    }
  }
}

/** Windows without a session in the store, and status files without a living process. */
async function* orphans(workspace: Workspace, windows: ReadonlySet<string>): AsyncGenerator<Finding> {
  const known = new Set(
    listSessions(workspace.store, { workspace: workspace.name, all: true }).map((session) => session.id),
  )
  const strays = [...windows].filter((session) => !known.has(session))
  if (strays.length > 0)
    yield {
      level: 'note',
      about: 'windows',
      detail: `${count(strays.length, 'window')} without a session in the store`,
      advice: 'close them with the prefix and &',
    }
  const { statuses, problems } = readAllStatuses(workspace.paths.statusDir)
  for (const { file, problem } of problems)
    yield {
      level: 'note',
      about: 'status files',
      detail: `${file} is skipped: ${problem}`,
      advice: `rm ${workspace.paths.statusDir}/${file}`,
    }
  const dead = [...statuses.values()].filter(
    (status) => status.state !== 'exited' && livenessOf(status) === 'gone',
  )
  const frozen = [...statuses.values()].filter((status) => livenessOf(status) === 'frozen')
  for (const status of frozen)
    yield {
      level: 'bad',
      about: 'workers',
      detail: `${status.name}, process ${status.pid}, is frozen`,
      advice: `kill -CONT ${status.pid}`,
    }
  if (dead.length > 0)
    yield {
      level: 'note',
      about: 'workers',
      detail: `died: ${dead.map((status) => status.name).join(', ')}`,
      advice: `bring one back: q mux switch ${dead[0]?.name}`,
    }
  if (problems.length + dead.length + frozen.length + strays.length === 0)
    yield { level: 'ok', about: 'status files', detail: count(statuses.size, 'worker') }
}

async function* examineModel(place: Place, probe: boolean): AsyncGenerator<Finding> {
  const settings = modelSettings(place.config.settings)
  if (settings.provider === 'guide') {
    yield {
      level: 'note',
      about: 'model',
      detail: 'the built-in guide, which is not a model',
      advice: 'q config set model.provider auto',
    }
    return
  }
  for (const fact of await checkModel(settings, place.env, { probe })) {
    yield {
      level: fact.ok ? 'ok' : fact.name === 'credentials' && settings.provider === 'auto' ? 'note' : 'bad',
      about: fact.name,
      detail: fact.detail,
      advice: fact.hint,
    }
  }
}

function problem(about: string, error: unknown): Finding {
  if (error instanceof UserError) return { level: 'bad', about, detail: error.message, advice: error.hint }
  if (error instanceof TmuxError && error.noServer)
    return { level: 'note', about, detail: 'no tmux server runs', advice: 'start the workspace: q mux' }
  return { level: 'bad', about, detail: describeError(error) }
}
