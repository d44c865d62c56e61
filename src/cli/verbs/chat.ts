import { defineCommand } from 'citty'
import { chat } from '../../root/chat.ts'
import { pickChat } from '../pick-chat.ts'
import { requireTerminal } from '../show.ts'

export default defineCommand({
  meta: { name: 'chat', description: 'One session in this terminal, no tmux needed' },
  args: {
    text: { type: 'positional', required: false, description: 'The first prompt' },
    resume: {
      type: 'string',
      valueHint: '[NAME]',
      description: 'Go on with an earlier conversation; without a name, pick one',
    },
    name: { type: 'string', valueHint: 'NAME', description: 'A name for it' },
  },
  run: ({ args }) =>
    chat({
      prompt: args._.length > 0 ? args._.join(' ') : undefined,
      resume: args.resume === undefined ? undefined : { name: args.resume === '' ? undefined : args.resume },
      name: args.name,
      choose(chats) {
        requireTerminal('pick a conversation in', 'name it: q chat --resume NAME; see q mux list --all')
        return pickChat(chats, Date.now())
      },
    }),
})
