import type { SlashCommand } from './command.ts'

/** The slash commands that make the next prompt. */
export const promptCommands: readonly SlashCommand[] = [
  {
    names: ['/editor'],
    args: '[text]',
    help: 'write a prompt in your editor ($VISUAL or $EDITOR); it is sent when you leave it',
    async run(context, words) {
      const prompt = await context.edit(words.join(' '))
      if (prompt === undefined) context.say(context.style.dim('nothing to send'))
      return prompt === undefined ? undefined : { prompt }
    },
  },
]
