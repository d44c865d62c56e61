import type { Block, Message } from '../domain/message.ts'

/**
 * About how many tokens a text is, without a tokenizer: models take 3 to 4 Latin letters a token, about 2 of other
 * alphabets, and one of a script that has a sign for a word. Within a quarter for prose and code.
 */
export function tokensIn(text: string): number {
  let latin = 0
  let other = 0
  let wide = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x80) latin += 1
    else if (code < 0x2000) other += 1
    else wide += 1
  }
  return Math.ceil(latin / 3.6 + other / 2 + wide)
}

/** Of messages, with the few tokens that each block takes around its text. */
export function tokensOf(messages: readonly Message[]): number {
  return messages.reduce(
    (sum, { blocks }) => blocks.reduce((all, block) => all + tokensOfBlock(block), sum),
    0,
  )
}

export function tokensOfBlock(block: Block): number {
  return 5 + tokensIn(wordsOf(block))
}

function wordsOf(block: Block): string {
  if (block.type === 'text') return block.text
  return block.type === 'tool_result' ? block.content : `${block.name} ${JSON.stringify(block.input) ?? ''}`
}
