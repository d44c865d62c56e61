import { existsSync, lstatSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { FSWatcher } from 'chokidar'
import { describeError } from '../base/errors.ts'
import { sessionOfFile } from './status-files.ts'

export interface StatusWatch {
  close(): Promise<void>
}

export interface StatusListener {
  /** A session's file came, changed or went: read it now. */
  changed(session: string): void
  /** The directory itself was removed, even if another one stands in its place by now. Told once. */
  swept(): void
  /** The kernel's watches are used up and the directory is polled, or watching failed altogether: words for the log. */
  trouble(message: string): void
}

const pollEvery = 500

/**
 * Tells of every change in a status directory. The only file that watches files. Resolves once changes are seen; what
 * was there before must be read after that.
 */
export async function watchStatuses(directory: string, listener: StatusListener): Promise<StatusWatch> {
  const { watch } = await import('chokidar')
  let watcher = await start(false)
  return { close: () => watcher.close() }

  function start(usePolling: boolean): Promise<FSWatcher> {
    const first = identityOf(directory)
    let swept = false
    const checkDirectory = (): void => {
      if (swept || identityOf(directory) === first) return
      swept = true
      listener.swept()
    }
    return new Promise((resolve) => {
      const started = watch(directory, {
        depth: 0,
        ignoreInitial: true,
        followSymlinks: false,
        usePolling,
        interval: pollEvery,
        // Temporary names come and go with every write; a FIFO or a link is met by readStatus, not by a watch of its own.
        ignored: (path) => path !== directory && sessionOfFile(path) === undefined,
      })
      started.on('all', (event, path) => {
        const session = sessionOfFile(path)
        if (session) listener.changed(session)
        else if (event === 'unlinkDir') checkDirectory()
      })
      // chokidar says nothing of a directory that was made again at once; the kernel tells of it under its own name.
      started.on('raw', (_event, path) => {
        if (path === basename(directory)) checkDirectory()
      })
      started.on('error', (error) => fail(error, usePolling, resolve))
      started.on('ready', () => resolve(started))
    })
  }

  function fail(error: unknown, polling: boolean, resolve: (watcher: FSWatcher) => void): void {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const exhausted = code === 'ENOSPC' || code === 'EMFILE'
    if (!exhausted || polling) {
      listener.trouble(
        `watching ${directory} failed: ${error instanceof Error ? error.message : String(error)}`,
      )
      return
    }
    listener.trouble(
      `no watches are left (${String(code)}): ${directory} is looked at every ${pollEvery} ms instead`,
    )
    void start(true).then(async (next) => {
      const last = watcher
      watcher = next
      resolve(next)
      await last?.close()
    })
  }
}

/** Tells when one of some files, which need not exist, comes, changes or goes. */
export async function watchFiles(
  paths: readonly string[],
  changed: (path: string) => void,
  trouble: (message: string) => void,
): Promise<StatusWatch> {
  const { watch } = await import('chokidar')
  const watcher = watch([...paths], { ignoreInitial: true })
  watcher.on('all', (_event, path) => changed(path))
  watcher.on('error', (error) =>
    trouble(`watching ${paths.join(', ')} failed: ${error instanceof Error ? error.message : String(error)}`),
  )
  return new Promise((resolve) => watcher.on('ready', () => resolve({ close: () => watcher.close() })))
}

/** Tells of each file that comes, changes or goes in a directory. One that is not there yet is awaited. */
export async function watchDirectory(
  path: string,
  changed: (file: string) => void,
  trouble: (message: string) => void,
): Promise<StatusWatch> {
  const { watch } = await import('chokidar')
  let closed = false
  let place = nearest(path)
  let watcher = await begin(true)
  let moving: Promise<void> | undefined
  return {
    async close() {
      closed = true
      await moving
      await watcher.close()
    },
  }

  function begin(ignoreInitial: boolean): Promise<FSWatcher> {
    const began = watch(place, { ignoreInitial, depth: 0, followSymlinks: false })
    began.on('all', (_event, file) => {
      if (place === path) changed(file)
      else if (!closed && nearest(path) !== place)
        moving ??= comeNearer().finally(() => {
          moving = undefined
        })
    })
    began.on('error', (error) => trouble(`watching ${place} failed: ${describeError(error)}`))
    return new Promise((resolve) => began.on('ready', () => resolve(began)))
  }

  /** What lies in it by then came with it. */
  async function comeNearer(): Promise<void> {
    while (!closed && nearest(path) !== place) {
      const before = watcher
      place = nearest(path)
      watcher = await begin(false)
      await before.close()
    }
  }
}

/** The directory itself, or the one on the way to it that is there. */
function nearest(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearest(dirname(path))
}

/** Of the directory that stands there now; undefined when there is none. An inode number alone may be used again. */
function identityOf(directory: string): string | undefined {
  const facts = lstatSync(directory, { bigint: true, throwIfNoEntry: false })
  return facts && `${facts.ino} ${facts.birthtimeNs}`
}
