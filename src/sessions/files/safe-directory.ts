import { constants, existsSync } from 'node:fs'
import { chmod, type FileHandle, lstat, mkdir, open, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, UserError } from '../../base/errors.ts'
import { openFlags } from '../../base/open-flags.ts'

/** An open directory: what is reached through it stays in it, whatever is renamed or linked meanwhile. */
export interface Directory {
  /** Its real path, for people. */
  path: string
  /** Names are reached through the open directory itself, by way of /proc; else by its path, which is looked at again. */
  byHandle: boolean
  /** A path for one name in it, good as long as it is open. */
  at(name: string): string
  close(): Promise<void>
}

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants

/** Opens a directory that may be named by way of links. Throws the system's error. */
export async function openDirectory(
  path: string,
  byHandle = existsSync('/proc/self/fd'),
): Promise<Directory> {
  const real = await realpath(path)
  return directory(await open(real, O_RDONLY | O_DIRECTORY), real, byHandle)
}

/**
 * Opens directories below an open one, name by name, and never through a link; `create` makes missing ones, 0700.
 * Returns undefined when one is missing. The given directory stays open.
 * @throws UserError when one is a link or no directory
 */
export async function descend(
  from: Directory,
  names: readonly string[],
  create = false,
): Promise<Directory | undefined> {
  let at = from
  for (const name of names) {
    let next: Directory | undefined
    try {
      next = await enter(at, name, create)
    } finally {
      if (at !== from) await at.close()
    }
    if (!next) return undefined
    at = next
  }
  return at
}

/**
 * Opens a file in an open directory for reading, if it is an ordinary one; undefined when there is none of that name.
 * @throws UserError when it is a link, a directory or a device
 */
export async function openFile(from: Directory, name: string): Promise<FileHandle | undefined> {
  try {
    const file = await open(from.at(name), openFlags.readNoLink)
    if ((await file.stat()).isFile()) return file
    await file.close()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    if (errorCode(error) !== 'ELOOP' && errorCode(error) !== 'ENXIO') throw error
  }
  throw new UserError(`${join(from.path, name)} is ${await kindOf(from, name)}, not a regular file`)
}

/** What stands at a name, in words. */
async function kindOf(from: Directory, name: string): Promise<string> {
  const facts = await lstat(from.at(name))
  if (facts.isSymbolicLink()) return 'a link'
  return facts.isDirectory() ? 'a directory' : facts.isFile() ? 'a file' : 'a device or the like'
}

async function enter(from: Directory, name: string, create: boolean): Promise<Directory | undefined> {
  if (create) await make(from, name)
  const path = join(from.path, name)
  try {
    const handle = await open(from.at(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    const opened = directory(handle, path, from.byHandle)
    if (from.byHandle || (await isStill(handle, path))) return opened
    await opened.close()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    if (errorCode(error) !== 'ELOOP' && errorCode(error) !== 'ENOTDIR') throw error
  }
  throw new UserError(`${path} is ${await kindOf(from, name)}, not a directory, and is not followed`)
}

async function make(from: Directory, name: string): Promise<void> {
  try {
    await mkdir(from.at(name), 0o700)
    await chmod(from.at(name), 0o700)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

function directory(handle: FileHandle, path: string, byHandle: boolean): Directory {
  const base = byHandle ? `/proc/self/fd/${handle.fd}` : path
  return { path, byHandle, at: (name) => `${base}/${name}`, close: () => handle.close() }
}

async function isStill(handle: FileHandle, path: string): Promise<boolean> {
  const [opened, there] = [await handle.stat(), await lstat(path)]
  return opened.ino === there.ino && opened.dev === there.dev && (await realpath(path)) === path
}
