import type { Block, Message } from '../domain/message.ts'

/**
 * About how many tokens a text is, without a tokenizer: models take 3 to 4 Latin letters a token, about 2 of other
 * alphabets, and one of a script that has a sign for a word. Within a quarter for prose and code.
 */
export function tokensIn(text: string): number {
  // No loop of our own over the letters: it would be compiled, and the compiler's 5 MB stay in memory.
  const beyond = Buffer.byteLength(text) === text.length ? '' : text.replaceAll(/[\x00-\x7f]+/g, '')
  const wide = beyond.replaceAll(/[\x80-\u1fff]+/g, '').length
  return Math.ceil((text.length - beyond.length) / 3.6 + (beyond.length - wide) / 2 + wide)
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
