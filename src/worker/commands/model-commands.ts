import { expectWords, type SlashCommand } from './command.ts'

/** The slash commands about the model and what it may do. */
export const modelCommands: readonly SlashCommand[] = [
  {
    names: ['/tools'],
    args: '',
    help: "list the model's tools and what runs without asking",
    async run(context, words) {
      expectWords('/tools', words, 0, 0)
      for (const line of await context.tools()) context.say(line)
      return undefined
    },
  },
]
