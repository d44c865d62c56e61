import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { countedLog } from '../base/counted-log.ts'
import { describeError } from '../base/errors.ts'
import { loadConfig } from '../config/file/load-config.ts'
import { ensureRuntime } from '../config/paths/directories.ts'
import type { Settings } from '../config/settings.ts'
import { type ControllerDeps, runController } from '../controller/controller.ts'
import { createFollower } from '../controller/follow-user.ts'
import { keepFiles } from '../controller/kept-files.ts'
import type { Layout } from '../controller/options.ts'
import { createTitles } from '../controller/titles.ts'
import { isTheirs } from '../controller/upkeep.ts'
import type { WorkerStatus } from '../domain/worker-status.ts'
import { asleepStatus } from '../sessions/workspace/asleep.ts'
import { controllerFile, findController, recordController } from '../sessions/workspace/controller-file.ts'
import { ownLock } from '../sessions/workspace/lock.ts'
import { statusLineOf } from '../sessions/workspace/start-workspace.ts'
import { rememberServer, serverFile, UnreachableServer } from '../sessions/workspace/tmux-server.ts'
import { findRunning } from '../sessions/workspace/workspace.ts'
import { saveEnvironment } from '../sessions/workspace/workspace-environment.ts'
import { getSession, setPositions } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { tell } from '../text/print.ts'
import { type Tmux, TmuxError, tmuxDoor } from '../tmux/door.ts'
import {
  dressWindow,
  markPane,
  respawnPane,
  theirs,
  undressWindow,
  unmarkPane,
  wakePane,
} from '../tmux/open-panes.ts'
import { adoptSession } from '../tmux/setup.ts'
import { stackedLines } from '../tmux/status-line.ts'
import { restoreKeys } from '../tmux/tmux-keys.ts'
import { paneOf, readView, readWorkspaces } from '../tmux/tmux-view.ts'
import type { UserStatus } from '../tmux/user-status.ts'
import type { Invocation } from './invocation.ts'
import { keyFilesOf, keysFile } from './key-bindings.ts'
import { makeWorkspace, memberFacts, workerArgv } from './make-workspace.ts'
import { openSharedStore } from './shared-store.ts'

/** Runs the workspace's controller, unless one runs: then it ends at once. */
export async function controllerMain(invocation: Invocation): Promise<void> {
  const lockFile = join(invocation.paths.runtimeDir, 'controller.lock')
  let lock = ownLock(lockFile)
  if (!lock) return
  const { write: log, end: endLog } = countedLog(
    (line) => tell(`${new Date().toISOString()} controller ${process.pid}: ${line}`),
    invocation.now,
  )
  await recordController(invocation.paths, invocation.processes.thisProcess())
  const tmux = tmuxDoor(invocation.socket, invocation.env)
  await writeMissing(invocation, tmux)
  const ownFiles = [
    controllerFile(invocation.paths),
    invocation.paths.environmentFile,
    serverFile(invocation.paths),
    ...(await keysFile(invocation.paths, tmux)),
  ]
  const kept = keepFiles(ownFiles.slice(1))
  const store = await openSharedStore(invocation, log, Number.POSITIVE_INFINITY)
  let { settings } = invocation.config
  const follower = createFollower({
    settings: () => settings,
    keyFiles: (tmux) => keyFilesOf(invocation.paths, tmux),
    log,
  })
  const renames = createTitles({ workspace: makeWorkspace(invocation, store), log })
  const deps: ControllerDeps = {
    workspace: invocation.name,
    tmux,
    statusDir: invocation.paths.statusDir,
    workersDir: invocation.paths.workersDir,
    processes: invocation.processes,
    layout: () => layoutOf(settings, follower.user()),
    findSession: () => findSession(),
    async workerDied(session, state) {
      const status = state.statuses.get(session)
      const pane = paneOf(state.view, session)
      if (!status || !pane) return
      log(`the worker of ${status.name}, process ${status.pid}, ended while it was ${status.state}`)
      await respawnPane(tmux, pane.id, workerArgv(invocation, session, { died: status.state }))
    },
    wake: (connection, { id, session }) =>
      wakePane(connection, id, workerArgv(invocation, session, { woken: 'yes' })),
    restMs: () => settings.sessions.sleep_after_minutes * 60_000,
    now: invocation.now,
    asleepOf: (sessions) => asleepStatuses(store, sessions),
    keepOrder: (sessions) => setPositions(store, invocation.name, sessions),
    configFile: invocation.paths.configFile,
    adopt: (connection, session) =>
      adoptSession(connection, session, {
        ...memberFacts(invocation),
        status: statusLineOf({ settings }),
      }),
    dress: (connection, window, sessions) => {
      const [only] = sessions
      const name = sessions.length === 1 && only ? getSession(store, only)?.name : undefined
      const title = isTheirs(window, sessions.length) ? theirs : name
      return dressWindow(connection, window.id, { sessions, title })
    },
    undress: undressWindow,
    mark: (connection, { id, session }) =>
      markPane(connection, { workspace: invocation.name, runtime: invocation.paths.runtimeDir }, id, session),
    unmark: unmarkPane,
    ownFiles,
    async ownFileChanged(path) {
      if (path !== controllerFile(invocation.paths)) return kept.take(path)
      if (findController(invocation)?.pid !== process.pid)
        await recordController(invocation.paths, invocation.processes.thisProcess())
    },
    async reload(connection) {
      settings = (await loadConfig(invocation.paths.configFile, invocation.env)).settings
      log('the configuration changed')
      await follower.follow(connection, await readView(connection, invocation.name), true)
    },
    followUser: (connection, view) => follower.follow(connection, view),
    windowRenamed: (connection, session, title) => renames.take(connection, session, title),

    async remakeRuntime() {
      await ensureRuntime(invocation.paths)
      // Also for another controller, which came too late to know what stood there.
      await kept.restore()
      if (belongsToAnother(invocation)) return false
      lock?.release()
      lock = undefined
      lock = ownLock(lockFile)
      if (!lock) return false
      await recordController(invocation.paths, invocation.processes.thisProcess())
      return true
    },
    log,
    sleep: (ms) => sleep(ms),
  }
  log('started')
  let end: 'ended' | 'replaced' = 'ended'
  try {
    end = await runController(deps)
  } finally {
    if (end === 'ended') {
      await giveKeysBack()
      rmSync(controllerFile(invocation.paths), { force: true, recursive: true })
    }
    store.close()
    lock?.release()
    log(end)
    endLog()
  }

  /** A server that lives and does not answer is waited for: what it shows is still there. */
  async function findSession(): Promise<string | undefined> {
    for (;;) {
      try {
        const found = await findRunning({
          tmux,
          name: invocation.name,
          paths: invocation.paths,
          processes: invocation.processes,
          tmuxOn: (socket) => tmuxDoor(socket, invocation.env),
        })
        return found?.id
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
      const others = (await readWorkspaces(tmux)).filter((other) => other !== invocation.name)
      if (others.length === 0) await restoreKeys(tmux, keyFilesOf(invocation.paths, tmux))
    } catch (error) {
      log(`the server is gone: ${describeError(error)}`)
    }
  }
}

/** One that begins after the runtime directory was swept away writes what it knows itself. */
async function writeMissing(invocation: Invocation, tmux: Tmux): Promise<void> {
  const { environmentFile } = invocation.paths
  if (!existsSync(environmentFile)) await saveEnvironment(environmentFile, invocation.env)
  if (existsSync(serverFile(invocation.paths))) return
  await rememberServer({ tmux, paths: invocation.paths, processes: invocation.processes }).catch(
    (error: unknown) => {
      // Without a server there is no workspace, and it ends.
      if (!(error instanceof TmuxError)) throw error
    },
  )
}

function layoutOf({ ui }: Settings, user: Pick<UserStatus, 'lines'>): Layout {
  return {
    max: ui.show_session_indicator ? ui.max_indicator_sessions : 0,
    lines: ui.indicator_layout === 'stacked' ? stackedLines(ui.max_indicator_sessions, user) : 0,
  }
}

/** Sessions that sleep, as the store has them: one that waited, waits; one that was cut off, waits for a decision. */
function asleepStatuses(store: Store, sessions: readonly string[]): Map<string, WorkerStatus> {
  return new Map(
    sessions.flatMap((id): [string, WorkerStatus][] => {
      const session = getSession(store, id)
      return session ? [[id, asleepStatus(session)]] : []
    }),
  )
}

/** Whether a living controller other than this process is recorded. */
function belongsToAnother(invocation: Invocation): boolean {
  const recorded = findController(invocation)
  return recorded !== undefined && recorded.pid !== process.pid
}
