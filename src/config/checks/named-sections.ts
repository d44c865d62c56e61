import { didYouMean } from '../../text/did-you-mean.ts'
import type { TomlDocument, TomlEntry, TomlTable } from '../file/toml.ts'
import { escapedValue, quote } from '../file/toml-quote.ts'
import type { Setting } from '../settings.ts'
import { checkSetting } from './check-values.ts'
import type { Problem } from './config-problems.ts'

/** Sections `[SECTION.NAME]`, whose names the user chooses. */
export interface NamedSections {
  section: string
  /** As people call a name: `MCP server name`. */
  title: string
  /** What may stand in each besides `env`, which is a table of texts. */
  settings: Readonly<Record<string, Setting>>
}

/** What a config file says in such sections, in its order, and everything that is wrong with it. */
export function readNamed(
  sections: NamedSections,
  document: TomlDocument,
  text: string,
): { found: Map<string, Draft>; problems: Problem[] } {
  const found = new Map<string, Draft>()
  const problems: Problem[] = []
  const blame = (line: number, words: string, hint?: string | undefined) =>
    problems.push({ line, words, hint, keys: [] })
  const isPart = partOf(sections)
  for (const table of document.tables.filter(isPart)) takeTable(sections, table, draftOf, blame)
  for (const entry of document.entries.filter(isPart)) takeEntry(sections, entry, text, draftOf, blame)
  return { found, problems }

  function draftOf(name: string, line: number): Draft | undefined {
    const known = found.get(name)
    if (known) return known
    if (!/^[a-z0-9][a-z0-9_-]{0,31}$/.test(name)) {
      const words = `${sections.title} ${quote(name)} is not allowed`
      if (!problems.some((problem) => problem.words === words))
        blame(line, words, 'Use 1 to 32 of a-z, 0-9, "_" and "-", and begin with a letter or a digit.')
      return undefined
    }
    const draft: Draft = { line, values: new Map(), env: new Map() }
    found.set(name, draft)
    return draft
  }
}

/** Whether a table or an entry belongs to the sections. */
export function partOf({
  section,
}: Pick<NamedSections, 'section'>): (part: Pick<TomlEntry, 'path'>) => boolean {
  return ({ path }) => path[0] === section
}

/** The values of a section, those that are missing as they are by default. */
export function valuesOf({ settings }: NamedSections, { values }: Draft): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, setting]) => [key, values.get(key) ?? setting.default]),
  )
}

/** What one section says: values that were let through, and the variables of `env`. */
export interface Draft {
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
