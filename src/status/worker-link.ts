import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { errorCode, UserError } from '../base/errors.ts'

/**
 * A worker's link: a Unix socket that the worker keeps open as long as it lives. No facts travel over it. Whoever holds
 * a connection learns of the worker's end from the kernel, at once and without asking again and again; whoever
 * writes a `?` asks the worker to look at the store and to say again what it does; and an `s` tells it that nobody needs it
 * for now, so that it may end and its session sleep.
 */
export function workerLinkPath(directory: string, session: string): string {
  return join(directory, session.replaceAll('-', '').slice(0, nameLength))
}

/** Hexadecimal digits of the session's id: these are enough. */
const nameLength = 12

/** The longest path that a socket may have, in bytes: 103 on macOS, 107 on Linux. A longer one is cut off without a word. */
const maxPathBytes = 103

/**
 * Called before there are workers whose links lie in a directory.
 * @throws UserError when its name is too long for sockets in it
 */
export function requireRoomForLinks(directory: string): void {
  requireShort(workerLinkPath(directory, '0'.repeat(nameLength)))
}

function requireShort(path: string): void {
  if (fits(path)) return
  const directory = dirname(path)
  const most = maxPathBytes - nameLength - 1
  throw new UserError(
    `${directory} is too long for the sockets of the workers: it has ${Buffer.byteLength(directory)} bytes, and ${most} is the most`,
    {
      hint: 'Set XDG_RUNTIME_DIR to a directory of yours with a shorter path (or TMPDIR, where that is not set), or choose a shorter workspace name.',
    },
  )
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= maxPathBytes
}

export interface WorkerLink {
  /** Whether anybody holds it right now. */
  held(): boolean
  /** Makes the socket again if somebody swept it away; whoever holds the line goes on holding it. */
  renew(): Promise<void>
  close(): void
}

/**
 * Opens a worker's link. `woken` and `mayEnd` are called for each request; `dropped` when a holder that had held
 * on, or was about to, goes away.
 * @throws UserError when the path is too long for a socket
 */
export async function openWorkerLink(
  path: string,
  listener: { woken(): void; mayEnd(): void; dropped(): void },
): Promise<WorkerLink> {
  requireShort(path)
  const connections = new Set<Socket>()
  const holders = new Set<Socket>()
  let server = await listen()
  return {
    held: () => holders.size > 0,
    async renew() {
      if (existsSync(path)) return
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      // Closing takes the path away, also where another socket stands by then: the old one goes first.
      server.close()
      server = await listen()
    },
    close() {
      holders.clear()
      server.close()
      for (const socket of connections) socket.destroy()
    },
  }

  function listen(): Promise<Server> {
    const opened = createServer(accept)
    rmSync(path, { force: true })
    return new Promise((resolve, reject) => {
      opened.once('error', reject)
      opened.listen(path, () => {
        opened.unref()
        try {
          chmodSync(path, 0o600)
        } catch (error) {
          // Swept away in this moment: nobody holds it, and whoever notices renews it.
          if (errorCode(error) !== 'ENOENT') return reject(error)
        }
        resolve(opened)
      })
    })
  }

  function accept(socket: Socket): void {
    connections.add(socket)
    let spoke = false
    socket.on('data', (data) => {
      spoke = true
      // What was written in two pieces may arrive as one.
      if (data.includes(hold)) holders.add(socket)
      if (data.includes(ask)) listener.woken()
      if (data.includes(rest)) listener.mayEnd()
      socket.write('.')
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      connections.delete(socket)
      // Whoever ends between connecting and holding on was about to.
      if (holders.delete(socket) || !spoke) listener.dropped()
    })
  }
}

/** Asks a worker to look at the store. Resolves false when nobody listens there, or answers within `timeoutMs` ms. */
export function wakeWorker(path: string, timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    if (!fits(path)) return resolve(false)
    const socket = connect(path)
    const settle = (heard: boolean): void => {
      socket.destroy()
      resolve(heard)
    }
    socket.setTimeout(timeoutMs, () => settle(false))
    socket.on('connect', () => socket.write(ask))
    socket.on('data', () => settle(true))
    socket.on('error', () => settle(false))
    socket.on('end', () => settle(false))
  })
}

export interface HeldLink {
  /** Asks the worker at the other end to say again what it does. */
  wake(): void
  /** Tells it that nobody needs it for now. */
  letEnd(): void
  close(): void
}

/** Holds a worker's link; `gone` is called once, when the worker ended or was not there. */
export function holdWorkerLink(path: string, gone: (reason: string) => void): HeldLink {
  const socket = connect(path)
  let reported = false
  const end = (reason: string): void => {
    if (reported) return
    reported = true
    socket.destroy()
    gone(reason)
  }
  socket.on('connect', () => socket.write(hold))
  socket.on('data', () => {})
  socket.on('error', (error) => end(errorCode(error) ?? error.message))
  socket.on('close', () => end('closed'))
  return {
    wake: () => socket.write(ask),
    letEnd: () => socket.write(rest),
    close: () => {
      reported = true
      socket.destroy()
    },
  }
}

const hold = 'h'
const ask = '?'
const rest = 's'
