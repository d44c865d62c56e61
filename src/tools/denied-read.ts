import { realpath } from 'node:fs/promises'
import { mentionsRule, parseRule } from './rules.ts'

/**
 * The deny rule, as the user wrote it, that keeps a model from reading a file, by its path as it was named or the real one;
 * undefined: none. A rule for a whole tool says nothing of files.
 * @throws UserError for a rule that is none
 */
export async function deniedRead(
  deny: readonly string[],
  cwd: string,
  asked: string,
  real: string,
): Promise<string | undefined> {
  const places = [...new Set([cwd, await realpath(cwd).catch(() => cwd)])]
  return deny.find((text) =>
    places.some((place) => {
      const rule = parseRule(text, place)
      return (
        rule.pattern !== undefined &&
        mentionsRule(rule, { type: 'read', tool: 'fs_read', paths: [asked, real], directories: [] })
      )
    }),
  )
}
