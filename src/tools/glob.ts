import { madeByPrograms } from '../domain/made-by-programs.ts'
import { escapedName } from '../text/escaped-name.ts'
import { count } from '../text/plain-text.ts'
import { showPath } from './files/locate.ts'
import { type Operations, realOperations } from './files/operations.ts'
import { inDirectory } from './files/read-target.ts'
import { Refusal } from './refusal.ts'
import { reveal } from './reveal.ts'
import { matching, namePattern } from './search/literal-names.ts'
import { walkVisible } from './search/walk-visible.ts'
import { also, boolean, directoryNames, object, optional, text } from './shape.ts'
import { defineTool, type Tool } from './tool.ts'

const maxFound = 1000

const shape = object({
  pattern: also(
    ['glob', 'glob_pattern'],
    text(
      'Such as src/**/*.ts, or absolute; a pattern without / matches names at any depth. Brackets that stand in a name mean themselves.',
      { min: 1, limit: 1000 },
    ),
  ),
  path: also(
    directoryNames,
    optional(text('The directory to look in; default: the working directory', { min: 1, limit: 4096 })),
  ),
  include_ignored: optional(boolean('Also what .gitignore leaves out; default: false')),
})

/** Finds files by name. */
export function glob(operations: Operations = realOperations): Tool {
  return defineTool({
    name: 'glob',
    description: `Finds files by a pattern for their path. Leaves out what .gitignore names and ${madeByPrograms.join(', ')}, and follows no links.`,
    shape,
    claims: 'read',
    async prepare({ pattern, path: from = '.', include_ignored = false }, place) {
      const { path, rest } = parted(pattern) ?? { path: from, rest: pattern }
      const pathPattern = namePattern(rest)
      if (!pathPattern) throw new Refusal('The pattern has too many alternatives')
      const { target, claim, again } = await inDirectory(operations, place, path, 'glob')
      const all = include_ignored ? ', ignored ones, too' : ''
      const prefix = rest === pattern ? '' : `${path.replace(/\/$/, '')}/`
      return {
        lines: [
          {
            kind: 'text',
            text: `find ${reveal(rest.replace(/^\.\//, ''))} in ${showPath(target, place.cwd)}${all}`,
          },
        ],
        claim,
        async run({ signal }) {
          await again()
          const paths: string[] = []
          const { found, notes } = await walkVisible(operations, place, target, include_ignored, {
            signal,
          })
          for await (const one of matching(found, pathPattern)) {
            if (one.kind === 'directory') continue
            if (paths.length === maxFound) {
              paths.push(`[cut here: more than ${count(maxFound, 'file')}]`)
              break
            }
            paths.push(escapedName(`${prefix}${one.path}`))
          }
          return {
            content: `${paths.length > 0 ? paths.join('\n') : 'No file matches.'}${notes()}`,
            status: 'success',
          }
        },
      }
    },
  })
}

/**
 * A pattern that leads elsewhere (`/…`, `~/…`, `../…`): the directory that it names without any doubt, and what is to be
 * found there. undefined for one below the directory that is searched.
 */
function parted(pattern: string): { path: string; rest: string } | undefined {
  if (!/^(?:\/|~\/|\.\.\/)/.test(pattern)) return undefined
  const parts = pattern.split('/')
  const found = parts.findIndex((part) => /[*?[\]{}\\]/.test(part))
  const first = found < 0 ? parts.length - 1 : Math.max(1, found)
  // With a `/`, so that it does not match at any depth.
  return { path: parts.slice(0, first).join('/') || '/', rest: `./${parts.slice(first).join('/')}` }
}
