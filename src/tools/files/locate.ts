import type { Stats } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { errorCode } from '../../base/errors.ts'
import { isInside } from '../../base/is-inside.ts'
import { isSensitive } from '../../domain/sensitive.ts'
import { namesIn } from '../../text/wildcard.ts'
import { Refusal } from '../refusal.ts'
import { reveal } from '../reveal.ts'
import type { CallPlace } from './call-place.ts'
import type { Operations } from './operations.ts'

/** A path that the model named, and what it is on this machine at the moment. */
export interface Target {
  asked: string
  /** `asked`, absolute and without `..`, and then what each link on its way makes of it; undefined: just `real`. */
  ways: readonly string[] | undefined
  /** Without links and `..`: what is opened. */
  real: string
  kind: 'file' | 'directory' | 'absent'
  /** Device and inode; undefined for what is absent. */
  id: string | undefined
}

/** Looks a path up: `~/`, `@session/`, relative to cwd, through all links. @throws Refusal for devices, FIFOs, sockets */
export async function locate({ fs }: Operations, place: CallPlace, asked: string): Promise<Target> {
  if (asked === '' || asked.includes('\0')) throw new Refusal('Expected a path, without NUL characters')
  const session = /^@session(?:\/|$)(.*)$/s.exec(asked)?.[1]
  if (session !== undefined) return inSession(fs, place, asked, session)
  const path = /^~(\/|$)/.test(asked) ? join(homedir(), asked.slice(1)) : resolve(place.cwd, asked)
  return follow(fs, path, asked)
}

/** The same path once more. @throws Refusal when it leads elsewhere than when it was shown */
export async function locateAgain(operations: Operations, place: CallPlace, shown: Target): Promise<void> {
  const now = await locate(operations, place, shown.asked)
  if (now.real === shown.real && now.kind === shown.kind && now.id === shown.id) return
  throw new Refusal(
    `${shown.asked} is not any more what it was when it was shown (${shown.real}): nothing was done. Ask again.`,
  )
}

/** The path as asked for and, where that is not where it is, the real one. */
export function showPath({ asked, real }: Target, cwd: string): string {
  const plain = !asked.startsWith('@') && !asked.startsWith('~') && resolve(cwd, asked) === real
  const obvious = plain && (isAbsolute(asked) || isInside(cwd, real))
  return obvious ? reveal(asked) : `${reveal(asked)} → ${reveal(real)}`
}

/**
 * Paths below a directory that a search leaves out, by the way that was asked for, too. Who lets one begin where credentials
 * are kept means what is there: only what is denied is left out then.
 */
export function hiddenBelow({ ways, real }: Target, { hidden, denied }: CallPlace): CallPlace['hidden'] {
  const roots = [real, ...(ways ?? []).filter((way) => way !== real)]
  const leaves = roots.some(isSensitive) ? denied : hidden
  return leaves && ((found) => roots.some((root) => leaves(join(root, relative(real, found)))))
}

async function inSession(
  fs: Operations['fs'],
  place: CallPlace,
  asked: string,
  inside: string,
): Promise<Target> {
  if (!place.session) throw new Refusal('There is no @session directory here')
  const root = place.session('.')
  const path = place.session(inside === '' ? '.' : inside)
  const target = await follow(fs, path, asked)
  const realRoot = await follow(fs, root, '@session')
  if (isInside(root, path) && isInside(realRoot.real, target.real)) return target
  throw new Refusal(`${asked} leads out of the session's directory`)
}

async function follow(fs: Operations['fs'], path: string, asked: string): Promise<Target> {
  try {
    const real = await fs.realpath(path)
    const stats = await fs.stat(real)
    return { asked, ways: await waysOf(fs, path, real), real, kind: kindOf(stats, asked), id: idOf(stats) }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  const link = await fs.lstat(path).catch(() => undefined)
  if (link) throw new Refusal(`${asked} is a link to something that does not exist`)
  const real = await realOfAbsent(fs, path)
  return { asked, ways: await waysOf(fs, path, real), real, kind: 'absent', id: undefined }
}

/** A path and what each link on its way makes of it; undefined: it is `real`, without any. */
export async function waysOf(
  fs: Operations['fs'],
  path: string,
  real: string,
): Promise<string[] | undefined> {
  if (path === real) return undefined
  const ways = [path]
  let done = '/'
  let rest = namesIn(path)
  // As many links as a kernel follows.
  while (rest.length > 0 && ways.length <= 40) {
    const [name = '', ...others] = rest
    const here = join(done, name)
    const link = await fs.readlink(here).catch(() => undefined)
    if (link === undefined) done = here
    else {
      const way = join(isAbsolute(link) ? '/' : done, link, ...others)
      ways.push(way)
      done = '/'
    }
    rest = link === undefined ? others : namesIn(ways.at(-1) ?? '')
  }
  return ways
}

/** Its nearest ancestor that exists, without links, and the rest. */
async function realOfAbsent(fs: Operations['fs'], path: string): Promise<string> {
  const parent = dirname(path)
  if (parent === path) return path
  const real = await fs.realpath(parent).catch(async (error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error
    if (await fs.lstat(parent).catch(() => undefined)) throw new Refusal(`${parent} is a link to nothing`)
    return realOfAbsent(fs, parent)
  })
  return join(real, basename(path))
}

function kindOf(stats: Stats, asked: string): 'file' | 'directory' {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  const what = stats.isFIFO() ? 'a named pipe' : stats.isSocket() ? 'a socket' : 'a device'
  throw new Refusal(`${asked} is ${what}, not a file or a directory`)
}

export function idOf({ dev, ino }: { dev: number; ino: number }): string {
  return `${dev}:${ino}`
}
