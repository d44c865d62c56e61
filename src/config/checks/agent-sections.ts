import { type AgentSettings, agentKinds } from '../../domain/named-settings.ts'
import type { TomlDocument } from '../file/toml.ts'
import type { Setting } from '../settings.ts'
import type { Problem } from './config-problems.ts'
import { serverTable } from './mcp-sections.ts'
import { type NamedSections, readNamed, valuesOf } from './named-sections.ts'

/** What may stand in `[agents.NAME]` besides `env`, which is a table of texts. */
export const agentTable = {
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

export const agentSections: NamedSections = { section: 'agents', title: 'agent name', settings: agentTable }

/** What a config file says about agents, in its order, and everything that is wrong with it. */
export function readAgents(
  document: TomlDocument,
  text: string,
): { agents: AgentSettings[]; problems: Problem[] } {
  const { found, problems } = readNamed(agentSections, document, text)
  for (const [name, { line, values }] of found)
    if (!values.has('kind') && !isKind(name))
      problems.push({
        line,
        words: `section "agents.${name}" has no "kind"`,
        hint: `Write kind = "…", ${agentTable.kind.expected}.`,
        keys: [],
      })
  const agents = [...found].map(([name, draft]) => {
    const { kind = name, ...others } = valuesOf(agentSections, draft) as Omit<AgentSettings, 'name' | 'env'>
    return { kind, ...others, name, env: Object.fromEntries(draft.env) }
  })
  return { agents, problems }
}

function isKind(name: string): boolean {
  return agentKinds.some((kind) => kind === name)
}
