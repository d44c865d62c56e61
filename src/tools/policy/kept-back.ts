import { realpath } from 'node:fs/promises'
import { credentialsIn, isSensitive } from '../../domain/sensitive.ts'
import { waysOf } from '../files/locate.ts'
import { realOperations } from '../files/operations.ts'
import { denyingRule, parseRule } from './rules/rules.ts'

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
  const rules = places.flatMap((place) => deny.map((text) => parseRule(text, place, 'deny')))
  const claim = { type: 'read', tool: 'fs_read', paths: [real], asked: [ways], directories: [] } as const
  const rule = denyingRule(
    rules.filter((one) => one.path),
    claim,
  )
  if (rule !== undefined) return `your rule ${rule.text} denies it`
  return [...ways, real].some(isSensitive) ? 'it may hold credentials' : credentialsIn(real, text)
}
