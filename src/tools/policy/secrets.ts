import type { Stats } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { isObject, parseJson } from '../../base/json.ts'
import {
  credentialsHead,
  credentialsIn,
  isSensitive,
  sensitiveNames,
  sensitivity,
} from '../../domain/sensitive.ts'
import { lettersOf, wildcard } from '../../text/wildcard.ts'
import { idOf, waysOf } from '../files/locate.ts'
import { type Operations, realOperations } from '../files/operations.ts'
import { readFileAt } from '../files/read-file.ts'
import { barePaths, type NamedPath, namedPaths } from './shell/named-paths.ts'
import type { Claim } from './tool-claim.ts'

/** What of a claim lies where credentials are kept, and why it is taken for that. Paths are the claim's, words the line's. */
export type Secrets = ReadonlyMap<string, string>

export const noSecrets: Secrets = new Map()

/** More entries of directories than this are not held against a pattern. */
const maxEntries = 10_000

/** Patterns of a line, and names in each, that are looked at. */
const maxPatterns = 100
const maxNames = 40

/** Strings of an MCP tool's input that are looked at. */
const maxStrings = 200

/** Looks a claim over: paths as asked and real, what files hold, what a command's words or a tool's input name. */
export async function secretsIn(
  claim: Claim,
  cwd: string,
  operations: Operations = realOperations,
): Promise<Secrets> {
  if (claim.type === 'command') return inCommand(claim.command, claim.cwd, operations)
  if (claim.type === 'call') return inStrings(stringsIn(parseJson(claim.input)), cwd, operations)
  if (claim.type === 'write') return placesOf([claim.path], [claim.asked])
  const held = new Map(placesOf(claim.paths, claim.asked ?? []))
  for (const path of claim.paths) {
    if (held.has(path)) continue
    const why = await heldBy(operations, path)
    if (why !== undefined) held.set(path, why)
  }
  return held
}

/** Why a part of a claim is a matter of credentials; undefined: it is none. */
export function secretOf(claim: Claim, secrets: Secrets): string | undefined {
  const sensitive =
    claim.type === 'read'
      ? placesOf(claim.paths, claim.asked ?? [])
      : claim.type === 'write'
        ? placesOf([claim.path], [claim.asked])
        : secrets
  const paths = claim.type === 'read' ? claim.paths : []
  const [found] = [...sensitive, ...[...secrets].filter(([path]) => paths.includes(path))]
  return found && `${shortened(found[0])}: ${found[1]}`
}

/** All of it is among what is shown. */
export function shortened(word: string): string {
  return word.length > 120 ? `${word.slice(0, 119)}…` : word
}

/** Of paths as they are, as they were asked for and what links made of that. */
function placesOf(paths: readonly string[], asked: readonly (readonly string[] | undefined)[]): Secrets {
  const found = paths.filter((path, at) => isSensitive(path) || asked[at]?.some(isSensitive))
  return new Map(found.map((path) => [path, maybe]))
}

const maybe = 'it may hold credentials'

async function inStrings(
  strings: string[] | undefined,
  cwd: string,
  operations: Operations,
): Promise<Secrets> {
  if (!strings) return new Map([['its input', 'it is too long to be looked over']])
  for (const text of strings) {
    const found = await inCommand(text, cwd, operations)
    if (found.size > 0) return found
  }
  return noSecrets
}

/** The strings of a value that may name a place; undefined: too many. */
function stringsIn(value: unknown): string[] | undefined {
  const found: string[] = []
  const open = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string' && next.length <= 4096 && !next.includes('\n')) found.push(next)
    else if (Array.isArray(next)) open.push(...next)
    else if (isObject(next)) open.push(...Object.values(next))
    if (found.length > maxStrings || open.length > 100 * maxStrings) return undefined
  }
  return found
}

async function inCommand(command: string, cwd: string, operations: Operations): Promise<Secrets> {
  const bare = barePaths(command).find((path) => sensitivity(path) === 'name')
  if (bare !== undefined) return new Map([[bare, maybe]])
  const paths = namedPaths(command)
  if (!paths) return new Map([['the line', 'it names too much to be looked over']])
  if (paths.filter(({ pattern }) => pattern).length > maxPatterns)
    return new Map([['the line', 'it names too much to be looked over']])
  let entries = maxEntries
  for (const path of paths) {
    if (namesSecret(path)) return new Map([[path.text, maybe]])
    const start = resolve(cwd, path.from)
    if (!path.pattern) {
      const why = await whyNot(operations, start, resolve(start, path.text))
      if (why !== undefined) return new Map([[path.text, why]])
      continue
    }
    for await (const found of matching(operations, start, path.text)) {
      if (--entries < 0) return new Map([[path.text, 'it matches too much to be looked over']])
      const why = found.fits ? await whyNot(operations, start, found.path) : undefined
      if (why !== undefined) return new Map([[path.text, why]])
    }
  }
  return noSecrets
}

/** By its letters, whether it exists or not. */
function namesSecret({ text, pattern, behindColon, from }: NamedPath): boolean {
  const path = join(from, text)
  const found = sensitivity(path)
  if (found === 'name' || (found === 'ending' && behindColon)) return true
  const names = pattern ? path.split('/') : []
  return names.length > maxNames || names.some(matchesSecretName)
}

/** `.ss*`, but not `.*`: only the disk tells what that means. */
function matchesSecretName(name: string): boolean {
  if (!name.startsWith('.') || name.length > 255 || !/[*?[]/.test(name)) return false
  if (lettersOf(name, () => '').length < 2) return false
  const matches = wildcard(name)
  return matches !== undefined && sensitiveNames().some((secret) => matches(secret))
}

/** Why a path is where credentials are kept: as named, through links, or by what it holds. `start`: names in it may be no paths. */
async function whyNot(operations: Operations, start: string, path: string): Promise<string | undefined> {
  const { fs } = operations
  const there = await fs.lstat(path).catch(() => undefined)
  if (!there) {
    if (dirname(path) === start) return undefined
    const directory = await fs.realpath(dirname(path)).catch(() => undefined)
    return directory !== undefined && isSensitive(directory) ? maybe : undefined
  }
  if (isSensitive(path)) return maybe
  const real = await fs.realpath(path).catch(() => undefined)
  if (real === undefined) return undefined
  const ways = (await waysOf(fs, path, real)) ?? []
  return [...ways, real].some(isSensitive) ? maybe : heldBy(operations, real)
}

async function heldBy(operations: Operations, real: string): Promise<string | undefined> {
  const stats: Stats | undefined = await operations.fs.lstat(real).catch(() => undefined)
  if (!stats?.isFile()) return undefined
  const target = { asked: real, real, kind: 'file', id: idOf(stats) } as const
  const content = await readFileAt(operations, target, credentialsHead).catch(() => undefined)
  return content && credentialsIn(real, content.bytes.toString('utf8'))
}

/** The entries that a shell holds against a pattern, and whether they fit to its end. */
async function* matching(
  { fs }: Operations,
  start: string,
  pattern: string,
): AsyncGenerator<{ path: string; fits: boolean }> {
  const names = pattern.split('/').filter((name) => name !== '' && name !== '.')
  let places = [isAbsolute(pattern) ? '/' : start]
  for (const [at, name] of names.entries()) {
    const last = at === names.length - 1
    const next: string[] = []
    const test = /[*?[]/.test(name) && name.length <= 255 ? wildcard(name) : undefined
    for (const place of places) {
      if (!test) {
        next.push(name === '..' ? dirname(place) : join(place, name))
        continue
      }
      for (const entry of await fs.readdir(place).catch(() => [])) {
        const fits = (name.startsWith('.') || !entry.startsWith('.')) && test(entry)
        if (fits) next.push(join(place, entry))
        yield { path: join(place, entry), fits: fits && last }
      }
    }
    if (last && !test) for (const path of next) yield { path, fits: true }
    places = next
  }
}
