import type { AgentSettings, McpServer } from '../../domain/named-settings.ts'
import { syntaxProblem } from '../file/config-syntax.ts'
import type { TomlDocument, TomlEntry } from '../file/toml.ts'
import { escapedValue } from '../file/toml-quote.ts'
import type { SettingKey, Value } from '../settings.ts'
import { checkValue } from './check-values.ts'
import { knownKey, tableProblems, unknownKey } from './config-names.ts'
import type { Problem } from './config-problems.ts'
import { isNamed, readServersAndAgents } from './servers-and-agents.ts'

/** What a config file says: good values with their lines, and everything that is wrong with it. */
export interface FileValues {
  values: Map<SettingKey, { value: Value; line: number; itemLines: readonly number[] }>
  servers: McpServer[]
  agents: AgentSettings[]
  problems: Problem[]
  /** undefined if the text is not TOML. */
  document: TomlDocument | undefined
}

/** Reads the text of a config file. The TOML parser is loaded here and nowhere else. */
export async function readValues(text: string): Promise<FileValues> {
  const { parseToml } = await import('../file/toml.ts')
  const parsed = parseToml(text)
  if (!parsed.ok) return { ...nothing(), problems: [syntaxProblem(text, parsed)] }
  const { document } = parsed
  const { servers, agents, problems } = readServersAndAgents(document, text)
  const tables = tableProblems(document.tables.filter((table) => !isNamed(table)))
  const found: FileValues = {
    values: new Map(),
    servers,
    agents,
    problems: [...problems, ...tables],
    document,
  }
  const spoken = new Set(tables.map(({ path }) => JSON.stringify(path)))
  for (const entry of document.entries.filter((one) => !isNamed(one))) {
    // One word about a wrong section is enough: its keys are not gone through.
    const reported = entry.path.some((_, depth) => spoken.has(JSON.stringify(entry.path.slice(0, depth))))
    if (!reported) takeEntry(found, entry, text)
  }
  return found
}

/** What a file says that is not there. */
export function nothing(): FileValues {
  return { values: new Map(), servers: [], agents: [], problems: [], document: undefined }
}

function takeEntry(found: FileValues, entry: TomlEntry, text: string): void {
  const { line, path, itemLines } = entry
  const key = knownKey(path)
  if (key === undefined) {
    found.problems.push({ line, keys: [], ...unknownKey(path) })
    return
  }
  const checked = checkValue(key, entry.value, escapedValue(text.slice(entry.valueStart, entry.end)))
  if (checked.ok) found.values.set(key, { value: checked.value, line, itemLines })
  else found.problems.push({ line, words: `key "${key}" ${checked.words}`, hint: checked.hint, keys: [key] })
}
