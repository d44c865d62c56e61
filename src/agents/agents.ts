import { exitCode, UserError } from '../base/errors.ts'
import type { AgentSettings } from '../domain/named-settings.ts'
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

/** What `--agent` takes, besides what the configuration sets up. */
export const agentNames: readonly string[] = [ownChat, ...agents.map(({ kind }) => kind)]

/** An agent as it is started here. */
export interface SetUpAgent {
  /** What `--agent` calls it. */
  name: string
  agent: Agent
  /** Empty where each session has its own. */
  program: string
  /** Before those of a session. */
  args: readonly string[]
  /** Added to its environment. */
  env: Readonly<Record<string, string>>
}

/** Every agent that can be started here, the known ones first. `settings`: those of the configuration. */
export function setUpAgents(settings: readonly AgentSettings[]): SetUpAgent[] {
  const known = agents.map(
    ({ kind }) => settings.find(({ name }) => name === kind) ?? { ...asUsual, name: kind, kind },
  )
  const others = settings.filter(({ name }) => !agents.some(({ kind }) => kind === name))
  return [...known, ...others].flatMap(({ name, kind, command, args, env }) => {
    const agent = agents.find((one) => one.kind === kind)
    return agent ? [{ name, agent, program: command ?? agent.program, args, env }] : []
  })
}

const asUsual = { command: undefined, args: [], env: {} }

/** @throws UserError when there is none of that name */
export function findAgent(name: string, settings: readonly AgentSettings[]): SetUpAgent {
  const all = setUpAgents(settings)
  const agent = all.find((one) => one.name === name)
  if (agent) return agent
  const names = [ownChat, ...all.map((one) => one.name)]
  throw new UserError(`there is no agent called ${name}`, {
    hint: didYouMean(name, names) ?? `known are ${names.join(', ')}`,
    exit: exitCode.usage,
  })
}
