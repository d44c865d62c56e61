import { findAgent, ownChat } from '../agents/agents.ts'
import { requireInstalled } from '../agents/installed.ts'
import { exitCode, UserError } from '../base/errors.ts'
import type { Settings } from '../config/settings.ts'
import type { SessionAgent } from '../domain/session.ts'
import { oneLine } from '../text/plain-text.ts'

/** Which agent somebody wants, and what it will run with. */
interface Wanted {
  /** undefined: the one of `ui.default_agent`. */
  name: string | undefined
  /** Its own flags, or the command of a plain session. */
  args: readonly string[]
  /** That of our own chat, if one was chosen: other agents choose theirs. */
  model?: string | null
  settings: Settings
  cwd: string
  env: NodeJS.ProcessEnv
}

/**
 * The agent whose program a new session runs, which is installed; undefined: our own chat.
 * @throws UserError when there is no such agent, it is not installed or too old, or the words do not go with it
 */
export async function chooseAgent({
  name,
  args,
  model = null,
  settings,
  cwd,
  env,
}: Wanted): Promise<Pick<SessionAgent, 'name' | 'args'> | undefined> {
  const wanted = name ?? settings.ui.default_agent ?? ownChat
  if (wanted === ownChat) {
    if (args.length === 0) return undefined
    throw new UserError(`nothing in our own chat takes ${oneLine(args.join(' '), 40)}`, {
      hint: 'flags behind -- are for another agent: --agent NAME',
      exit: exitCode.usage,
    })
  }
  const agent = name === undefined ? byDefault(wanted) : findAgent(wanted)
  if (agent.ends === 'as-result' && args.length === 0)
    throw new UserError('a plain session runs a command', {
      hint: 'put it behind --: q mux new --agent plain -- npm run dev',
      exit: exitCode.usage,
    })
  if (model !== null)
    throw new UserError(`--model is for our own chat, and ${agent.title} chooses its own`, {
      hint: `its own flags go behind --: q mux new --agent ${agent.kind} -- --model ${model}`,
      exit: exitCode.usage,
    })
  await requireInstalled(agent, { cwd, env })
  return { name: agent.kind, args }
}

function byDefault(name: string): ReturnType<typeof findAgent> {
  try {
    return findAgent(name)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(`ui.default_agent: ${error.message}`, {
      hint: `${error.hint ?? ''}; set another one: q config set ui.default_agent ${ownChat}`,
      exit: exitCode.usage,
    })
  }
}
