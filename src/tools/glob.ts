import { madeByPrograms } from '../domain/made-by-programs.ts'
import { wildcard } from '../domain/wildcard.ts'
import { hiddenBelow, showPath } from './locate.ts'
import { type Operations, realOperations } from './operations.ts'
import { reveal } from './reveal.ts'
import { inDirectory } from './search-root.ts'
import { object, optional, Refusal, text } from './shape.ts'
import { defineTool, type Tool } from './tool.ts'
import { walk } from './walk.ts'

const limit = 1000

const shape = object({
  pattern: text('Such as src/**/*.ts; a pattern without / matches names at any depth', {
    min: 1,
    limit: 1000,
  }),
  path: optional(text('The directory to look in; default: the working directory', { min: 1, limit: 4096 })),
})

/** Finds files by name. */
export function glob(operations: Operations = realOperations): Tool {
  return defineTool({
    name: 'glob',
    description: `Finds files by a pattern for their path. Leaves out ${madeByPrograms.join(', ')} and follows no links.`,
    shape,
    async prepare({ pattern, path = '.' }, place) {
      const matches = wildcard(pattern.includes('/') ? pattern : `**/${pattern}`)
      if (!matches) throw new Refusal('The pattern has too many alternatives')
      const { target, claim, again } = await inDirectory(operations, place, path, 'glob')
      return {
        lines: [{ kind: 'text', text: `find ${reveal(pattern)} in ${showPath(target, place.cwd)}` }],
        claim,
        async run({ signal }) {
          await again()
          const paths: string[] = []
          const options = { signal, hidden: hiddenBelow(target, place), skip: madeByPrograms }
          for await (const found of walk(operations, target.real, options)) {
            if (found.kind === 'directory' || !matches(found.path)) continue
            if (paths.length === limit) {
              paths.push(`[cut here: more than ${limit} files]`)
              break
            }
            paths.push(found.path)
          }
          return { content: paths.length > 0 ? paths.join('\n') : 'No file matches.', status: 'success' }
        },
      }
    },
  })
}
