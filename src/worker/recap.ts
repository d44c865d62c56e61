import { typedPart } from '../domain/attachment.ts'
import { type Block, isPrompt, type StoredMessage } from '../domain/message.ts'
import { isSuperseded } from '../domain/valid-history.ts'
import { oneLine } from '../text/plain-text.ts'
import { sanitize } from '../text/sanitizer.ts'
import type { Style } from '../text/style.ts'
import { when } from '../text/when.ts'

/** How much of a prompt and of an answer is shown where a session comes back. */
const maxShown = { user: { lines: 6, letters: 600 }, assistant: { lines: 30, letters: 4000 } }

/**
 * What a person sees of a conversation that comes back: the last prompt and its answer, long ones cut, and that an
 * answer was cut off, if it was. Takes the messages from the last prompt on; nothing for a conversation without any.
 */
export function recap(messages: readonly StoredMessage[], style: Style): string[] {
  const last = messages.at(-1)
  if (!last) return []
  const prompt = messages.findLast(isPrompt)
  const lines = [style.dim(`── last time, ${when(last.createdAt)} ──`)]
  if (prompt) lines.push(`${style.bold('>')} ${shorten(spoken(prompt, style), maxShown.user, style)}`)
  const answer = messages
    .slice(prompt ? messages.indexOf(prompt) + 1 : 0)
    .filter(({ role }, index, all) => role === 'assistant' && !isSuperseded(all, index))
    .map((message) => spoken(message, style))
    .filter((text) => text !== '')
    .join('\n')
  if (answer !== '') lines.push(shorten(answer, maxShown.assistant, style))
  const ending = endingOf(last)
  return ending === undefined ? lines : [...lines, style.dim(ending)]
}

/** The whole of some messages, each under who said it when: `/history`. */
export function historyLines(messages: readonly StoredMessage[], style: Style): string[] {
  return messages.flatMap((message) => {
    const results = message.blocks.filter((block) => block.type === 'tool_result')
    const who = message.role === 'assistant' ? 'answer' : isPrompt(message) ? 'you' : 'tools'
    const partial = message.partial ? ', cut off' : ''
    const said = [spoken(message, style), ...results.map((block) => resultLine(block, style))]
    const text = said.filter((part) => part !== '').join('\n')
    return [
      style.dim(`── ${who}, ${when(message.createdAt)}${partial} ──`),
      ...(text === '' ? [] : [text]),
      '',
    ]
  })
}

/** The text of a message for a terminal, with a note for each file and tool use in it. */
function spoken(message: StoredMessage, style: Style): string {
  if (message.role === 'user') {
    const { text, files } = typedPart(message)
    const notes = files.map((path) => style.dim(`(with ${oneLine(path)})`))
    return [sanitize(text).trimEnd(), ...notes].join('\n')
  }
  const parts = message.blocks.flatMap((block) => {
    if (block.type === 'text') return [sanitize(block.text).trim()]
    return block.type === 'tool_use' ? [style.dim(`(used ${oneLine(useOf(block), 120)})`)] : []
  })
  return parts.filter((part) => part !== '').join('\n')
}

function useOf(block: Extract<Block, { type: 'tool_use' }>): string {
  return `${block.name} ${JSON.stringify(block.input) ?? ''}`
}

function resultLine(block: Extract<Block, { type: 'tool_result' }>, style: Style): string {
  return style.dim(`(${block.status === 'error' ? 'failed' : 'result'}: ${oneLine(block.content, 120)})`)
}

function shorten(text: string, { lines, letters }: { lines: number; letters: number }, style: Style): string {
  const first = text
    .split('\n', lines + 1)
    .slice(0, lines)
    .join('\n')
  const cut =
    first.length > letters
      ? first
          .slice(0, letters)
          .toWellFormed()
          .replace(/\ufffd$/, '')
      : first
  return cut.length === text.length
    ? text
    : `${cut.trimEnd()}${reset(cut)}\n${style.dim('… (/history shows all)')}`
}

/** A note's style must not leak when the cut falls into it. */
function reset(cut: string): string {
  return cut.includes('\u001b') ? '\u001b[0m' : ''
}

function endingOf(last: StoredMessage): string | undefined {
  if (last.role === 'assistant') {
    if (last.blocks.some((block) => block.type === 'tool_use'))
      return '(this was cut off before its tool had ended, if it ran at all; say "go on" to have it continued)'
    return last.partial
      ? '(this answer was cut off; say "go on" to have it continued, or /retry to ask again)'
      : undefined
  }
  return isPrompt(last)
    ? '(this was not answered; /retry has it answered)'
    : '(this answer was cut off; say "go on" to have it continued)'
}
