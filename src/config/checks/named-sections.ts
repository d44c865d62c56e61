import { didYouMean } from '../../text/did-you-mean.ts'
import type { TomlDocument, TomlEntry, TomlTable } from '../file/toml.ts'
import { escapedValue, quote } from '../file/toml-quote.ts'
import type { Setting } from '../settings.ts'
import { checkSetting } from './check-values.ts'
import type { Problem } from './config-problems.ts'

/** Sections `[SECTION.NAME]`, whose names the user chooses. */
export interface NamedSections {
  section: string
  /** As people call one: `MCP server`. */
  title: string
  /** What may stand in each besides `env`, which is a table of texts. */
  settings: Readonly<Record<string, Setting>>
  /** The key that none can do without but those of a name that says it, and what to write. */
  needs: { key: string; hint: string; saidBy?: (name: string) => boolean }
}

/** What one section says; what it leaves out is as it is by default. */
export interface NamedSection {
  name: string
  values: Record<string, unknown>
  env: Record<string, string>
}

export const environmentDescription = 'Variables added to its environment'

/** What a config file says in such sections, in its order, and everything that is wrong with it. */
export function readNamed(
  sections: NamedSections,
  document: TomlDocument,
  text: string,
): { found: NamedSection[]; problems: Problem[] } {
  const { section, title, settings, needs } = sections
  const drafts = new Map<string, Draft>()
  const problems: Problem[] = []
  const blame = (line: number, words: string, hint?: string | undefined) =>
    problems.push({ line, words, hint, keys: [] })
  const isPart = ({ path }: Pick<TomlEntry, 'path'>): boolean => path[0] === section
  for (const table of document.tables.filter(isPart)) takeTable(sections, table, draftOf, blame)
  for (const entry of document.entries.filter(isPart)) takeEntry(sections, entry, text, draftOf, blame)
  for (const [name, { line, values }] of drafts)
    if (!values.has(needs.key) && !needs.saidBy?.(name) && !problems.some((problem) => problem.line === line))
      blame(line, `section "${section}.${name}" has no "${needs.key}"`, needs.hint)
  // Where something that is needed is missing there is a problem, and nobody uses what was found.
  return { found: [...drafts].map(([name, draft]) => ({ name, ...whole(draft) })), problems }

  function whole({ values, env }: Draft): Pick<NamedSection, 'values' | 'env'> {
    const all = Object.entries(settings).map(([key, setting]) => [key, values.get(key) ?? setting.default])
    return { values: Object.fromEntries(all), env: Object.fromEntries(env) }
  }

  function draftOf(name: string, line: number): Draft | undefined {
    const known = drafts.get(name)
    if (known) return known
    if (!/^[a-z0-9][a-z0-9_-]{0,31}$/.test(name)) {
      const words = `${title} name ${quote(name)} is not allowed`
      if (!problems.some((problem) => problem.words === words))
        blame(line, words, 'Use 1 to 32 of a-z, 0-9, "_" and "-", and begin with a letter or a digit.')
      return undefined
    }
    const draft: Draft = { line, values: new Map(), env: new Map() }
    drafts.set(name, draft)
    return draft
  }
}

interface Draft {
  line: number
  values: Map<string, unknown>
  env: Map<string, string>
}

type DraftOf = (name: string, line: number) => Draft | undefined
type Blame = (line: number, words: string, hint?: string | undefined) => void

function takeTable(
  { section, settings }: NamedSections,
  { path, line, kind }: TomlTable,
  draftOf: DraftOf,
  blame: Blame,
): void {
  const [, name, key, ...deeper] = path
  if (name === undefined) {
    if (kind === 'array')
      blame(line, `section "${section}" must be written [${section}.NAME], not [[${section}]]`)
    return
  }
  if (!draftOf(name, line)) return
  const shown = quote(path.join('.'))
  if (key === undefined) {
    if (kind === 'array')
      blame(line, `section ${shown} must be written [${section}.${name}], not [[${section}.${name}]]`)
  } else if (key !== 'env') {
    if (Object.hasOwn(settings, key)) blame(line, `key ${shown} must not be a table`)
    else blame(line, `key ${shown} is unknown`, didYouMean(key, keysOf(settings)))
  } else if (deeper.length > 0) blame(line, `key ${shown} must be a text, not a table`)
  else if (kind === 'array') blame(line, `key ${shown} must be a table of texts, not a list`)
}

function takeEntry(
  { section, settings }: NamedSections,
  entry: TomlEntry,
  text: string,
  draftOf: DraftOf,
  blame: Blame,
): void {
  const { path, line, value } = entry
  const [, name, key, variable, ...deeper] = path
  const shown = quote(path.join('.'))
  if (name === undefined) return blame(line, `key "${section}" must be a section`, `Write [${section}.NAME].`)
  const draft = draftOf(name, line)
  if (!draft) return
  if (key === undefined) return blame(line, `key ${shown} must be a section`, `Write [${section}.${name}].`)
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
  const setting = Object.hasOwn(settings, key) ? settings[key] : undefined
  if (setting === undefined) return blame(line, `key ${shown} is unknown`, didYouMean(key, keysOf(settings)))
  const checked = checkSetting(setting, value, literal)
  if (!checked.ok) blame(line, `key ${shown} ${checked.words}`, checked.hint)
  // One that was blamed is not missing besides.
  if (!checked.ok || checked.value !== undefined)
    draft.values.set(key, checked.ok ? checked.value : undefined)
}

function keysOf(settings: NamedSections['settings']): string[] {
  return [...Object.keys(settings), 'env']
}
