import { type AgentSettings, agentKinds, type McpServer } from '../../domain/named-settings.ts'
import type { TomlDocument, TomlEntry } from '../file/toml.ts'
import type { Setting } from '../settings.ts'
import type { Problem } from './config-problems.ts'
import { type NamedSections, readNamed } from './named-sections.ts'

/** What may stand in `[mcp.NAME]` besides `env`, which is a table of texts. */
const serverTable = {
  command: {
    type: 'text',
    default: undefined,
    pattern: /^[^\p{C}]{1,1000}$/u,
    expected: 'the name or path of a program',
    description: 'Program that is the server; found through PATH, run without a shell',
  },
  args: {
    type: 'list',
    default: [],
    item: /^[^\p{Cc}]{0,4000}$/u,
    expected: 'a list of texts',
    description: 'Its arguments',
  },
  timeout_s: {
    type: 'integer',
    default: 120,
    min: 1,
    max: 86_400,
    description: 'Seconds after which a call is given up',
  },
  disabled: { type: 'boolean', default: false, description: 'Leave the server out' },
} as const satisfies Record<string, Setting>

/** What may stand in `[agents.NAME]` besides `env`, which is a table of texts. */
const agentTable = {
  kind: {
    type: 'text',
    default: undefined,
    pattern: new RegExp(`^(${agentKinds.join('|')})$`),
    expected: `one of ${agentKinds.join(', ')}`,
    description: 'Which agent it is; without it, the one that the section is called after',
  },
  command: {
    ...serverTable.command,
    description: 'Its program, where it is not the usual one; found through PATH, run without a shell',
  },
  args: { ...serverTable.args, description: 'Its arguments, before those behind `--`' },
} as const satisfies Record<string, Setting>

export const serverSections: NamedSections = {
  section: 'mcp',
  title: 'MCP server',
  settings: serverTable,
  needs: { key: 'command', hint: 'Write command = "…", the program to start.' },
}

export const agentSections: NamedSections = {
  section: 'agents',
  title: 'agent',
  settings: agentTable,
  needs: {
    key: 'kind',
    hint: `Write kind = "…", ${agentTable.kind.expected}.`,
    saidBy: (name) => agentKinds.some((kind) => kind === name),
  },
}

/** Every kind of section whose names the user chooses. */
export const namedSections: readonly NamedSections[] = [serverSections, agentSections]

/** Whether a table or an entry belongs to one of them. */
export function isNamed({ path }: Pick<TomlEntry, 'path'>): boolean {
  return namedSections.some(({ section }) => section === path[0])
}

/** What a config file says about MCP servers and agents, in its order, and everything that is wrong with it. */
export function readServersAndAgents(
  document: TomlDocument,
  text: string,
): { servers: McpServer[]; agents: AgentSettings[]; problems: Problem[] } {
  const ofServers = readNamed(serverSections, document, text)
  const ofAgents = readNamed(agentSections, document, text)
  return {
    servers: ofServers.found.map(({ name, values, env }) => ({
      ...(values as Omit<McpServer, 'name' | 'env'>),
      name,
      env,
    })),
    agents: ofAgents.found.map(({ name, values, env }) => {
      const { kind = name, ...others } = values as Omit<AgentSettings, 'name' | 'env'>
      return { kind, ...others, name, env }
    }),
    problems: [...ofServers.problems, ...ofAgents.problems],
  }
}
