import { count } from '../domain/text.ts'
import { shownDiff } from './diff-shown.ts'
import { edited, fsWriteShape, type WriteInput } from './edit.ts'
import { locate, locateAgain, showPath, type Target } from './locate.ts'
import { type Operations, realOperations } from './operations.ts'
import { fileCap, isBinary, readFileAt } from './read-file.ts'
import { replaceFile } from './replace-file.ts'
import type { ShownLine } from './reveal.ts'
import { Refusal } from './shape.ts'
import { defineTool, type Tool } from './tool.ts'

/** Creates and changes text files. What is shown is the change to the file as it is now; another file is not touched. */
export function fsWrite(operations: Operations = realOperations): Tool {
  return defineTool({
    name: 'fs_write',
    description:
      'Creates a text file or changes one: the user sees the difference before it is written. Read a file before changing it.',
    shape: fsWriteShape,
    async prepare(input, place) {
      const target = await locate(operations, place, input.path)
      if (target.kind === 'directory') throw new Refusal(`${input.path} is a directory`)
      const before = await current(operations, target)
      const after = edited(input, before?.text)
      if (before?.text === after) throw new Refusal(`${input.path} has exactly this content already`)
      const notes = notesOn(input, target)
      return {
        lines: [
          { kind: 'text', text: `${verb(input, target)} ${showPath(target, place.cwd)}` },
          ...notes,
          ...shownDiff(before?.text, after),
        ],
        claim: { type: 'write', tool: 'fs_write', path: target.real, asked: target.ways },
        async run({ signal }) {
          if (target.kind === 'absent') await locateAgain(operations, place, target)
          else await unchanged(operations, place, target, before?.bytes)
          signal.throwIfAborted()
          await replaceFile(operations, target.real, after, before?.mode)
          return {
            content: `Written: ${target.real}, ${count(lineCount(after), 'line')}.`,
            status: 'success',
          }
        },
      }
    },
  })
}

interface Current {
  text: string
  bytes: Buffer
  mode: number
}

async function current(operations: Operations, target: Target): Promise<Current | undefined> {
  if (target.kind === 'absent') return undefined
  const { bytes, size, mode } = await readFileAt(operations, target)
  if (size > bytes.length) {
    throw new Refusal(`${target.asked} has ${size} bytes; files above ${fileCap} are not changed`)
  }
  const text = bytes.toString('utf8')
  if (isBinary(bytes) || !Buffer.from(text).equals(bytes)) {
    throw new Refusal(`${target.asked} is not a UTF-8 text: it is not changed`)
  }
  return { text, bytes, mode }
}

/** An editor may have saved the same bytes under a new inode: only other bytes, or another place, count. */
async function unchanged(
  operations: Operations,
  place: Parameters<typeof locate>[1],
  target: Target,
  bytes: Buffer | undefined,
): Promise<void> {
  const now = await locate(operations, place, target.asked)
  const content =
    now.kind === 'file' && now.real === target.real ? await readFileAt(operations, now) : undefined
  if (content && bytes && content.bytes.equals(bytes) && content.size === bytes.length) return
  throw new Refusal(
    `${target.asked} was changed since the difference was shown: nothing was written. Read it again.`,
  )
}

function verb(input: WriteInput, target: Target): string {
  if (target.kind === 'absent') return 'create'
  return input.command === 'create' ? 'replace all of' : 'change'
}

function notesOn(input: WriteInput, target: Target): ShownLine[] {
  const absent = target.kind === 'absent' && input.command === 'create'
  return absent && input.file_text === '' ? [{ kind: 'note', text: '(an empty file)' }] : []
}

function lineCount(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}
