import { configuredModel, parseModelChoice } from '../../config/checks/model-choice.ts'
import type { CommandContext, SlashCommand } from './command.ts'

/** The slash commands about the model and what it may do. */
export const modelCommands: readonly SlashCommand[] = [
  {
    names: ['/model'],
    args: '[ID]',
    takes: [0, 1],
    help: "choose this session's model, from a list or by its id; default: the configuration's",
    candidates: async ({ model }, place) =>
      place === 0 ? [...(await model.known()).ids, configuredModel] : [],
    async run(context, words) {
      const wanted = words[0] ?? (await pick(context))
      if (wanted === undefined) context.say(context.style.dim('the model stays as it is'))
      else await use(context, wanted)
      return undefined
    },
  },
  {
    names: ['/tools'],
    args: '',
    takes: [0, 0],
    help: "list the model's tools and what runs without asking",
    async run(context) {
      for (const line of await context.tools()) context.say(line)
      return undefined
    },
  },
]

async function pick({ model, choose }: CommandContext): Promise<string | undefined> {
  const { ids, now, chosen } = await model.known()
  const choices = ids.map((value) => (value === now ? { value, note: '(answers now)' } : { value }))
  const back = chosen ? [{ value: configuredModel, note: '(what the configuration says)' }] : []
  return choose('model: ', [...choices, ...back])
}

async function use({ model, say, style }: CommandContext, wanted: string): Promise<void> {
  const id = parseModelChoice(wanted)
  const answers = await model.use(id)
  if (id === null) return say(style.dim(`${answers}, as the configuration says`))
  say(style.dim(answers))
  say(style.dim('the choice is kept with this session; /model default goes back to the configuration'))
}
