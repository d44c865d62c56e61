import { defineCommand } from 'citty'
import { chat } from '../../root/chat.ts'

export default defineCommand({
  meta: { name: 'chat', description: 'One session in this terminal, no tmux needed' },
  args: {
    text: { type: 'positional', required: false, description: 'The first prompt' },
    resume: { type: 'string', valueHint: 'NAME', description: 'Go on with an earlier conversation' },
    name: { type: 'string', valueHint: 'NAME', description: 'A name for it' },
  },
  run: ({ args }) =>
    chat({ prompt: args._.length > 0 ? args._.join(' ') : undefined, resume: args.resume, name: args.name }),
})
