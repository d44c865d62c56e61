import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withoutEnd } from '../../text/plain-text.ts'

/** What stands below one heading of the user guide, up to the next heading. */
export interface Section {
  file: string
  level: number
  heading: string
  text: string
}

/** All sections of the Markdown files in `directory` that say something, in the order of the file names. */
export async function readSections(directory: string): Promise<Section[]> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.md')).sort()
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')))
  return texts.flatMap((text, at) => splitSections(files[at] ?? '', text))
}

/** The first heading of each file below its title: what the guide speaks of, at a glance. */
export function topicsOf(sections: readonly Section[]): string[] {
  const first = new Map<string, string>()
  for (const { file, level, heading } of sections)
    if (level === 2 && !first.has(file)) first.set(file, heading)
  return [...first.values()]
}

/** The text with each paragraph and each item of a list on one line: how wide it is, the terminal knows. */
export function joinLines(markdown: string): string {
  const joined: string[] = []
  let fenced = false
  let goesOn = false
  for (const line of markdown.split('\n')) {
    const fence = /^\s*(```|~~~)/.test(line)
    const begins = fence || fenced || line.trim() === '' || /^\s*([|>#]|[-*+] |\d+[.)] )/.test(line)
    if (goesOn && !begins) joined.push(`${joined.pop()} ${line.trim()}`)
    else joined.push(line)
    goesOn = !fence && !fenced && line.trim() !== '' && !/^\s*[|>#]/.test(line)
    if (fence) fenced = !fenced
  }
  return joined.join('\n')
}

export function splitSections(file: string, markdown: string): Section[] {
  const sections: Section[] = []
  let lines: string[] = []
  let fence = ''
  for (const line of markdown.split(/\r?\n/)) {
    const mark = /^\s*(```|~~~)/.exec(line)?.[1] ?? ''
    if (mark !== '' && (fence === '' || fence === mark)) fence = fence === '' ? mark : ''
    const [, hashes, heading] = fence === '' ? (/^(#{1,6})\s+(\S.*)$/.exec(line) ?? []) : []
    if (hashes && heading) {
      lines = []
      const shown = withoutEnd(heading.trimEnd(), '#').trimEnd().replaceAll('`', '')
      sections.push({ file, level: hashes.length, heading: shown, text: '' })
    } else lines.push(line)
    const section = sections.at(-1)
    if (section) section.text = lines.join('\n').trim()
  }
  return sections.filter(({ text }) => text !== '')
}
