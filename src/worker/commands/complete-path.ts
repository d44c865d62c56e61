import { readdir } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { errorCode } from '../../domain/errors.ts'
import type { CommandContext } from './command.ts'

/** What a path may be completed to; directories end in `/`. Names with blanks or quotes are left out: they would be read as something else. */
export async function completePath(
  { directory: { cwd, home } }: Pick<CommandContext, 'directory'>,
  word: string,
): Promise<string[]> {
  const [, directory = '', start = ''] = /^(.*\/)?([^/]*)$/s.exec(word) ?? []
  const way = directory.startsWith('~/') && home ? join(home, directory.slice(2)) : directory
  const entries = await readdir(isAbsolute(way) ? way : join(cwd, way), { withFileTypes: true }).catch(
    (error: unknown) => {
      if (errorCode(error) === undefined) throw error
      return []
    },
  )
  return entries
    .filter(({ name }) => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
    .filter(({ name }) => !/[\p{C}\p{Z}"'\\]/u.test(name))
    .map((entry) => `${directory}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .sort()
}
