import { exitCode, UserError } from '../base/errors.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import type { Agent } from './agent.ts'
import { claude } from './claude/claude.ts'
import { codex } from './codex/codex.ts'
import { opencode } from './opencode/opencode.ts'
import { plain } from './plain-command.ts'
import { shell } from './shell.ts'

/** All agents, in the order in which they are offered. */
export const agents: readonly Agent[] = [claude, codex, opencode, plain, shell]

/** What `--agent` calls our own chat. */
export const ownChat = 'chat'

/** What `--agent` takes. */
export const agentNames: readonly string[] = [ownChat, ...agents.map(({ kind }) => kind)]

/** @throws UserError when there is none of that name */
export function findAgent(name: string): Agent {
  const agent = agents.find(({ kind }) => kind === name)
  if (agent) return agent
  throw new UserError(`there is no agent called ${name}`, {
    hint: didYouMean(name, agentNames) ?? `known are ${agentNames.join(', ')}`,
    exit: exitCode.usage,
  })
}
