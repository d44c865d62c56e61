import type { McpServer } from '../../domain/named-settings.ts'
import type { TomlDocument } from '../file/toml.ts'
import type { Setting } from '../settings.ts'
import type { Problem } from './config-problems.ts'
import { type NamedSections, readNamed, valuesOf } from './named-sections.ts'

/** What may stand in `[mcp.NAME]` besides `env`, which is a table of texts. */
export const serverTable = {
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

export const environmentDescription = 'Variables added to its environment'

export const serverSections: NamedSections = {
  section: 'mcp',
  title: 'MCP server name',
  settings: serverTable,
}

/** What a config file says about MCP servers, in its order, and everything that is wrong with it. */
export function readServers(
  document: TomlDocument,
  text: string,
): { servers: McpServer[]; problems: Problem[] } {
  const { found, problems } = readNamed(serverSections, document, text)
  for (const [name, { line, values }] of found)
    if (!values.has('command') && !problems.some((problem) => problem.line === line))
      problems.push({
        line,
        words: `section "mcp.${name}" has no "command"`,
        hint: 'Write command = "…", the program to start.',
        keys: [],
      })
  // Without a command there is a problem, and nobody uses it.
  const servers = [...found].map(([name, draft]) => ({
    ...(valuesOf(serverSections, draft) as Omit<McpServer, 'name' | 'env'>),
    name,
    env: Object.fromEntries(draft.env),
  }))
  return { servers, problems }
}
