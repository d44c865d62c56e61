import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describeError, errorCode, UserError } from '../../base/errors.ts'
import type { Attachment } from '../../domain/attachment.ts'
import type { Session } from '../../domain/session.ts'
import { oneLine } from '../../text/plain-text.ts'
import { type Directory, descend, openDirectory, openFile } from './safe-directory.ts'

type SessionPlace = Pick<Session, 'id' | 'cwd'>

/** The most of one file that goes with a prompt, in bytes. */
export const maxAttachmentBytes = 100_000

/** Where a session's own files lie, as people and messages name it. It need not exist. */
export function sessionDirectory({ id, cwd }: SessionPlace): string {
  return join(cwd, ...namesOf(id))
}

/**
 * The absolute path that `@session/PATH` names, with everything on the way there: no link, nothing but directories, and
 * at its end an ordinary file or nothing yet. `create` makes what is missing above it, 0700.
 * @throws UserError for a path that leads out, a link, a device, or a missing directory
 */
export async function resolveSessionPath(
  session: SessionPlace,
  path: string,
  create = false,
): Promise<string> {
  return within(session, path, create, async (directory, name) => {
    const facts = await lstat(directory.at(name)).catch(ignoreMissing)
    if (facts && !facts.isFile())
      throw new UserError(`@session/${oneLine(path)} is not a regular file`, { hint: pathHint })
    return join(directory.path, name)
  })
}

/** Reads what `@session/PATH` names, at most `maxAttachmentBytes` of it. @throws UserError */
export async function readSessionFile(session: SessionPlace, path: string): Promise<Attachment> {
  return within(session, path, false, async (directory, name) => {
    const file = await openFile(directory, name)
    if (!file) throw missing(session, path)
    try {
      const { size } = await file.stat()
      const buffer = Buffer.alloc(Math.min(size, maxAttachmentBytes))
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
      const bytes = buffer.subarray(0, bytesRead)
      if (bytes.includes(0)) throw new UserError(`@session/${oneLine(path)} is not a text file`)
      const cut = size > bytesRead
      // As a stream, a letter that the limit cuts in two is left out.
      const text = new TextDecoder().decode(bytes, { stream: cut })
      return { path: `@session/${path}`, text, size, cut }
    } finally {
      await file.close()
    }
  })
}

/** The names in a directory below `@session/`, directories with a `/` behind; none where it does not exist. */
export async function listSessionFiles(session: SessionPlace, names: readonly string[]): Promise<string[]> {
  return inDirectory(session, names, false, async (directory) => {
    const entries = await readdir(directory.at(''), { withFileTypes: true })
    return entries.flatMap((entry) =>
      entry.isDirectory() ? [`${entry.name}/`] : entry.isFile() ? [entry.name] : [],
    )
  }).then((found) => found ?? [])
}

/** The names on the way of a path. @throws UserError for one that could lead out */
export function parseSessionPath(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '.')
  if (path.startsWith('/') || names.includes('..') || /\p{Cc}/u.test(path) || names.length === 0)
    throw new UserError(`@session/${oneLine(path)} does not name a file of this session`, { hint: pathHint })
  return names
}

/** Below the session's directory: `.amazonq/sessions/<conversation-id>`. */
export function namesOf(id: string): string[] {
  if (!/^[A-Za-z0-9][\w.-]{0,127}$/.test(id))
    throw new UserError(`the conversation ${oneLine(id, 40)} cannot have files: its id is not a file name`)
  return ['.amazonq', 'sessions', id]
}

const pathHint = 'it is a path below the session\'s own directory, without ".." and links'

async function within<T>(
  session: SessionPlace,
  path: string,
  create: boolean,
  use: (directory: Directory, name: string) => Promise<T>,
): Promise<T> {
  const names = parseSessionPath(path)
  const last = names.pop() ?? ''
  const done = await inDirectory(session, names, create, async (directory) => ({
    result: await use(directory, last),
  }))
  if (!done) throw missing(session, path)
  return done.result
}

/** Works in a directory below `@session/`, held open; undefined when it does not exist. @throws UserError */
async function inDirectory<T>(
  session: SessionPlace,
  names: readonly string[],
  create: boolean,
  use: (directory: Directory) => Promise<T>,
): Promise<T | undefined> {
  const open: Directory[] = []
  try {
    const root = await openDirectory(session.cwd)
    open.push(root)
    const directory = await descend(root, [...namesOf(session.id), ...names], create)
    if (!directory) return undefined
    open.push(directory)
    return await use(directory)
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    throw new UserError(
      `@session/${oneLine(names.join('/'))} in ${session.cwd} cannot be used: ${describeError(error)}`,
      { cause: error },
    )
  } finally {
    for (const directory of open) await directory.close()
  }
}

function missing(session: SessionPlace, path: string): UserError {
  return new UserError(`there is no @session/${oneLine(path)}`, {
    hint: `put it there: ${join(sessionDirectory(session), ...parseSessionPath(path))}`,
  })
}

function ignoreMissing(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error
}
