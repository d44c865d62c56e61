import { realpath } from 'node:fs/promises'
import { credentialsIn, isSensitive } from '../domain/sensitive.ts'
import { waysOf } from './locate.ts'
import { realOperations } from './operations.ts'
import { mentionsRule, parseRule } from './rules.ts'

/**
 * Why a model does not get a file that nobody named to it: a deny rule for reading (one for a whole tool says nothing of
 * files), or credentials, by the path as it was named, what links make of it, and what it holds. undefined: it does.
 * @throws UserError for a rule that is none
 */
export async function keptBack(
  deny: readonly string[],
  cwd: string,
  { path, real, text }: { path: string; real: string; text: string },
): Promise<string | undefined> {
  const ways = (await waysOf(realOperations.fs, path, real)) ?? [real]
  const places = [...new Set([cwd, await realpath(cwd).catch(() => cwd)])]
  const rule = deny.find((one) => places.some((place) => denies(one, place, ways, real)))
  if (rule !== undefined) return `your rule ${rule} denies it`
  return [...ways, real].some(isSensitive) ? 'it may hold credentials' : credentialsIn(real, text)
}

function denies(text: string, cwd: string, ways: readonly string[], real: string): boolean {
  const rule = parseRule(text, cwd, 'deny')
  if (rule.pattern === undefined) return false
  return mentionsRule(rule, { type: 'read', tool: 'fs_read', paths: [real], asked: [ways], directories: [] })
}
