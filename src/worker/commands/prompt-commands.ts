import { UserError } from '../../base/errors.ts'
import { typedPart } from '../../domain/attachment.ts'
import { count, oneLine } from '../../text/plain-text.ts'
import type { SlashCommand } from './command.ts'
import { copied } from './copy.ts'
import { retryOf } from './retry-command.ts'

/** The slash commands about the next prompt, and the answer to the last one. */
export const promptCommands: readonly SlashCommand[] = [
  {
    names: ['/editor'],
    args: '[text]',
    takes: [0, Number.POSITIVE_INFINITY],
    help: 'write a prompt in your editor ($VISUAL or $EDITOR); it is sent when you leave it',
    async run(context, _, rest) {
      const prompt = await context.edit(rest)
      if (prompt === undefined) context.say(context.style.dim('nothing to send'))
      return prompt === undefined ? undefined : { prompt }
    },
  },
  {
    names: ['/retry'],
    args: '',
    takes: [0, 0],
    help: 'have the last prompt answered again; nothing is deleted',
    async run(context) {
      const outcome = retryOf(context.conversation.lastExchange())
      if (outcome === undefined)
        throw new UserError('nothing was said here yet, so there is nothing to ask again')
      if (outcome === 'again') return outcome
      const { repeat } = outcome
      context.say(context.style.dim(`> ${oneLine(typedPart(repeat).text)}`))
      // Of a message with results in it, only what was said.
      await context.conversation.repeat(repeat.blocks.filter((block) => block.type === 'text'))
      return 'again'
    },
  },
  {
    names: ['/copy'],
    args: '[code or N]',
    takes: [0, 1],
    help: 'copy the last answer, its last code block, or its Nth',
    candidates: async (_, place) => (place === 0 ? ['code'] : []),
    async run(context, words) {
      const text = copied(context.conversation.read(200), words[0])
      const how = await context.copy(text)
      context.say(context.style.dim(`copied ${count(text.split('\n').length, 'line')}; ${how}`))
      return undefined
    },
  },
]
