import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../base/errors.ts'
import { openFlags } from '../base/open-flags.ts'
import { replaceFile } from '../base/replace-file.ts'
import type { WorkerStatus } from '../domain/worker-status.ts'
import { idPattern, type Parsed, parseStatus } from './status-format.ts'

/** More than any honest status file; a larger one is not read. */
const maxBytes = 16_384

/** Puts a status in place of the last one: no reader ever sees a part of it. Makes the directory again if it was swept. */
export function writeStatus(directory: string, status: WorkerStatus): void {
  const put = (): void =>
    replaceFile(join(directory, `${status.session}.json`), `${JSON.stringify(status)}\n`)
  try {
    put()
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    put()
  }
}

export function removeStatus(directory: string, id: string): void {
  rmSync(join(directory, `${id}.json`), { force: true })
}

/** The session whose status a path holds; undefined for temporary and foreign files. */
export function sessionOfFile(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const id = name.endsWith('.json') ? name.slice(0, -5) : ''
  return idPattern.test(id) ? id : undefined
}

/** One session's status; undefined when there is no file. Whatever else stands there is a problem in words. */
export function readStatus(directory: string, id: string): Parsed | undefined {
  let descriptor: number
  try {
    descriptor = openSync(join(directory, `${id}.json`), openFlags.readNoLink)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    return { ok: false, problem: code === 'ELOOP' ? 'it is a link' : `it cannot be opened (${code})` }
  }
  try {
    const facts = fstatSync(descriptor)
    if (!facts.isFile()) return { ok: false, problem: 'it is not a regular file' }
    if (process.getuid && facts.uid !== process.getuid())
      return { ok: false, problem: 'it belongs to another user' }
    if (facts.size > maxBytes) return { ok: false, problem: `it is larger than ${maxBytes} bytes` }
    const buffer = Buffer.alloc(facts.size)
    const length = readSync(descriptor, buffer)
    return parseStatus(buffer.toString('utf8', 0, length), id)
  } finally {
    closeSync(descriptor)
  }
}

export interface StatusProblem {
  file: string
  problem: string
}

/** All status files of a directory, the broken ones apart. A directory that is not there holds none. */
export function readAllStatuses(directory: string): {
  statuses: Map<string, WorkerStatus>
  problems: StatusProblem[]
} {
  const statuses = new Map<string, WorkerStatus>()
  const problems: StatusProblem[] = []
  for (const name of namesIn(directory)) {
    const id = sessionOfFile(name)
    if (id === undefined) {
      if (!name.startsWith('.'))
        problems.push({ file: name, problem: 'its name is not a session id and .json' })
      continue
    }
    const parsed = readStatus(directory, id)
    if (parsed?.ok) statuses.set(id, parsed.status)
    else if (parsed) problems.push({ file: name, problem: parsed.problem })
  }
  return { statuses, problems }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return []
    throw error
  }
}
