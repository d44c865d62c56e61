import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureRuntime } from '../config/directories.ts'
import { loadConfig } from '../config/load.ts'
import type { Settings } from '../config/settings.ts'
import { type ControllerParts, runController } from '../controller/controller.ts'
import type { Layout } from '../controller/options.ts'
import { windowOf } from '../controller/waiting.ts'
import { countedLog } from '../domain/counted-log.ts'
import { describeError } from '../domain/errors.ts'
import { tell } from '../domain/print.ts'
import type { WorkerStatus } from '../domain/status.ts'
import { controllerFile, findController, recordController } from '../sessions/controller-file.ts'
import { restingStatus } from '../sessions/resting.ts'
import { UnreachableServer } from '../sessions/server.ts'
import { exists, statusLineOf } from '../sessions/start.ts'
import { otherWorkspaces } from '../sessions/stop.ts'
import { thisProcess } from '../status/process.ts'
import { getSession, setPositions } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { tmuxDoor } from '../tmux/door.ts'
import { installKeys, restoreKeys } from '../tmux/keys.ts'
import { respawnWindow } from '../tmux/new-windows.ts'
import { stackedLines, statusCommands } from '../tmux/status-line.ts'
import { readUserStatus } from '../tmux/user-status.ts'
import { keyFilesOf } from './keys.ts'
import { ownLock } from './lock.ts'
import { type Place, packageFiles } from './place.ts'
import { openPlaceStore } from './store.ts'
import { workerArgv } from './workspace.ts'

/** Runs the workspace's controller, unless one runs: then it ends at once. */
export async function controllerMain(place: Place): Promise<void> {
  const lockFile = join(place.paths.runtimeDir, 'controller.lock')
  let lock = ownLock(lockFile)
  if (!lock) return
  const { write: log, end: endLog } = countedLog(
    (line) => tell(`${new Date().toISOString()} controller ${process.pid}: ${line}`),
    Date.now,
  )
  await recordController(place.paths, thisProcess())
  const tmux = tmuxDoor(place.socket, place.env)
  const store = await openPlaceStore(place, log, Number.POSITIVE_INFINITY)
  let { settings } = place.config
  const parts: ControllerParts = {
    workspace: place.name,
    tmux,
    statusDir: place.paths.statusDir,
    workersDir: place.paths.workersDir,
    layout: () => layoutOf(settings),
    sessionLives: () => sessionLives(),
    async workerDied(session, state) {
      const status = state.statuses.get(session)
      const id = status && windowOf(state, status)
      const window = state.view.windows.find(
        (candidate) => candidate.id === id && candidate.session === session,
      )
      if (!status || !window) return
      log(`the worker of ${status.name}, process ${status.pid}, ended while it was ${status.state}`)
      await respawnWindow(tmux, window.pane, [...workerArgv(place, session), '--died', status.state])
    },
    wake: (session, pane) => respawnWindow(tmux, pane, workerArgv(place, session)),
    restingOf: (sessions) => restingStatuses(store, sessions),
    keepOrder: (sessions) => setPositions(store, sessions),
    configFile: place.paths.configFile,
    identityFile: controllerFile(place.paths),
    async identify() {
      if (findController(place)?.pid !== process.pid) await recordController(place.paths, thisProcess())
    },
    async reload(connection) {
      settings = (await loadConfig(place.paths.configFile, place.env)).settings
      log('the configuration changed')
      const user = await readUserStatus(connection)
      await connection.run(
        ...statusCommands(packageFiles.templates, place.name, statusLineOf({ settings }), user),
      )
      await installKeys(connection, settings.keys, keyFilesOf(place.paths, connection))
    },
    async remakeRuntime() {
      await ensureRuntime(place.paths)
      if (belongsToAnother(place)) return false
      lock?.release()
      lock = ownLock(lockFile)
      if (!lock) return false
      await recordController(place.paths, thisProcess())
      return true
    },
    log,
    sleep: (ms) => sleep(ms),
  }
  log('started')
  let end: 'ended' | 'replaced' = 'ended'
  try {
    end = await runController(parts)
  } finally {
    if (end === 'ended') {
      await giveKeysBack()
      rmSync(controllerFile(place.paths), { force: true, recursive: true })
    }
    store.close()
    lock?.release()
    log(end)
    endLog()
  }

  /** A server that lives and does not answer is waited for: what it shows is still there. */
  async function sessionLives(): Promise<boolean> {
    for (;;) {
      try {
        return await exists({
          tmux,
          name: place.name,
          paths: place.paths,
          tmuxOn: (socket) => tmuxDoor(socket, place.env),
        })
      } catch (error) {
        if (!(error instanceof UnreachableServer)) throw error
        log(error.message)
        await sleep(2000)
      }
    }
  }

  /** The workspace went without `q mux stop`: what it took from the server is given back here. */
  async function giveKeysBack(): Promise<void> {
    try {
      if (!(await otherWorkspaces(tmux, place.name))) await restoreKeys(tmux, keyFilesOf(place.paths, tmux))
    } catch (error) {
      log(`the server is gone: ${describeError(error)}`)
    }
  }
}

function layoutOf({ ui }: Settings): Layout {
  return {
    max: ui.show_session_indicator ? ui.max_indicator_sessions : 0,
    lines: ui.indicator_layout === 'stacked' ? stackedLines(ui.max_indicator_sessions) : 0,
  }
}

/** Sessions that sleep, as the store has them: one that waited, waits; one that was cut off, waits for a decision. */
function restingStatuses(store: Store, sessions: readonly string[]): Map<string, WorkerStatus> {
  return new Map(
    sessions.flatMap((id): [string, WorkerStatus][] => {
      const session = getSession(store, id)
      return session ? [[id, restingStatus(session)]] : []
    }),
  )
}

/** Whether a living controller other than this process is recorded. */
function belongsToAnother(place: Place): boolean {
  const recorded = findController(place)
  return recorded !== undefined && recorded.pid !== process.pid
}
