import { type Block, roles } from '../domain/message.ts'
import type { Transcript, TranscriptMessage } from './transcript.ts'
import { checkBlock, checkMessage, Mismatch } from './transcript-check.ts'
import { transcriptError } from './transcript-error.ts'
import { hideMarks, mark, type Part, parseObject, showMarks, splitAtMarks } from './transcript-marks.ts'

/**
 * A transcript as Markdown that reads well and comes back exactly. A comment `<!-- q:… -->` at a line's beginning, for a
 * message behind its heading, begins each part, with an empty line around what belongs to it. A line of the text that
 * looks so gets a backslash before it.
 */
export function formatMarkdown({ name, messages }: Transcript): string {
  const parts = [mark('transcript', { v: 1, name }), `# ${name.replaceAll(/[^\w-]+/g, ' ')}`]
  for (const { role, createdAt, partial, blocks } of messages) {
    const facts = { at: createdAt, ...(partial ? { partial } : {}) }
    parts.push(`## ${headings[role]}, ${moment(createdAt)} ${mark(role, facts)}`)
    for (const [place, block] of blocks.entries()) parts.push(...formatBlock(block, place === 0))
  }
  return `${[...parts, mark('end')].join('\n\n')}\n`
}

/** @throws UserError with the line and the reason when it is not what `formatMarkdown` makes */
export function parseMarkdown(text: string, file: string): Transcript {
  const parts = splitAtMarks(text, file)
  const [first, ...rest] = parts
  if (first?.line !== 1) throw transcriptError(file, 1, 'this is not a conversation that /save wrote')
  let name = ''
  const messages: TranscriptMessage[] = []
  let line = 1
  try {
    name = headerName(first)
    for (const part of rest.slice(0, -1)) {
      line = part.line
      addPart(messages, part)
    }
    line = rest.at(-1)?.line ?? first.line
    checkEnd(rest.at(-1))
  } catch (error) {
    if (error instanceof Mismatch) throw transcriptError(file, line, error.message)
    throw error
  }
  return { name, messages }
}

const blockKinds = ['text', 'tool_use', 'tool_result']
const headings = { user: 'You', assistant: 'Answer' } as const

function formatBlock(block: Block, isFirst: boolean): string[] {
  if (block.type === 'text') return [...(isFirst ? [] : [mark('text')]), hideMarks(block.text)]
  if (block.type === 'tool_use') {
    const { id, name, input } = block
    return [mark('tool_use'), `\`\`\`json\n${JSON.stringify({ id, name, input }, null, 2)}\n\`\`\``]
  }
  const fence = '`'.repeat(Math.max(3, ...[...block.content.matchAll(/`+/g)].map(([run]) => run.length + 1)))
  const { id, status, content } = block
  return [mark('tool_result', { id, status }), `${fence}\n${hideMarks(content)}\n${fence}`]
}

/** In UTC: a transcript is read elsewhere, too. */
function moment(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? '?' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function headerName(part: Part): string {
  const { kind, facts } = part
  if (kind !== 'transcript') throw new Mismatch('this is not a conversation that /save wrote')
  if (facts.v !== 1) throw new Mismatch(`this is version ${JSON.stringify(facts.v)}; this q reads version 1`)
  if (typeof facts.name !== 'string') throw new Mismatch('the name is missing')
  return facts.name
}

function checkEnd(part: Part | undefined): void {
  if (part?.kind !== 'end') throw new Mismatch('the end is missing: the file was cut off after this part')
  if (part.body.some((line) => line.trim() !== '')) throw new Mismatch('something stands behind the end')
}

function addPart(messages: TranscriptMessage[], part: Part): void {
  const { kind, facts } = part
  const body = bodyOf(part)
  const role = roles.find((known) => known === kind)
  if (role) {
    const { at, partial = false, ...unknown } = facts
    messages.push(checkMessage({ role, createdAt: at, partial, blocks: [], ...unknown }))
    if (body) messages.at(-1)?.blocks.push({ type: 'text', text: showMarks(body) })
    return
  }
  if (!blockKinds.includes(kind)) throw new Mismatch(`nothing is called "${kind}" here`)
  const message = messages.at(-1)
  if (!message) throw new Mismatch('this stands before the first message')
  if (kind === 'text') message.blocks.push({ type: 'text', text: showMarks(body ?? []) })
  else if (kind === 'tool_use') {
    message.blocks.push(checkBlock({ ...parseObject(fenced(body).join('\n')), type: 'tool_use' }))
  } else message.blocks.push(checkBlock({ ...facts, type: 'tool_result', content: showMarks(fenced(body)) }))
}

/** What stands between the empty lines around it; undefined when there is nothing. */
function bodyOf({ body }: Part): string[] | undefined {
  if (body.length <= 2 && body.every((line) => line === '')) return undefined
  if (body.length < 3 || body[0] !== '' || body.at(-1) !== '')
    throw new Mismatch('what follows is to have an empty line before and behind it')
  return body.slice(1, -1)
}

function fenced(body: readonly string[] = []): string[] {
  const fence = /^`{3,}/.exec(body[0] ?? '')?.[0]
  if (fence === undefined || body.length < 3 || body.at(-1) !== fence)
    throw new Mismatch('what follows is to stand in a fence of backticks')
  return body.slice(1, -1)
}
