import type { Block, Message } from './message.ts'
import type { LineRange } from './path-reference.ts'

/** A file that a prompt names, as the model gets it: a text block of its own behind the prompt. */
export interface Attachment {
  /** undefined: one of the session's own files. A directory goes along as the list of what is in it. */
  kind?: 'file' | 'directory'
  /** As the prompt names it: `@session/notes.md`, `src/a.ts`. */
  path: string
  text: string
  /** Bytes of the whole file. */
  size: number
  /** Only its beginning is here. */
  cut: boolean
  /** Only these lines are here. */
  lines?: LineRange
}

/** The block, between tags that the file's text cannot end. */
export function attachmentBlock({ kind, path, text, size, cut, lines }: Attachment): Block {
  const range = lines ? ` lines="${lines.from}-${lines.to}"` : ''
  const facts = `bytes="${size}"${range}${cut ? ' cut="only the beginning is here"' : ''}`
  return { type: 'text', text: enclosed(kind ?? 'session_file', `path="${attribute(path)}" ${facts}`, text) }
}

/** Tells the model, with a prompt, that the session works in another directory from here on. */
export function movedBlock(cwd: string): Block {
  const text = 'From here on this is the working directory; paths in what was said before began elsewhere.'
  return { type: 'text', text: enclosed('working_directory', `path="${attribute(cwd)}" bytes="0"`, text) }
}

/** A text between tags that it cannot end: the tag gets a number where the text has it. */
export function enclosed(name: string, attributes: string, text: string): string {
  let tag = name
  for (let number = 2; text.includes(`</${tag}>`); number += 1) tag = `${name}_${number}`
  return `<${tag}${attributes && ` ${attributes}`}>\n${text}\n</${tag}>`
}

/** A user's message as it was typed, and the paths of the files that went with it. */
export function typedPart(message: Message): { text: string; files: string[] } {
  const files: string[] = []
  let text = ''
  for (const [place, block] of message.blocks.entries()) {
    if (block.type !== 'text') continue
    const path = place === 0 ? undefined : pathOf(block.text)
    if (path === undefined) text += block.text
    else files.push(path)
  }
  return { text, files }
}

function pathOf(text: string): string | undefined {
  const [, tag, path] =
    /^<((?:session_file|file|directory|working_directory)(?:_\d+)?) path="([^"]*)" bytes="\d+"[^>\n]*>\n/.exec(
      text,
    ) ?? []
  if (path === undefined || !text.endsWith(`\n</${tag}>`)) return undefined
  return path
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** As it may stand between quotes in a tag. */
export function attribute(path: string): string {
  return path
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
