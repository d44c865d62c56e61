import { UserError } from '../../base/errors.ts'
import { isYes } from '../../domain/yes.ts'
import { count, masked } from '../../text/plain-text.ts'
import { formatTranscript, kindOf, parseTranscript } from '../../transcript/transcript-format.ts'
import { historyLines, recap } from '../recap.ts'
import type { CommandContext, SlashCommand } from './command.ts'
import { readTextFile, saveFile } from './transcript-file.ts'

/** The slash commands about what was said in the conversation they are typed in. */
export const historyCommands: readonly SlashCommand[] = [
  {
    names: ['/history'],
    args: '[N]',
    takes: [0, 1],
    help: 'show the whole conversation, or its last N messages',
    async run(context, words) {
      const number = words.length === 0 ? undefined : Number(words[0])
      if (number !== undefined && !(Number.isSafeInteger(number) && number > 0))
        throw new UserError('usage: /history [N]', { hint: 'N is a number of messages, such as /history 4' })
      const messages = context.conversation.read(number)
      if (messages.length === 0) context.say(context.style.dim('nothing was said here yet'))
      for (const line of historyLines(messages, context.style)) context.say(line)
      return undefined
    },
  },
  {
    names: ['/save'],
    args: 'FILE',
    takes: [1, 1],
    inFull: true,
    help: 'save the conversation as Markdown, or as JSON when FILE ends in .json',
    async run(context, [file = '']) {
      const path = await context.files.path(file, 'write')
      const messages = context.conversation.read(undefined)
      if (messages.length === 0) throw new UserError('nothing was said here yet, so there is nothing to save')
      const text = formatTranscript({ name: context.name(), messages }, kindOf(path))
      if (!(await saveFile(path, text, false)) && !(await overwrite(context, path, text))) {
        context.say(context.style.dim('not saved'))
        return undefined
      }
      context.say(context.style.dim(`saved ${count(messages.length, 'message')} to ${masked(path)}`))
      return undefined
    },
  },
  {
    names: ['/load'],
    args: 'FILE',
    takes: [1, 1],
    help: 'read back what /save wrote, into a conversation in which nothing was said yet',
    async run(context, [file = '']) {
      const path = await context.files.path(file, 'read')
      const { messages } = parseTranscript(await readTextFile(path), kindOf(path), path)
      if (!(await context.conversation.fill(messages))) {
        throw new UserError('something was said here already, and it would be mixed up with what is loaded', {
          hint: 'open a session for it: /new, and there /load',
        })
      }
      context.say(context.style.dim(`loaded ${count(messages.length, 'message')} from ${masked(path)}`))
      for (const line of recap(context.conversation.read(50), context.style)) context.say(line)
      return undefined
    },
  },
]

async function overwrite(context: CommandContext, path: string, text: string): Promise<boolean> {
  const answer = await context.ask(`${masked(path)} exists. Overwrite it? [y/N]: `)
  return isYes(answer) && saveFile(path, text, true)
}
