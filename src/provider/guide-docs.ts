import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

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

/** The headings that make a table of contents. */
export function topicsOf(sections: readonly Section[]): string[] {
  return sections.flatMap(({ level, heading }) => (level <= 2 ? [heading] : []))
}

export function splitSections(file: string, markdown: string): Section[] {
  const sections: Section[] = []
  let lines: string[] = []
  let fence = ''
  for (const line of markdown.split(/\r?\n/)) {
    const mark = /^\s*(```|~~~)/.exec(line)?.[1] ?? ''
    if (mark !== '' && (fence === '' || fence === mark)) fence = fence === '' ? mark : ''
    const [, hashes, heading] = fence === '' ? (/^(#{1,6})\s+(.+?)\s*#*$/.exec(line) ?? []) : []
    if (hashes && heading) {
      lines = []
      sections.push({ file, level: hashes.length, heading: heading.replaceAll('`', ''), text: '' })
    } else lines.push(line)
    const section = sections.at(-1)
    if (section) section.text = lines.join('\n').trim()
  }
  return sections.filter(({ text }) => text !== '')
}
