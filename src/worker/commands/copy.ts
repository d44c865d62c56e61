import { UserError } from '../../base/errors.ts'
import { isPrompt, type StoredMessage, textOf } from '../../domain/message.ts'
import { isSuperseded } from '../../domain/valid-history.ts'
import { codeBlocks } from '../../text/fences.ts'
import { count } from '../../text/plain-text.ts'
import { sanitize } from '../../text/sanitizer.ts'
import { usage } from './command.ts'

/**
 * What `/copy WHAT` takes of the last answer: all of it, its last code block (`code`), or its Nth. A model wrote it, and a
 * shell may get it: nothing but text, and no newline at the end that would run it.
 * @throws UserError when there is no such thing
 */
export function copied(messages: readonly StoredMessage[], what: string | undefined): string {
  const answer = lastAnswer(messages)
  if (answer === undefined) throw new UserError('there is no answer yet, so there is nothing to copy')
  if (what === undefined) return clean(answer)
  const blocks = codeBlocks(answer)
  const number = what === 'code' ? blocks.length : Number(what)
  if (!Number.isSafeInteger(number) || (what !== 'code' && number < 1)) throw usage('/copy [code or N]')
  const block = blocks[number - 1]
  if (block !== undefined) return clean(block)
  throw new UserError(
    blocks.length === 0
      ? 'there is no code block in the last answer'
      : `the last answer has ${count(blocks.length, 'code block')}`,
    { hint: 'all of it: /copy' },
  )
}

/** The text of the last answer, whatever tools were used in it; undefined when there is none. */
function lastAnswer(messages: readonly StoredMessage[]): string | undefined {
  const said = (message: StoredMessage) => message.role === 'assistant' && textOf(message).trim() !== ''
  const end = messages.findLastIndex(said)
  const begin = messages.findLastIndex((message, index) => index < end && isPrompt(message))
  if (end === -1) return undefined
  return messages
    .slice(begin + 1, end + 1)
    .filter((message, index, all) => said(message) && !isSuperseded(all, index))
    .map((message) => textOf(message).trim())
    .join('\n\n')
}

function clean(text: string): string {
  return sanitize(text).trimEnd()
}
