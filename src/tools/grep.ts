import { setImmediate } from 'node:timers/promises'
import { madeByPrograms } from '../domain/made-by-programs.ts'
import { credentialsHead, credentialsIn } from '../domain/sensitive.ts'
import { escapedName } from '../text/escaped-name.ts'
import { firstLines } from './cap.ts'
import { idOf, showPath, type Target } from './files/locate.ts'
import { type Operations, realOperations } from './files/operations.ts'
import { encodingOf, isBinary, readFileAt } from './files/read-file.ts'
import { readTarget } from './files/read-target.ts'
import { Refusal } from './refusal.ts'
import { reveal } from './reveal.ts'
import { matching, namePattern } from './search/literal-names.ts'
import { lineMatcher } from './search/regex.ts'
import type { WalkedEntry } from './search/walk.ts'
import { walkVisible } from './search/walk-visible.ts'
import { also, boolean, directoryNames, fileNames, object, optional, text } from './shape.ts'
import { defineTool, type Tool } from './tool.ts'

const caps = { matches: 500, text: 64_000, line: 500, file: 2_000_000 }

const shape = object({
  pattern: also(
    ['regex', 'regexp', 'query'],
    text('A JavaScript regular expression, matched line by line', { min: 1, limit: 1000 }),
  ),
  path: also(
    [...fileNames, ...directoryNames],
    optional(
      text('The directory to look in, or one file; default: the working directory', { min: 1, limit: 4096 }),
    ),
  ),
  include: also(
    ['glob', 'include_pattern', 'file_pattern'],
    optional(text('Only files that match this pattern, such as *.{ts,tsx}', { min: 1, limit: 1000 })),
  ),
  ignore_case: also(['case_insensitive', '-i'], optional(boolean('Letter case does not matter'))),
  include_ignored: optional(boolean('Also what .gitignore leaves out; default: false')),
})

/** Finds lines by a regular expression. */
export function grep(operations: Operations = realOperations): Tool {
  return defineTool({
    name: 'grep',
    description: `Finds lines in files by a regular expression: path:line: text. Leaves out what .gitignore names, ${madeByPrograms.join(', ')}, binary files and files above ${caps.file / 1e6} MB, and follows no links.`,
    shape,
    claims: 'read',
    async prepare({ pattern, path = '.', include, ignore_case = false, include_ignored = false }, place) {
      const matches = lineMatcher(pattern, ignore_case)
      const named = namePattern(include ?? '**')
      if (!named) throw new Refusal('include has too many alternatives')
      const { target, claim, again } = await readTarget(operations, place, path, 'grep')
      const files = include === undefined ? '' : ` (files ${reveal(include)})`
      const all = include_ignored ? ', ignored ones, too' : ''
      return {
        lines: [
          {
            kind: 'text',
            text: `search ${showPath(target, place.cwd)} for /${reveal(pattern)}/${files}${all}`,
          },
        ],
        claim,
        async run({ signal }) {
          await again()
          const lines: string[] = []
          const search = (name: string, content: string) => {
            for (const { number, line } of matches(content, name))
              lines.push(`${escapedName(name)}:${number}: ${line.slice(0, caps.line)}`)
          }
          if (target.kind === 'file') {
            search(path, await wholeText(operations, target))
            return { content: report(lines, 0), status: 'success' }
          }
          let skipped = 0
          const { found, notes } = await walkVisible(operations, place, target, include_ignored, {
            signal,
          })
          for await (const one of matching(found, named)) {
            if (one.kind !== 'file') continue
            const content = await textOf(operations, one)
            if (content === undefined) skipped++
            else search(one.path, content)
            if (lines.length > caps.matches) break
            await setImmediate()
            signal.throwIfAborted()
          }
          return { content: `${report(lines, skipped)}${notes()}`, status: 'success' }
        },
      }
    },
  })
}

/** Of the one file that is searched. @throws Refusal when it is not a text */
async function wholeText(operations: Operations, target: Target): Promise<string> {
  const { bytes, size } = await readFileAt(operations, target)
  if (isBinary(bytes)) throw new Refusal(`${target.asked} is ${encodingOf(bytes)} of ${size} bytes`)
  if (size > bytes.length)
    throw new Refusal(`${target.asked} has ${size} bytes: it is too long to be searched`)
  return bytes.toString('utf8')
}

/** undefined: binary, too long, with credentials in it, or not readable any more. */
async function textOf(operations: Operations, { path, real }: WalkedEntry): Promise<string | undefined> {
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
