import { didYouMean } from '../../text/did-you-mean.ts'
import type { TomlTable } from '../file/toml.ts'
import { quote } from '../file/toml-quote.ts'
import { type SettingKey, settingKeys, settingsTable } from '../settings.ts'
import type { Problem } from './config-problems.ts'
import { namedSections } from './servers-and-agents.ts'

/** Sections that do not exist, or are written as something else than a section; `path` is the part to blame. */
export function tableProblems(tables: readonly TomlTable[]): (Problem & { path: string[] })[] {
  const problems: (Problem & { path: string[] })[] = []
  for (const { path, line, kind } of tables) {
    if (problems.some((other) => other.path.every((name, at) => path[at] === name))) continue
    const wrong = wrongTable(path, kind)
    if (wrong !== undefined) problems.push({ line, ...wrong })
  }
  return problems
}

/** What to say about a path that is no setting. */
export function unknownKey(path: readonly string[]): { words: string; hint?: string | undefined } {
  const [section, rest] = sectionIn(path)
  const words = `key ${quote(path.join('.'))} is unknown`
  const names = namesIn(section)
  if (names !== undefined && rest.length === 0) {
    return { words: `key "${section}" must be a section`, hint: `Write [${section}] on a line of its own.` }
  }
  const elsewhere = settingKeys().find((key) => key.endsWith(`.${path.at(-1)}`))
  if (elsewhere !== undefined) return { words, hint: `did you mean "${elsewhere}"?` }
  return {
    words,
    hint: names ? didYouMean(rest.join('.'), names) : didYouMean(path.join('.'), settingKeys()),
  }
}

export function knownKey(path: readonly string[]): SettingKey | undefined {
  return settingKeys().find((key) => key === path.join('.') && key.split('.').length === path.length)
}

function wrongTable(
  path: string[],
  kind: TomlTable['kind'],
): Omit<Problem & { path: string[] }, 'line'> | undefined {
  const [section, rest] = sectionIn(path)
  const key = knownKey(path)
  if (key !== undefined) return { path, words: `key "${key}" must not be a table`, keys: [key] }
  if (namesIn(section) === undefined) {
    const hint = didYouMean(section, [
      ...Object.keys(settingsTable),
      ...namedSections.map((named) => named.section),
    ])
    return { path: path.slice(0, 1), words: `section ${quote(section)} is unknown`, hint, keys: [] }
  }
  if (rest.length > 0) return { path, keys: [], ...unknownKey(path) }
  const words = `section "${section}" must be written [${section}], not [[${section}]]`
  return kind === 'array' ? { path, words, keys: [] } : undefined
}

/** The section that a path is about, and what is left of it: `keys.line` is one, too. */
function sectionIn(path: readonly string[]): [section: string, rest: readonly string[]] {
  const deeper = path.slice(0, 2).join('.')
  return path.length > 1 && namesIn(deeper) ? [deeper, path.slice(2)] : [path[0] ?? '', path.slice(1)]
}

function namesIn(section: string): string[] | undefined {
  const known = Object.entries(settingsTable).find(([name]) => name === section)
  return known && Object.keys(known[1])
}
