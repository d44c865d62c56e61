import { exitCode, UserError } from '../../base/errors.ts'
import type { McpServer } from '../../domain/mcp-server-settings.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { environmentDescription, serverTable } from '../checks/mcp-sections.ts'
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

/** Every setting with its value in force, in the order of the file, and what it says about MCP servers. */
export function listSettings(config: Config): SettingRow[] {
  const rows = settingKeys().map((key) => ({
    key,
    value: valueAt(config, key),
    origin: config.origins.get(key) ?? 'default',
    description: settingOf(key).description,
  }))
  return [...rows, ...config.servers.flatMap(serverRows)]
}

/**
 * The value in force of one key.
 * @throws UserError (exit 2) if there is no such key.
 */
export function getValue(config: Config, key: string): Value {
  const servers = new Map(config.servers.flatMap(serverValues))
  if (servers.has(key)) return servers.get(key)
  return valueAt(config, parseSettingKey(key, [...servers.keys()]))
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

/** Values of variables may be secrets: the list says only that they are set. */
function serverRows(server: McpServer): SettingRow[] {
  const names = Object.keys(server.env).map((name) => `mcp.${server.name}.env.${name}`)
  return serverValues(server)
    .filter(([key]) => key !== `mcp.${server.name}.env`)
    .map(([key, value]) => ({
      key,
      value: names.includes(key) ? '(set)' : value,
      origin: 'file' as const,
      description: descriptionOf(key.split('.')[2] ?? ''),
    }))
}

function serverValues({ name, env, ...others }: McpServer): [key: string, value: Value][] {
  return [
    ...Object.entries(others).map(([key, value]): [string, Value] => [`mcp.${name}.${key}`, value]),
    [`mcp.${name}.env`, Object.keys(env)],
    ...Object.entries(env).map(([key, value]): [string, Value] => [`mcp.${name}.env.${key}`, value]),
  ]
}

function descriptionOf(key: string): string {
  return Object.entries(serverTable).find(([name]) => name === key)?.[1].description ?? environmentDescription
}

function valueAt(config: Config, key: SettingKey): Value {
  const [section, name] = splitKey(key)
  return (config.settings[section] as Readonly<Record<string, Value>>)[name]
}
