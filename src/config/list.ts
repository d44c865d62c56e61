import { didYouMean } from '../domain/did-you-mean.ts'
import { exitCode, UserError } from '../domain/errors.ts'
import type { Config, Origin } from './load.ts'
import { quote } from './quote.ts'
import { type SettingKey, settingKeys, settingOf, splitKey, type Value } from './settings.ts'

/** A line of `q config list`. */
export interface SettingRow {
  key: SettingKey
  value: Value
  origin: Origin
  description: string
}

/** Every setting with its value in force, in the order of the file. */
export function listSettings(config: Config): SettingRow[] {
  return settingKeys().map((key) => ({
    key,
    value: valueAt(config, key),
    origin: config.origins.get(key) ?? 'default',
    description: settingOf(key).description,
  }))
}

/**
 * The value in force of one key.
 * @throws UserError (exit 2) if there is no such key.
 */
export function getValue(config: Config, key: string): Value {
  return valueAt(config, parseSettingKey(key))
}

/**
 * The key that a person typed: `ui.indicator_position`.
 * @throws UserError (exit 2), with a suggestion if one is near.
 */
export function parseSettingKey(text: string): SettingKey {
  const keys = settingKeys()
  const key = keys.find((candidate) => candidate === text)
  if (key !== undefined) return key
  const whole = keys.find((candidate) => candidate.endsWith(`.${text}`))
  const hint = whole === undefined ? didYouMean(text, keys) : `did you mean "${whole}"?`
  throw new UserError(`key ${quote(text)} is unknown`, {
    hint: hint ?? '`q config list` shows every key.',
    exit: exitCode.usage,
  })
}

function valueAt(config: Config, key: SettingKey): Value {
  const [section, name] = splitKey(key)
  return (config.settings[section] as Readonly<Record<string, Value>>)[name]
}
