import { dirname } from 'node:path'
import { describeError } from '../base/errors.ts'
import { escapedName } from '../text/escaped-name.ts'
import { count } from '../text/plain-text.ts'
import type { CallPlace } from './files/call-place.ts'
import { locate, locateAgain, showPath, type Target } from './files/locate.ts'
import { type Operations, realOperations } from './files/operations.ts'
import { readLines, searchLines } from './files/read-lines.ts'
import { fsReadShape, type ReadOperation } from './fs-read-input.ts'
import { Refusal } from './refusal.ts'
import { reveal, type ShownLine } from './reveal.ts'
import { listDirectory } from './search/list-directory.ts'
import { defineTool, type Tool, type ToolResult } from './tool.ts'

/** Reads lines of files, lists directories and searches files, several at once. */
export function fsRead(operations: Operations = realOperations): Tool {
  return defineTool({
    name: 'fs_read',
    description:
      'Reads files, lists directories and searches for text in files. Several operations in one call are better than several calls. Output is capped: read long files in parts.',
    shape: fsReadShape,
    claims: 'read',
    async prepare({ operations: wanted }, place) {
      const found: { operation: ReadOperation; target: Target }[] = []
      for (const operation of wanted)
        found.push({ operation, target: await find(operations, place, operation) })
      return {
        lines: found.map(({ operation, target }) => shown(operation, target, place.cwd)),
        claim: {
          type: 'read',
          tool: 'fs_read',
          paths: found.map(({ target }) => target.real),
          asked: found.map(({ target }) => target.ways),
          directories: found.map(({ target }) =>
            target.kind === 'directory' ? target.real : dirname(target.real),
          ),
        },
        async run({ signal }) {
          const results: (ToolResult & { path: string })[] = []
          for (const { operation, target } of found) {
            signal.throwIfAborted()
            const path = operation.path
            const result = await one(operations, place, operation, target, signal)
            results.push({ path, ...result })
          }
          return joined(results)
        },
      }
    },
  })
}

async function find(
  operations: Operations,
  place: CallPlace,
  { mode, path }: ReadOperation,
): Promise<Target> {
  const target = await locate(operations, place, path)
  if (target.kind === 'absent') throw new Refusal(`${path} does not exist`)
  const wanted = mode === 'Directory' ? 'directory' : 'file'
  if (target.kind !== wanted) throw new Refusal(`${path} is a ${target.kind}: mode ${mode} wants a ${wanted}`)
  return target
}

function shown(operation: ReadOperation, target: Target, cwd: string): ShownLine {
  const path = showPath(target, cwd)
  switch (operation.mode) {
    case 'Line':
      return { kind: 'text', text: `read ${path}${linesShown(operation)}` }
    case 'Directory':
      return {
        kind: 'text',
        text: `list ${path}${operation.depth ? `, ${operation.depth} levels deep` : ''}${operation.all ? ', ignored ones, too' : ''}`,
      }
    case 'Search':
      return { kind: 'text', text: `search ${path} for "${reveal(operation.pattern)}"` }
  }
}

function linesShown({ start, end }: Extract<ReadOperation, { mode: 'Line' }>): string {
  if (start === 1 && end === -1) return ''
  const from = start < 0 ? `${-start} from the end` : start
  const to = end === -1 ? 'the end' : end < 0 ? `${-end} from the end` : end
  return `, lines ${from} to ${to}`
}

async function one(
  operations: Operations,
  place: CallPlace,
  operation: ReadOperation,
  target: Target,
  signal: AbortSignal,
): Promise<ToolResult> {
  try {
    if (operation.mode === 'Directory') {
      await locateAgain(operations, place, target)
      return {
        content: await listDirectory(operations, place, target, { ...operation, signal }),
        status: 'success',
      }
    }
    await locateAgain(operations, place, target)
    const read = operation.mode === 'Line' ? readLines : searchLines
    return { content: await read(operations, target, operation as never), status: 'success' }
  } catch (error) {
    if (signal.aborted) throw error
    return { content: error instanceof Refusal ? error.message : describeError(error), status: 'error' }
  }
}

function joined(results: readonly (ToolResult & { path: string })[]): ToolResult {
  const [only] = results
  if (only && results.length === 1) return { content: only.content, status: only.status }
  const failed = results.filter(({ status }) => status === 'error').length
  const note = failed > 0 ? `[${count(failed, 'operation')} of ${results.length} failed]\n` : ''
  const parts = results.map(({ path, content }) => `== ${escapedName(path)} ==\n${content}`)
  return { content: note + parts.join('\n'), status: failed === results.length ? 'error' : 'success' }
}
