import { diffLines } from './diff.ts'

/**
 * A text with `text` in place of what stands between two places, counted in its flat form. Every other byte stays, and so
 * does the line end of each line that is in both; a changed line keeps its own, an added one gets the text's usual one.
 */
export function spliceLines(whole: string, from: number, to: number, text: string): string {
  const lines = linesOf(whole)
  const usual = usualEnd(lines)
  if (usual === undefined) return whole.slice(0, from) + text + whole.slice(to)
  const start = placeOf(lines, from)
  const end = placeOf(lines, to)
  return whole.slice(0, start) + withEnds(text, linesOf(whole.slice(start, end)), usual) + whole.slice(end)
}

/** The text with `\n` for every line end: `\r\n` is one, too. */
export function flat(text: string): string {
  return text.includes('\r') ? textsOf(linesOf(text)).join('\n') : text
}

interface EndedLine {
  text: string
  /** `\n` with the `\r`s before it; '' of what stands behind the last one. */
  end: string
}

/** By hand: a pattern for the `\r`s would try a long run of them anew from each. */
function linesOf(text: string): EndedLine[] {
  const parts = text.split('\n')
  const last = parts.pop() ?? ''
  return [...parts.map(cut), { text: last, end: '' }]
}

function cut(part: string): EndedLine {
  let length = part.length
  while (part[length - 1] === '\r') length--
  return { text: part.slice(0, length), end: `${part.slice(length)}\n` }
}

function textsOf(lines: readonly EndedLine[]): string[] {
  return lines.map(({ text }) => text)
}

/** The end that most lines have, the first one of those that as many have. */
function usualEnd(lines: readonly EndedLine[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { end } of lines) if (end !== '') counts.set(end, (counts.get(end) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return [...counts].find(([, count]) => count === most)?.[0]
}

/** Where a place of the flat form stands in the text itself. */
function placeOf(lines: readonly EndedLine[], flatPlace: number): number {
  let left = flatPlace
  let place = 0
  for (const { text, end } of lines) {
    if (left <= text.length) break
    left -= text.length + 1
    place += text.length + end.length
  }
  return place + left
}

function withEnds(text: string, old: readonly EndedLine[], usual: string): string {
  const fresh = flat(text).split('\n')
  if (old.every(({ end }) => end === usual || end === '')) return fresh.join(usual)
  let result = ''
  let at = 0
  let written = 0
  let removed: string[] = []
  let added = 0
  const write = (line: string, end: string | undefined) => {
    written++
    result += written === fresh.length ? line : line + (end || usual)
  }
  for (const { kind, line } of diffLines(textsOf(old), fresh)) {
    if (kind === 'add') {
      write(line, removed[added++])
      continue
    }
    const end = old[at++]?.end ?? ''
    if (kind === 'remove') removed.push(end)
    else {
      removed = []
      added = 0
      write(line, end)
    }
  }
  return result
}
