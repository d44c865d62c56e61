import { didYouMean } from '../../text/did-you-mean.ts'
import { splitWords } from '../../text/quoted-words.ts'
import { quote } from '../file/toml-quote.ts'
import { type Setting, type SettingKey, settingOf, type Value } from '../settings.ts'
import { canonicalLineKeys } from './line-keys.ts'
import { canonicalTmuxKey } from './tmux-key.ts'

/** A value that a setting takes, or why not: `must be …, not …` follows the name of the key or of the variable. */
export type Checked = { ok: true; value: Value } | { ok: false; words: string; hint?: string | undefined }

/** Whether `key` takes a value that has a type already, as in the file. `shown` is the value as it is written there. */
export function checkValue(key: SettingKey, value: unknown, shown: string): Checked {
  return checkSetting(settingOf(key), value, shown)
}

/** The same for a setting that is not in the table of all keys. */
export function checkSetting(setting: Setting, value: unknown, shown: string): Checked {
  const taken = accept(setting, value)
  if (taken !== undefined) return { ok: true, value: taken.value }
  const safe = setting.type === 'url' ? withoutSecret(shown) : shown
  return { ok: false, words: `must be ${expectation(setting)}, not ${safe}`, hint: hintFor(setting, value) }
}

/** The same for text without a type, from the environment or the command line. */
export function checkText(key: SettingKey, text: string): Checked {
  return checkValue(key, fromText(settingOf(key), text), quote(text))
}

/** What a setting takes, for people: `a whole number from 1 to 9`. */
export function expectation(setting: Setting): string {
  switch (setting.type) {
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `a whole number from ${setting.min} to ${setting.max}`
    case 'word':
      return `one of ${setting.words.map((word) => `"${word}"`).join(', ')}`
    case 'key':
      return 'a tmux key such as "a", "C-a", "M-a", "F5" or "Enter" ("" for none)'
    case 'keys':
      return 'a list of keys such as ["M-b", "C-Left", "F5"] ([] for none), without Enter, Escape, C-c and C-z'
    case 'url':
      return 'an http or https address such as "http://127.0.0.1:11434/v1"'
    case 'text':
    case 'list':
      return setting.expected
    case 'command':
      return 'a command such as "notify-send -a q", each quote closed'
  }
}

/** The value inside an object, because `undefined` is a value too; undefined if the setting does not take it. */
function accept(setting: Setting, value: unknown): { value: Value } | undefined {
  switch (setting.type) {
    case 'boolean':
      return typeof value === 'boolean' ? { value } : undefined
    case 'integer':
      return typeof value === 'number' && value >= setting.min && value <= setting.max ? { value } : undefined
    case 'word':
      return typeof value === 'string' && setting.words.includes(value) ? { value } : undefined
    case 'key':
      return typeof value === 'string' && (value === '' || canonicalTmuxKey(value)) ? { value } : undefined
    case 'keys': {
      const keys = isTexts(value) ? canonicalLineKeys(value) : undefined
      return keys && { value: keys }
    }
    case 'text':
      if (value === '') return { value: undefined }
      return typeof value === 'string' && setting.pattern.test(value) ? { value } : undefined
    case 'command':
      if (value === '') return { value: undefined }
      return typeof value === 'string' && isCommand(value) ? { value } : undefined
    case 'url':
      if (value === '') return { value: undefined }
      return typeof value === 'string' && isAddress(value) ? { value } : undefined
    case 'list':
      return isTexts(value) && value.every((text) => setting.item.test(text)) ? { value } : undefined
  }
}

function fromText(setting: Setting, text: string): unknown {
  if (setting.type === 'boolean') return truths.includes(text) || (falsehoods.includes(text) ? false : text)
  if (setting.type === 'integer') return /^\d{1,9}$/.test(text) ? Number(text) : text
  if (setting.type === 'list' || setting.type === 'keys') return splitList(text)
  return text
}

/** `a, b(c, d)` is two. Parentheses inside of parentheses count. */
export function splitList(text: string): string[] {
  const items: string[] = []
  let item = ''
  let depth = 0
  for (const letter of text) {
    if (letter === '(') depth += 1
    else if (letter === ')') depth -= 1
    if (letter === ',' && depth <= 0) {
      items.push(item)
      item = ''
    } else item += letter
  }
  return [...items, item].map((one) => one.trim()).filter((one) => one !== '')
}

/** One line, with a program in front. */
function isCommand(text: string): boolean {
  return !/\p{Cc}/u.test(text) && Boolean(splitWords(text)?.[0])
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

/** Settings are shown and backed up: what opens a door has no place in them. */
function isAddress(text: string): boolean {
  const url = /^[\x21-\x7e]{1,1000}$/.test(text) ? URL.parse(text) : null
  return url !== null && /^https?:$/.test(url.protocol) && !hasSecret(url)
}

function hasSecret(url: URL): boolean {
  return url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== ''
}

/** An address that is refused for what is in it is not repeated with it. */
function withoutSecret(shown: string): string {
  return shown.replaceAll(/\/\/[^/]*@/g, '//…@').replaceAll(/[?#][^"']*/g, '?…')
}

const truths = ['true', 'yes', 'on', '1']
const falsehoods = ['false', 'no', 'off', '0']

function hintFor(setting: Setting, value: unknown): string | undefined {
  if (value === undefined || Number.isNaN(value)) return undefined
  if (setting.type === 'list' || setting.type === 'keys')
    return typeof value === 'string' ? `Write ["…"], in brackets.` : undefined
  if (typeof value !== 'string')
    return accept(setting, String(value)) ? `Write "${value}" in quotes.` : undefined
  if (setting.type === 'url' && /[@?#]/.test(value))
    return 'Keep a key out of the address: export OPENAI_API_KEY=…'
  if (setting.type === 'word') return didYouMean(value, setting.words)
  const meant =
    setting.type === 'boolean' || setting.type === 'integer' ? fromText(setting, value) : undefined
  return meant !== undefined && accept(setting, meant) ? `Write ${meant} without quotes.` : undefined
}
