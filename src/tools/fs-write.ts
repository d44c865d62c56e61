import { isUtf8 } from 'node:buffer'
import { escapedName } from '../text/escaped-name.ts'
import { count } from '../text/plain-text.ts'
import type { CallPlace } from './files/call-place.ts'
import { createFile } from './files/create-file.ts'
import { shownDiff } from './files/diff-shown.ts'
import { type Copies, temporaryCopies } from './files/kept-copies.ts'
import { locate, locateAgain, showPath, type Target } from './files/locate.ts'
import { type Operations, realOperations } from './files/operations.ts'
import { changedMeanwhile, overwriteFile } from './files/overwrite-file.ts'
import { encodingOf, type FileContent, fileCap, isBinary, readFileAt } from './files/read-file.ts'
import { edited, fsWriteShape, type WriteInput } from './files/replace-text.ts'
import { Refusal } from './refusal.ts'
import type { ShownLine } from './reveal.ts'
import { defineTool, type Tool } from './tool.ts'

/** Creates and changes text files. What is shown is the change to the file as it is now; another file is not touched. */
export function fsWrite(operations: Operations = realOperations, copies: Copies = temporaryCopies()): Tool {
  return defineTool({
    name: 'fs_write',
    description:
      'Creates a text file or changes one: the user sees the difference before it is written. Read a file before changing it.',
    shape: fsWriteShape,
    claims: 'write',
    async prepare(input, place) {
      const target = await locate(operations, place, input.path)
      if (target.kind === 'directory') throw new Refusal(`${input.path} is a directory`)
      const before = await current(operations, target)
      const text = edited(input, before?.text)
      if (before?.text === text)
        throw new Refusal(
          `${input.path} has exactly this content already. Its line ends, its BOM and a missing last newline are kept; change those by a command.`,
        )
      const notes = notesOn(input, before)
      return {
        lines: [
          { kind: 'text', text: `${verb(input, target)} ${showPath(target, place.cwd)}` },
          ...notes,
          ...shownDiff(before?.text, text),
        ],
        claim: { type: 'write', tool: 'fs_write', path: target.real, asked: target.ways },
        async run({ signal, onOutput }) {
          const mended = (await copies.mend()).map((line) => `${line}\n`).join('')
          if (mended !== '') onOutput(mended)
          const after = Buffer.from(text)
          let lost = ''
          if (before) lost = await overwrite(operations, place, target, { before, after }, signal, copies)
          else {
            await locateAgain(operations, place, target)
            signal.throwIfAborted()
            await createFile(operations, target.real, after)
          }
          return {
            content: `${mended}Written: ${escapedName(target.real)}, ${count(lineCount(text), 'line')}.${lost}`,
            status: 'success',
          }
        },
      }
    },
  })
}

async function current(
  operations: Operations,
  target: Target,
): Promise<(FileContent & { text: string }) | undefined> {
  if (target.kind === 'absent') return undefined
  const content = await readFileAt(operations, target)
  const { bytes, size } = content
  if (size > bytes.length) {
    throw new Refusal(`${target.asked} has ${size} bytes; files above ${fileCap} are not changed`)
  }
  if (isBinary(bytes) || !isUtf8(bytes)) {
    throw new Refusal(`${target.asked} is ${encodingOf(bytes)}, not a UTF-8 text: it is not changed`)
  }
  return { ...content, text: bytes.toString('utf8') }
}

/** An editor may have saved the same bytes under a new inode: only other bytes, another place and new names count. */
async function overwrite(
  operations: Operations,
  place: CallPlace,
  target: Target,
  { before, after }: { before: FileContent; after: Buffer },
  signal: AbortSignal,
  copies: Copies,
): Promise<string> {
  const now = await locate(operations, place, target.asked)
  if (now.kind !== 'file' || now.real !== target.real) throw changedMeanwhile(target)
  signal.throwIfAborted()
  return overwriteFile(operations, now, { before: before.bytes, after, links: before.links }, copies)
}

function verb(input: WriteInput, target: Target): string {
  if (target.kind === 'absent') return 'create'
  return input.command === 'create' ? 'replace all of' : 'change'
}

function notesOn(input: WriteInput, before: FileContent | undefined): ShownLine[] {
  const notes: ShownLine[] = []
  if (!before && input.command === 'create' && input.file_text === '')
    notes.push({ kind: 'note', text: '(an empty file)' })
  if (before && before.links > 1)
    notes.push({
      kind: 'note',
      text: `(the file has ${count(before.links - 1, 'other name')}, a hard link each: it changes there, too)`,
    })
  return notes
}

function lineCount(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}
