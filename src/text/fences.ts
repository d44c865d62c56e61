/** The fenced code blocks of a Markdown text, in their order, without their fences. One that is left open goes to the end. */
export function codeBlocks(markdown: string): string[] {
  const blocks: string[] = []
  let open: { indent: number; ends: RegExp; lines: string[] } | undefined
  for (const line of markdown.split('\n')) {
    if (open?.ends.test(line)) {
      blocks.push(open.lines.join('\n'))
      open = undefined
    } else if (open) open.lines.push(line.replace(new RegExp(`^ {0,${open.indent}}`), ''))
    else open = fence(line)
  }
  return open ? [...blocks, open.lines.join('\n')] : blocks
}

/** In a list, the mark of an entry may stand before the fence. */
function fence(line: string): { indent: number; ends: RegExp; lines: string[] } | undefined {
  const [, before = '', marks = ''] =
    /^((?:[ ]*(?:[-*+]|\d{1,9}[.)])(?= ))*[ ]*)(`{3,}(?=[^`]*$)|~{3,})/.exec(line) ?? []
  if (marks === '') return undefined
  return { indent: before.length, ends: new RegExp(`^ *${marks[0]}{${marks.length},}\\s*$`), lines: [] }
}
