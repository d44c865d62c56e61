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

function valueIn(sources: Sources, key: SettingKey): Value {
  const said = saidIn(sources, key)
  if (said) return said.value
  const setting = settingOf(key)
  if (setting.type !== 'keys') return setting.default
  // A key that was given to another command is that one's.
  const given = new Set(saidLineKeys(sources).map(([pressed]) => pressed))
  return setting.default.filter((name) => !given.has(name))
}

/** What environment or file say; `undefined` is a value, too. */
function saidIn({ file, environment }: Sources, key: SettingKey): { value: Value } | undefined {
  return environment.has(key) ? { value: environment.get(key) } : file.get(key)
}

/** Every key of the line that was given to a command, in the order of the commands. */
function saidLineKeys(sources: Sources): [pressed: string, key: SettingKey][] {
  const keys = settingKeys().filter((key) => settingOf(key).type === 'keys')
  return keys.flatMap((key) => {
    const value = saidIn(sources, key)?.value
    return Array.isArray(value) ? value.map((name): [string, SettingKey] => [name, key]) : []
  })
}

function sharedKeys(sources: Sources): Problem[] {
  const actions = settingKeys().filter((key) => settingOf(key).type === 'key')
  const ofActions = actions.flatMap((key): [string, SettingKey][] => {
    const pressed = canonicalTmuxKey(String(valueIn(sources, key)))
    return pressed === undefined ? [] : [[pressed, key]]
  })
  return [...sharedAmong(ofActions, sources), ...sharedAmong(saidLineKeys(sources), sources)]
}

function sharedAmong(pairs: readonly [pressed: string, key: SettingKey][], sources: Sources): Problem[] {
  const owners = new Map<string, SettingKey>()
  const problems: Problem[] = []
  for (const [pressed, key] of pairs) {
    const owner = owners.get(pressed)
    if (owner === undefined) owners.set(pressed, key)
    else if (owner !== key) problems.push(sharedKey(sources, owner, key, pressed))
  }
  return problems
}

/** Blames what was said last: the environment, else the later line. A default is never to blame. */
function sharedKey(sources: Sources, one: SettingKey, other: SettingKey, pressed: string): Problem {
  const lateness = (key: SettingKey) =>
    sources.environment.has(key) ? Number.POSITIVE_INFINITY : (sources.file.get(key)?.line ?? 0)
  const [blamed, owner] = lateness(one) > lateness(other) ? [one, other] : [other, one]
  const inFile = originIn(sources, blamed) === 'file'
  const name = inFile ? `key "${blamed}"` : `environment variable ${environmentName(blamed)}`
  const isLine = settingOf(blamed).type === 'keys'
  const standing = originIn(sources, owner) === 'default' ? ' by default' : ''
  return {
    line: inFile ? sources.file.get(blamed)?.line : undefined,
    words: isLine
      ? `${name} has "${pressed}", which is a key of "${owner}"`
      : `${name} is "${valueIn(sources, blamed)}", which is the key of "${owner}"${standing}`,
    hint: isLine
      ? 'Give each command keys of its own, or [] for none.'
      : 'Give each action a key of its own, or "" for none.',
    keys: [one, other],
  }
}
