import { setImmediate } from 'node:timers/promises'
import { madeByPrograms } from '../domain/made-by-programs.ts'
import { credentialsHead, credentialsIn } from '../domain/sensitive.ts'
import { wildcard } from '../domain/wildcard.ts'
import { firstLines } from './cap.ts'
import { hiddenBelow, idOf, showPath } from './locate.ts'
import { type Operations, realOperations } from './operations.ts'
import { isBinary, readFileAt } from './read-file.ts'
import { lineMatcher } from './regex.ts'
import { reveal } from './reveal.ts'
import { inDirectory } from './search-root.ts'
import { boolean, object, optional, Refusal, text } from './shape.ts'
import { defineTool, type Tool } from './tool.ts'
import { type Found, walk } from './walk.ts'

const caps = { matches: 500, text: 64_000, line: 500, file: 2_000_000 }

const shape = object({
  pattern: text('A JavaScript regular expression, matched line by line', { min: 1, limit: 1000 }),
  path: optional(text('The directory to look in; default: the working directory', { min: 1, limit: 4096 })),
  include: optional(text('Only files that match this pattern, such as *.{ts,tsx}', { min: 1, limit: 1000 })),
  ignore_case: optional(boolean('Letter case does not matter')),
})

/** Finds lines by a regular expression. */
export function grep(operations: Operations = realOperations): Tool {
  return defineTool({
    name: 'grep',
    description: `Finds lines in files by a regular expression: path:line: text. Leaves out ${madeByPrograms.join(', ')}, binary files and files above ${caps.file / 1e6} MB, and follows no links.`,
    shape,
    async prepare({ pattern, path = '.', include, ignore_case = false }, place) {
      const matches = lineMatcher(pattern, ignore_case)
      const named =
        include === undefined ? () => true : wildcard(include.includes('/') ? include : `**/${include}`)
      if (!named) throw new Refusal('include has too many alternatives')
      const { target, claim, again } = await inDirectory(operations, place, path, 'grep')
      const files = include === undefined ? '' : ` (files ${reveal(include)})`
      return {
        lines: [
          { kind: 'text', text: `search ${showPath(target, place.cwd)} for /${reveal(pattern)}/${files}` },
        ],
        claim,
        async run({ signal }) {
          await again()
          const lines: string[] = []
          let skipped = 0
          const options = { signal, hidden: hiddenBelow(target, place), skip: madeByPrograms }
          for await (const found of walk(operations, target.real, options)) {
            if (found.kind !== 'file' || !named(found.path)) continue
            const content = await textOf(operations, found)
            if (content === undefined) skipped++
            else
              for (const { number, line } of matches(content, found.path))
                lines.push(`${found.path}:${number}: ${line.slice(0, caps.line)}`)
            if (lines.length > caps.matches) break
            await setImmediate()
            signal.throwIfAborted()
          }
          return { content: report(lines, skipped), status: 'success' }
        },
      }
    },
  })
}

/** undefined: binary, too long, with credentials in it, or not readable any more. */
async function textOf(operations: Operations, { path, real }: Found): Promise<string | undefined> {
  const stats = await operations.fs.lstat(real).catch(() => undefined)
  if (!stats?.isFile() || stats.size > caps.file) return undefined
  const target = { asked: path, ways: undefined, real, kind: 'file', id: idOf(stats) } as const
  const content = await readFileAt(operations, target).catch(() => undefined)
  if (!content || isBinary(content.bytes)) return undefined
  const text = content.bytes.toString('utf8')
  return credentialsIn(real, text.slice(0, credentialsHead)) === undefined ? text : undefined
}

function report(lines: string[], skipped: number): string {
  const notes =
    skipped > 0 ? `\n[${skipped} files left out: binary, too long, not readable or with a key in it]` : ''
  if (lines.length === 0) return `No line matches.${notes}`
  const { text, left } = firstLines(lines.slice(0, caps.matches), caps.text)
  const more = left > 0 || lines.length > caps.matches ? '\n[cut here: there is more; narrow the search]' : ''
  return text + more + notes
}
