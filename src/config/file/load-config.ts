import type { AgentSettings, McpServer } from '../../domain/named-settings.ts'
import { checkText } from '../checks/check-values.ts'
import { type Problem, problemsError } from '../checks/config-problems.ts'
import { nothing, readValues } from '../checks/config-values.ts'
import { type RuleCheck, ruleProblems } from '../checks/rule-problems.ts'
import {
  environmentName,
  type SettingKey,
  type Settings,
  settingKeys,
  settingOf,
  type Value,
} from '../settings.ts'
import { readConfigText } from './config-text.ts'
import { mergeValues, type Origin } from './merge.ts'

export type { Origin } from './merge.ts'
export type Environment = Readonly<Record<string, string | undefined>>

export interface Config {
  settings: Settings
  /** Where each value comes from. */
  origins: ReadonlyMap<SettingKey, Origin>
  /** The MCP servers of `[mcp.NAME]`, in the order of the file. */
  servers: readonly McpServer[]
  /** The agents of `[agents.NAME]`, in the order of the file. */
  agents: readonly AgentSettings[]
  /** The config file, whether it exists or not. */
  file: string
}

/**
 * The settings in force: environment over file over default. A variable that is set to nothing does not count, except
 * for `keys.*`, where nothing means no key. Where there is no file, the TOML parser is not loaded. What tool rules mean is
 * for `check` to say.
 * @throws UserError (exit 2) with everything that is wrong in file and environment; the file is never written to.
 */
export async function loadConfig(file: string, env: Environment, check?: RuleCheck): Promise<Config> {
  const found = await readConfigText(file)
  const fromFile = found === undefined ? nothing() : await readValues(found.text)
  const fromEnvironment = readEnvironment(env)
  const merged = mergeValues({ file: fromFile.values, environment: fromEnvironment.values })
  const rules = check ? await ruleProblems(fromFile.values, fromEnvironment.values, check) : []
  const problems = [...fromFile.problems, ...fromEnvironment.problems, ...merged.problems, ...rules]
  if (problems.length > 0) throw problemsError(file, problems)
  const { servers, agents } = fromFile
  return { settings: merged.settings, origins: merged.origins, servers, agents, file }
}

function readEnvironment(env: Environment): { values: Map<SettingKey, Value>; problems: Problem[] } {
  const values = new Map<SettingKey, Value>()
  const problems: Problem[] = []
  for (const key of settingKeys()) {
    const name = environmentName(key)
    const text = env[name]
    if (text === undefined || (text === '' && !['key', 'keys'].includes(settingOf(key).type))) continue
    const checked = checkText(key, text)
    if (checked.ok) values.set(key, checked.value)
    else {
      const words = `environment variable ${name} ${checked.words}`
      problems.push({ line: undefined, words, hint: checked.hint, keys: [key] })
    }
  }
  return { values, problems }
}
