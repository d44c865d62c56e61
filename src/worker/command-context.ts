import { nowMeansAnother } from '../domain/session-name.ts'
import {
  appendMessage,
  fillConversation,
  readLastExchange,
  readLastMessages,
  readMessages,
} from '../store/messages.ts'
import { completeSession, renameSession, setSessionDirectory } from '../store/sessions.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { CommandContext, Conversation } from './commands/command.ts'
import type { ModelParts } from './model-deps.ts'
import { createNote } from './note.ts'
import type { OwnName } from './own-name.ts'
import type { Answering } from './turn/answer.ts'
import type { WorkerParts } from './worker-deps.ts'

interface ContextParts {
  name: OwnName
  terminal: Terminal
  answering: Pick<Answering, 'atWork'>
  model: ModelParts
}

/** What the slash commands of a worker can do. */
export function commandContext(
  parts: WorkerParts,
  { name, terminal, answering, model }: ContextParts,
): CommandContext {
  const { store, style } = parts
  const { id } = parts.session
  const note = createNote(parts, terminal)
  return {
    id,
    name: name.now,
    say: (line) => terminal.say(line),
    async ask(question) {
      const line = await terminal.ask(question)
      return line.type === 'line' ? line.text : ''
    },
    async choose(question, choices) {
      const line = await terminal.choose(question, choices)
      return line.type === 'line' && line.text.trim() !== '' ? line.text.trim() : undefined
    },
    async edit(text) {
      const { editText } = await import('../terminal/external.ts')
      return editText(terminal, text, parts.env)
    },
    style,
    columns: parts.columns,
    workspace: parts.workspace,
    async rename(wanted) {
      const chosen = await parts.checkName(wanted)
      const before = await renameSession(store, id, chosen)
      await name.show(chosen)
      note(`this session is now ${chosen}`)
      if (before) note(nowMeansAnother(chosen, before.name))
    },
    complete: () => completeSession(store, id),
    conversation: conversationOf(parts),
    copy: (text) => parts.copy(text, terminal),
    files: parts.files,
    model: parts.model,
    tools: async () => (await model.tools()).lines(),
    atWork: answering.atWork,
    async sight() {
      const { provider, notice } = await parts.provider()
      if (notice) note(notice)
      // Nobody waits here for servers that are still to tell their tools.
      const tools = provider.name === 'guide' ? [] : await (await model.tools()).specs(AbortSignal.abort())
      return { context: await model.context(), answerer: { provider, tools } }
    },
    directory: {
      get cwd() {
        return parts.directory.path()
      },
      home: parts.env.HOME,
      trouble: parts.directory.trouble,
      async change(path) {
        parts.directory.change(path)
        await setSessionDirectory(store, id, parts.directory.path())
      },
    },
  }
}

function conversationOf({ store, session: { id } }: WorkerParts): Conversation {
  return {
    read: (number) => (number === undefined ? readMessages(store, id) : readLastMessages(store, id, number)),
    lastExchange: () => readLastExchange(store, id),
    repeat: async (blocks) => void (await appendMessage(store, id, 'user', [...blocks])),
    fill: (messages) => fillConversation(store, id, messages),
  }
}
