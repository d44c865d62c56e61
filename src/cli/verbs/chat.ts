import { readInvocation } from '../../app/invocation.ts'
import { type ChatRequest, chat } from '../../app/run-chat.ts'
import { splitList } from '../../config/checks/check-values.ts'
import { pickChat } from '../picker/pick-chat.ts'
import { requireTerminal } from '../show.ts'
import { defineVerb } from '../verb.ts'

export default defineVerb({
  meta: { name: 'chat', description: 'One session in this terminal, no tmux needed' },
  args: {
    text: { type: 'positional', rest: true, required: false, description: 'The first prompt' },
    resume: {
      type: 'string',
      valueHint: '[NAME]',
      optionalValue: true,
      completes: 'any-session',
      description: 'Go on with an earlier conversation; without a name, pick one',
    },
    name: { type: 'string', valueHint: 'NAME', description: 'A name for it' },
    model: {
      type: 'string',
      valueHint: 'ID',
      description: "The model that answers, as its provider writes it; `default`: the configuration's",
    },
    plain: {
      type: 'boolean',
      description: 'Show answers as the raw text they are, without rendering Markdown',
    },
    'trust-tools': {
      type: 'string',
      valueHint: 'RULES',
      description: 'Tool rules that run without asking, with commas between them',
    },
    'trust-all-tools': {
      type: 'boolean',
      description: 'Run all tools without asking, but for those that the configuration denies',
    },
  },
  async run({ args }) {
    const request: ChatRequest = {
      prompt: args._.length > 0 ? args._.join(' ') : undefined,
      resume: args.resume === undefined ? undefined : { name: args.resume === '' ? undefined : args.resume },
      name: args.name,
      model: args.model,
      plain: args.plain === true,
      trust: { rules: splitList(args['trust-tools'] ?? ''), all: args['trust-all-tools'] === true },
      choose(chats, now) {
        requireTerminal('pick a conversation in', 'name it: q chat --resume NAME; see q mux list --all')
        return pickChat(chats, now)
      },
    }
    if (await opensWorkspace(request)) return (await import('./mux.ts')).start({})
    return chat(request)
  },
})

/** With `multi_session_enabled`, a plain `q chat` in a terminal is the workspace; one that says more is what it says. */
async function opensWorkspace({ prompt, resume, name, model, plain, trust }: ChatRequest): Promise<boolean> {
  if ([prompt, resume, name, model].some((said) => said !== undefined)) return false
  if (plain || trust?.all || trust?.rules.length) return false
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false
  const { config } = await readInvocation({ workspace: undefined, socket: undefined }, process.env)
  return config.settings.sessions.multi_session_enabled
}
