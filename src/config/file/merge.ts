import type { Problem } from '../checks/config-problems.ts'
import type { FileValues } from '../checks/config-values.ts'
import { canonicalTmuxKey } from '../checks/tmux-key.ts'
import {
  environmentName,
  makeSettings,
  type SettingKey,
  type Settings,
  settingKeys,
  settingOf,
  type Value,
} from '../settings.ts'

export type Origin = 'default' | 'environment' | 'file'

/** Values by where they come from, each already checked on its own. */
export interface Sources {
  file: FileValues['values']
  environment: ReadonlyMap<SettingKey, Value>
}

/** Puts the sources on top of each other, and finds what only shows then: two actions on one key. */
export function mergeValues(sources: Sources): {
  settings: Settings
  origins: Map<SettingKey, Origin>
  problems: Problem[]
} {
  return {
    settings: makeSettings((key) => valueIn(sources, key)),
    origins: new Map(settingKeys().map((key): [SettingKey, Origin] => [key, originIn(sources, key)])),
    problems: sharedKeys(sources),
  }
}

function originIn({ file, environment }: Sources, key: SettingKey): Origin {
  if (environment.has(key)) return 'environment'
  return file.has(key) ? 'file' : 'default'
}

function valueIn({ file, environment }: Sources, key: SettingKey): Value {
  if (environment.has(key)) return environment.get(key)
  const said = file.get(key)
  return said === undefined ? settingOf(key).default : said.value
}

function sharedKeys(sources: Sources): Problem[] {
  const owners = new Map<string, SettingKey>()
  const problems: Problem[] = []
  for (const key of settingKeys().filter((candidate) => settingOf(candidate).type === 'key')) {
    const pressed = canonicalTmuxKey(String(valueIn(sources, key)))
    if (pressed === undefined) continue
    const owner = owners.get(pressed)
    if (owner === undefined) owners.set(pressed, key)
    else problems.push(sharedKey(sources, owner, key))
  }
  return problems
}

/** Blames what was said last: the environment, else the later line. A default is never to blame. */
function sharedKey(sources: Sources, one: SettingKey, other: SettingKey): Problem {
  const lateness = (key: SettingKey) =>
    sources.environment.has(key) ? Number.POSITIVE_INFINITY : (sources.file.get(key)?.line ?? 0)
  const [blamed, owner] = lateness(one) > lateness(other) ? [one, other] : [other, one]
  const inFile = originIn(sources, blamed) === 'file'
  const name = inFile ? `key "${blamed}"` : `environment variable ${environmentName(blamed)}`
  const standing = originIn(sources, owner) === 'default' ? ' by default' : ''
  return {
    line: inFile ? sources.file.get(blamed)?.line : undefined,
    words: `${name} is "${valueIn(sources, blamed)}", which is the key of "${owner}"${standing}`,
    hint: 'Give each action a key of its own, or "" for none.',
    keys: [one, other],
  }
}
