import { isUtf8 } from 'node:buffer'
import { firstLines } from '../cap.ts'
import type { ReadOperation } from '../fs-read-input.ts'
import { Refusal } from '../refusal.ts'
import type { Target } from './locate.ts'
import type { Operations } from './operations.ts'
import { encodingOf, fileCap, isBinary, readFileAt } from './read-file.ts'

/** The most text of one operation that goes to the model, in UTF-16 units. */
const textCap = 64_000

/** The lines asked for, as they are; what was cut off is said in a last line. @throws Refusal */
export async function readLines(
  operations: Operations,
  target: Target,
  { start, end }: Extract<ReadOperation, { mode: 'Line' }>,
): Promise<string> {
  const { lines, note } = await linesAt(operations, target)
  const from = start < 0 ? Math.max(0, lines.length + start) : Math.max(0, start - 1)
  const to = end < 0 ? lines.length + end + 1 : end
  if (from >= lines.length && lines.length > 0) {
    throw new Refusal(`${target.asked} has ${lines.length} lines; line ${start} does not exist`)
  }
  const { text, left } = firstLines(lines.slice(from, to), textCap)
  const more = left > 0 ? `\n[cut here: ${left} more lines were asked for, from line ${to - left + 1}]` : ''
  return `${text}${left > 0 ? more : ''}${note}`
}

/** The lines that contain the pattern, with their numbers and the lines around them. @throws Refusal */
export async function searchLines(
  operations: Operations,
  target: Target,
  { pattern, context }: Extract<ReadOperation, { mode: 'Search' }>,
): Promise<string> {
  const { lines, note } = await linesAt(operations, target)
  const wanted = pattern.toLowerCase()
  const shown: string[] = []
  let last = -1
  let found = 0
  for (const [index, line] of lines.entries()) {
    if (!line.toLowerCase().includes(wanted)) continue
    found++
    const from = Math.max(last + 1, index - context)
    if (from > last + 1 && last >= 0) shown.push('--')
    for (let at = from; at <= Math.min(lines.length - 1, index + context); at++) {
      const hit = lines[at]?.toLowerCase().includes(wanted)
      shown.push(`${at + 1}${hit ? ':' : '-'} ${(lines[at] ?? '').slice(0, 1000)}`)
      last = at
    }
  }
  if (found === 0) return `No line contains ${JSON.stringify(pattern)}.${note}`
  const { text, left } = firstLines(shown, textCap)
  return `${text}${left > 0 ? `\n[cut here: ${found} lines contain it]` : ''}${note}`
}

async function linesAt(operations: Operations, target: Target): Promise<{ lines: string[]; note: string }> {
  const { bytes, size } = await readFileAt(operations, target)
  if (isBinary(bytes)) throw new Refusal(`${target.asked} is ${encodingOf(bytes)} of ${size} bytes`)
  const text = bytes.toString('utf8')
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const foreign = size === bytes.length && !isUtf8(bytes) ? foreignNote : ''
  const note = size > bytes.length ? `\n[only the first ${fileCap} of ${size} bytes were read]` : foreign
  return { lines, note }
}

const foreignNote =
  '\n[not UTF-8: what is none stands as \ufffd here, and fs_write does not change this file]'
