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
import type { ModelDeps } from './model-deps.ts'
import { createNote } from './note.ts'
import type { OwnName } from './own-name.ts'
import type { Answering } from './turn/answer.ts'
import type { WorkerDeps } from './worker-deps.ts'

interface ContextDeps {
  name: OwnName
  terminal: Terminal
  answering: Pick<Answering, 'atWork'>
  model: ModelDeps
}

/** What the slash commands of a worker can do. */
export function commandContext(
  deps: WorkerDeps,
  { name, terminal, answering, model }: ContextDeps,
): CommandContext {
  const { store, style } = deps
  const { id } = deps.session
  const note = createNote(deps, terminal)
  return {
    sessionId: id,
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
      return editText(terminal, text, deps.env)
    },
    style,
    columns: deps.columns,
    workspace: deps.workspace,
    async rename(wanted) {
      const chosen = await deps.checkName(wanted)
      const before = await renameSession(store, id, chosen)
      await name.show(chosen)
      note(`this session is now ${chosen}`)
      if (before) note(nowMeansAnother(chosen, before.name))
    },
    complete: () => completeSession(store, id),
    conversation: conversationOf(deps),
    copy: (text) => deps.copy(text, terminal),
    files: deps.files,
    model: deps.model,
    tools: async () => (await model.tools()).lines(),
    atWork: answering.atWork,
    async modelContext() {
      const { provider, notice } = await deps.provider()
      if (notice) note(notice)
      // Nobody waits here for servers that are still to tell their tools.
      const tools = !provider.isModel ? [] : await (await model.tools()).specs(AbortSignal.abort())
      return { context: await model.context(), answerer: { provider, tools } }
    },
    directory: {
      get cwd() {
        return deps.directory.path()
      },
      home: deps.env.HOME,
      trouble: deps.directory.trouble,
      async change(path) {
        deps.directory.change(path)
        await setSessionDirectory(store, id, deps.directory.path())
      },
    },
  }
}

function conversationOf({ store, session: { id } }: WorkerDeps): Conversation {
  return {
    read: (number) => (number === undefined ? readMessages(store, id) : readLastMessages(store, id, number)),
    lastExchange: () => readLastExchange(store, id),
    repeat: async (blocks) => void (await appendMessage(store, id, 'user', [...blocks])),
    fill: (messages) => fillConversation(store, id, messages),
  }
}
