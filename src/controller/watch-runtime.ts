import { describeError } from '../base/errors.ts'
import type { WorkerStatus } from '../domain/worker-status.ts'
import { readAllStatuses, readStatus } from '../status/status-files.ts'
import { type StatusWatch, watchFiles, watchStatuses } from '../status/watch-statuses.ts'

/** What the watch needs of the world. */
export interface RuntimeDeps {
  statusDir: string
  /** Files in the runtime directory, or beside it, that are to be what they were. */
  ownFiles: readonly string[]
  /** One of them came, changed or went. */
  ownFileChanged(path: string): Promise<void>
  /**
   * The runtime directory was swept away: makes it again; false when another controller has taken over. Throws while it
   * cannot be made, as systemd's that comes back with the next login.
   */
  remakeRuntime(): Promise<boolean>
  log(line: string): void
  sleep(ms: number): Promise<void>
}

/** Who hears of what is seen. */
export interface RuntimeListener {
  /** What a session's status file says now; undefined: there is none that can be read. */
  status(session: string, status: WorkerStatus | undefined): void
  /** The sessions of which a status is known. */
  known(): Iterable<string>
  /** The directory is there again. */
  remade(): void
  /** Another controller made it. */
  replaced(): void
  /** Whether the workspace is there. */
  going(): boolean
  /** Says what happens often once. */
  report(line: string): void
}

export interface RuntimeWatch {
  /** Reads every status file. */
  readAll(): void
  /** Whether the runtime directory is missing. */
  isSwept(): boolean
  close(): Promise<void>
}

/** inotify forgets changes when its queue overflows: so long after a change, in ms, all files are read once more. */
const settling = 1000

/** How long a runtime directory that cannot be made is waited for before the next try, in ms. */
const untilReturn = 500

/** Watches the status files and our own files in the runtime directory, and makes it again when it is swept away. */
export async function watchRuntime(deps: RuntimeDeps, listener: RuntimeListener): Promise<RuntimeWatch> {
  const { report } = listener
  let swept = false
  let settle: NodeJS.Timeout | undefined
  let statuses = await watchStatusDirectory()
  let own = await watchOwnFiles()

  return {
    readAll,
    isSwept: () => swept,
    async close() {
      clearTimeout(settle)
      await statuses.close()
      await own.close()
    },
  }

  function watchStatusDirectory(): Promise<StatusWatch> {
    return watchStatuses(deps.statusDir, { changed, swept: () => void remake(), trouble: deps.log })
  }

  function watchOwnFiles(): Promise<StatusWatch> {
    const changed = (path: string): void => {
      if (!swept) deps.ownFileChanged(path).catch((error) => report(describeError(error)))
    }
    return watchFiles(deps.ownFiles, changed, deps.log)
  }

  function changed(session: string): void {
    const parsed = readStatus(deps.statusDir, session)
    if (parsed && !parsed.ok) report(`${session}.json is skipped: ${parsed.problem}`)
    listener.status(session, parsed?.ok ? parsed.status : undefined)
    settle ??= setTimeout(() => {
      settle = undefined
      readAll()
    }, settling)
  }

  function readAll(): void {
    const { statuses, problems } = readAllStatuses(deps.statusDir)
    for (const { file, problem } of problems) report(`${file} is skipped: ${problem}`)
    for (const session of new Set([...listener.known(), ...statuses.keys()]))
      listener.status(session, statuses.get(session))
  }

  async function remake(): Promise<void> {
    deps.log('the runtime directory was removed: it is made again')
    swept = true
    await statuses.close()
    await own.close()
    const made = await untilMade()
    if (made === undefined) return
    if (!made) return listener.replaced()
    swept = false
    statuses = await watchStatusDirectory()
    own = await watchOwnFiles()
    listener.remade()
  }

  /**
   * Nothing tells of the return of a directory whose parent is not ours: it is tried, as long as it is missing. undefined: the
   * workspace ended meanwhile.
   */
  async function untilMade(): Promise<boolean | undefined> {
    while (listener.going()) {
      try {
        return await deps.remakeRuntime()
      } catch (error) {
        report(describeError(error))
        await deps.sleep(untilReturn)
      }
    }
    return undefined
  }
}
