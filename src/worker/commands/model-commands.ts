import { parseModelId } from '../../config/model-id.ts'
import { type CommandContext, expectWords, type SlashCommand } from './command.ts'

const fallback = 'default'

/** The slash commands about the model and what it may do. */
export const modelCommands: readonly SlashCommand[] = [
  {
    names: ['/model'],
    args: '[ID]',
    help: "choose this session's model, from a list or by its id; default: the configuration's",
    candidates: async ({ model }, place) => (place === 0 ? [...(await model.known()).ids, fallback] : []),
    async run(context, words) {
      expectWords('/model [ID]', words, 0, 1)
      const wanted = words[0] ?? (await pick(context))
      if (wanted === undefined) context.say(context.style.dim('the model stays as it is'))
      else await use(context, wanted)
      return undefined
    },
  },
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

async function pick({ model, choose }: CommandContext): Promise<string | undefined> {
  const { ids, now, chosen } = await model.known()
  const choices = ids.map((value) => (value === now ? { value, note: '(answers now)' } : { value }))
  const back = chosen ? [{ value: fallback, note: '(what the configuration says)' }] : []
  return choose('model: ', [...choices, ...back])
}

async function use({ model, say, style }: CommandContext, wanted: string): Promise<void> {
  if (wanted === fallback) {
    say(style.dim(`${await model.use(undefined)}, as the configuration says`))
    return
  }
  say(style.dim(await model.use(parseModelId(wanted))))
  say(style.dim('the choice is kept with this session; /model default goes back to the configuration'))
}
