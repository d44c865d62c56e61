import { exitCode, UserError } from '../../base/errors.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { environmentDescription, type NamedSection, type NamedSections } from '../checks/named-sections.ts'
import { agentSections, serverSections } from '../checks/servers-and-agents.ts'
import { type SettingKey, settingKeys, settingOf, splitKey, type Value } from '../settings.ts'
import type { Config, Origin } from './load-config.ts'
import { quote } from './toml-quote.ts'

/** A line of `q config list`. */
export interface SettingRow {
  key: string
  value: Value
  origin: Origin
  description: string
}

/** Every setting with its value in force, in the order of the file, and what it says about MCP servers and agents. */
export function listSettings(config: Config): SettingRow[] {
  const rows = settingKeys().map((key) => ({
    key,
    value: valueAt(config, key),
    origin: config.origins.get(key) ?? 'default',
    description: settingOf(key).description,
  }))
  return [...rows, ...namedIn(config).flatMap(rowsOf)]
}

/**
 * The value in force of one key.
 * @throws UserError (exit 2) if there is no such key.
 */
export function getValue(config: Config, key: string): Value {
  const named = new Map(namedIn(config).flatMap(valuesOf))
  if (named.has(key)) return named.get(key)
  return valueAt(config, parseSettingKey(key, [...named.keys()]))
}

/**
 * The key that a person typed: `ui.indicator_position`.
 * @throws UserError (exit 2), with a suggestion if one is near, also of `others`.
 */
export function parseSettingKey(text: string, others: readonly string[] = []): SettingKey {
  const keys = settingKeys()
  const key = keys.find((candidate) => candidate === text)
  if (key !== undefined) return key
  const whole = keys.find((candidate) => candidate.endsWith(`.${text}`))
  const hint = whole === undefined ? didYouMean(text, [...keys, ...others]) : `did you mean "${whole}"?`
  throw new UserError(`key ${quote(text)} is unknown`, {
    hint: hint ?? '`q config list` shows every key.',
    exit: exitCode.usage,
  })
}

/** One section whose name the user chose, and of which kind it is. */
type Named = Readonly<NamedSection> & { sections: NamedSections }

function namedIn({ servers, agents }: Config): Named[] {
  return [
    ...servers.map(({ name, env, ...values }) => ({ sections: serverSections, name, env, values })),
    ...agents.map(({ name, env, ...values }) => ({ sections: agentSections, name, env, values })),
  ]
}

/** Values of variables may be secrets: the list says only that they are set. */
function rowsOf(named: Named): SettingRow[] {
  const place = placeOf(named)
  const secrets = Object.keys(named.env).map((name) => `${place}.env.${name}`)
  return valuesOf(named)
    .filter(([key]) => key !== `${place}.env`)
    .map(([key, value]) => ({
      key,
      value: secrets.includes(key) ? '(set)' : value,
      origin: 'file' as const,
      description: named.sections.settings[key.split('.')[2] ?? '']?.description ?? environmentDescription,
    }))
}

function valuesOf(named: Named): [key: string, value: Value][] {
  const place = placeOf(named)
  return [
    ...Object.entries(named.values).map(([key, value]): [string, Value] => [
      `${place}.${key}`,
      value as Value,
    ]),
    [`${place}.env`, Object.keys(named.env)],
    ...Object.entries(named.env).map(([key, value]): [string, Value] => [`${place}.env.${key}`, value]),
  ]
}

function placeOf({ sections, name }: Named): string {
  return `${sections.section}.${name}`
}

function valueAt(config: Config, key: SettingKey): Value {
  const [section, name] = splitKey(key)
  return (config.settings[section] as Readonly<Record<string, Value>>)[name]
}
