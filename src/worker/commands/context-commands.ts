import { UserError } from '../../base/errors.ts'
import { isYes } from '../../domain/yes.ts'
import { type CommandContext, type SlashCommand, usage } from './command.ts'

const form = '/context [show], /context add PATH…, /context remove PATH…, or /context summary'

/** The slash commands about what the model gets to see. */
export const contextCommands: readonly SlashCommand[] = [
  {
    names: ['/context'],
    args: '[add PATH…]',
    takes: [0, Number.POSITIVE_INFINITY],
    help: 'show, add or remove the files that go to the model; /context summary',
    candidates: async (context, place, words) => {
      if (place === 0) return ['show', 'add', 'remove', 'summary']
      return words[0] === 'add' || words[0] === 'remove' ? pathsFor(context, words.at(-1) ?? '') : []
    },
    async run(context, [action = 'show', ...words]) {
      const files = await import('./context-file-commands.ts')
      if (action === 'show' && words.length === 0) await files.show(context)
      else if (action === 'summary' && words.length === 0) await files.showSummary(context)
      else if (action === 'add' && words.length > 0) await files.add(context, words)
      else if (action === 'remove' && words.length > 0) await files.remove(context, words)
      else throw usage(form)
      return undefined
    },
  },
  {
    names: ['/usage'],
    args: '',
    takes: [0, 0],
    help: "show how full the model's window is, and of what",
    async run(context) {
      const { context: seen, answerer } = await context.modelContext()
      if (!answerer.provider.isModel)
        throw new UserError('no model is connected, so there is no window to fill', {
          hint: 'connect one: q mux doctor says how',
        })
      const { usageLines } = await import('../context/usage-lines.ts')
      for (const line of usageLines(await seen.use(answerer), answerer.provider, context.style))
        context.say(line)
      return undefined
    },
  },
  {
    names: ['/compact'],
    args: '[hint]',
    takes: [0, Number.POSITIVE_INFINITY],
    help: 'have the model go on from a summary of what was said',
    async run(context, _, rest) {
      const { context: seen, answerer } = await context.modelContext()
      const result = await context.atWork('compacting the conversation', (signal, onPause) =>
        seen.compact(answerer, signal, rest, onPause),
      )
      const { compactionLine } = await import('../context/compact.ts')
      if (result.type === 'no model')
        throw new UserError(compactionLine(result), { hint: 'connect one: q mux doctor says how' })
      if (result.type === 'failed')
        throw new UserError(compactionLine(result), result.hint === undefined ? {} : { hint: result.hint })
      context.say(context.style.dim(`(${compactionLine(result)})`))
      return undefined
    },
  },
  {
    names: ['/clear'],
    args: '',
    takes: [0, 0],
    inFull: true,
    help: 'let the model forget what was said (asks first); it is kept',
    async run(context) {
      const answer = await context.ask(
        `Clear the model's memory of ${context.name()}? What was said stays in /history. [y/N]: `,
      )
      if (!isYes(answer)) context.say(context.style.dim('not cleared'))
      else await forget(context)
      return undefined
    },
  },
]

async function forget(context: CommandContext): Promise<void> {
  const { context: seen } = await context.modelContext()
  const words = (await seen.forget())
    ? 'the model starts over with your next prompt; what was said: /history'
    : 'there is nothing to forget'
  context.say(context.style.dim(`(${words})`))
}

/** Names with blanks or quotes are left out: they would be read as something else. */
async function pathsFor({ directory: { cwd, home } }: CommandContext, word: string): Promise<string[]> {
  const { completePath } = await import('../../sessions/files/complete-path.ts')
  return (await completePath(cwd, home, word)).filter((path) => !/[\p{Z}"'\\]/u.test(path))
}
