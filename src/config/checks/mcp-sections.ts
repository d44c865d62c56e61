import type { McpServer } from '../../domain/mcp-server-settings.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import type { TomlDocument, TomlEntry, TomlTable } from '../file/toml.ts'
import { escapedValue, quote } from '../file/toml-quote.ts'
import type { Setting } from '../settings.ts'
import { checkSetting } from './check-values.ts'
import type { Problem } from './config-problems.ts'

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

const serverKeys = ['command', 'args', 'env', 'timeout_s', 'disabled'] as const

/** What a config file says about MCP servers, in its order, and everything that is wrong with it. */
export function readServers(
  document: TomlDocument,
  text: string,
): { servers: McpServer[]; problems: Problem[] } {
  const found = new Map<string, Draft>()
  const problems: Problem[] = []
  const blame = (line: number, words: string, hint?: string | undefined) =>
    problems.push({ line, words, hint, keys: [] })
  for (const table of document.tables.filter(isServerPart)) takeTable(table, draftOf, blame)
  for (const entry of document.entries.filter(isServerPart)) takeEntry(entry, text, draftOf, blame)
  for (const [name, { line, values }] of found)
    if (!values.has('command') && !problems.some((problem) => problem.line === line))
      blame(line, `section "mcp.${name}" has no "command"`, 'Write command = "…", the program to start.')
  return { servers: [...found].map(([name, draft]) => serverOf(name, draft)), problems }

  function draftOf(name: string, line: number): Draft | undefined {
    const known = found.get(name)
    if (known) return known
    if (!/^[a-z0-9][a-z0-9_-]{0,31}$/.test(name)) {
      const words = `MCP server name ${quote(name)} is not allowed`
      if (!problems.some((problem) => problem.words === words))
        blame(line, words, 'Use 1 to 32 of a-z, 0-9, "_" and "-", and begin with a letter or a digit.')
      return undefined
    }
    const draft: Draft = { line, values: new Map(), env: new Map() }
    found.set(name, draft)
    return draft
  }
}

/** Whether a table or an entry belongs to the servers. */
export function isServerPart({ path }: Pick<TomlEntry, 'path'>): boolean {
  return path[0] === 'mcp'
}

interface Draft {
  line: number
  values: Map<string, unknown>
  env: Map<string, string>
}

type DraftOf = (name: string, line: number) => Draft | undefined
type Blame = (line: number, words: string, hint?: string | undefined) => void

function takeTable({ path, line, kind }: TomlTable, draftOf: DraftOf, blame: Blame): void {
  const [, name, key, ...deeper] = path
  if (name === undefined) {
    if (kind === 'array') blame(line, 'section "mcp" must be written [mcp.NAME], not [[mcp]]')
    return
  }
  if (!draftOf(name, line)) return
  const shown = quote(path.join('.'))
  if (key === undefined) {
    if (kind === 'array') blame(line, `section ${shown} must be written [mcp.${name}], not [[mcp.${name}]]`)
  } else if (key !== 'env') {
    if (isKey(key)) blame(line, `key ${shown} must not be a table`)
    else blame(line, `key ${shown} is unknown`, didYouMean(key, serverKeys))
  } else if (deeper.length > 0) blame(line, `key ${shown} must be a text, not a table`)
  else if (kind === 'array') blame(line, `key ${shown} must be a table of texts, not a list`)
}

function takeEntry(entry: TomlEntry, text: string, draftOf: DraftOf, blame: Blame): void {
  const { path, line, value } = entry
  const [, name, key, variable, ...deeper] = path
  const shown = quote(path.join('.'))
  if (name === undefined) return blame(line, 'key "mcp" must be a section', 'Write [mcp.NAME].')
  const draft = draftOf(name, line)
  if (!draft) return
  if (key === undefined) return blame(line, `key ${shown} must be a section`, `Write [mcp.${name}].`)
  // Its table was blamed already.
  if (deeper.length > 0 || (variable !== undefined && key !== 'env')) return
  const literal = escapedValue(text.slice(entry.valueStart, entry.end))
  if (key === 'env') {
    if (variable === undefined) return blame(line, `key ${shown} must be a table of texts, not ${literal}`)
    if (!/^[A-Za-z_]\w{0,127}$/.test(variable)) return blame(line, `variable ${shown} has no name to set`)
    if (typeof value !== 'string' || value.includes('\0')) return blame(line, `key ${shown} must be a text`)
    draft.env.set(variable, value)
    return
  }
  if (!isKey(key)) return blame(line, `key ${shown} is unknown`, didYouMean(key, serverKeys))
  const checked = checkSetting(serverTable[key], value, literal)
  if (!checked.ok) blame(line, `key ${shown} ${checked.words}`, checked.hint)
  // One that was blamed is not missing besides.
  if (!checked.ok || checked.value !== undefined)
    draft.values.set(key, checked.ok ? checked.value : undefined)
}

function isKey(key: string): key is keyof typeof serverTable {
  return Object.hasOwn(serverTable, key)
}

/** Values as `checkSetting` let them through; without a command there is a problem, and nobody uses it. */
function serverOf(name: string, { values, env }: Draft): McpServer {
  const keys = Object.keys(serverTable) as (keyof typeof serverTable)[]
  const read = Object.fromEntries(keys.map((key) => [key, values.get(key) ?? serverTable[key].default]))
  return { ...(read as Omit<McpServer, 'name' | 'env'>), name, env: Object.fromEntries(env) }
}
