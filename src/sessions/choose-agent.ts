import { findAgent, ownChat } from '../agents/agents.ts'
import { requireInstalled } from '../agents/installed.ts'
import { exitCode, UserError } from '../base/errors.ts'
import type { Settings } from '../config/settings.ts'
import type { AgentSettings } from '../domain/named-settings.ts'
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
  /** As the configuration sets them up. */
  agents: readonly AgentSettings[]
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
  agents,
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
  const {
    agent,
    program,
    env: added,
  } = name === undefined ? byDefault(wanted, agents) : findAgent(wanted, agents)
  if (agent.ends === 'as-result' && program === '' && args.length === 0)
    throw new UserError('a plain session runs a command', {
      hint: 'put it behind --: q mux new --agent plain -- npm run dev',
      exit: exitCode.usage,
    })
  if (model !== null)
    throw new UserError(`--model is for our own chat, and ${agent.title} chooses its own`, {
      hint: `its own flags go behind --: q mux new --agent ${wanted} -- --model ${model}`,
      exit: exitCode.usage,
    })
  await requireInstalled({ ...agent, program }, { cwd, env: { ...env, ...added } })
  return { name: wanted, args }
}

function byDefault(name: string, agents: readonly AgentSettings[]): ReturnType<typeof findAgent> {
  try {
    return findAgent(name, agents)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(`ui.default_agent: ${error.message}`, {
      hint: `${error.hint ?? ''}; set another one: q config set ui.default_agent ${ownChat}`,
      exit: exitCode.usage,
    })
  }
}
