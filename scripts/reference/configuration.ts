import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expectation } from '../../src/config/checks/check-values.ts'
import { environmentDescription, type NamedSections } from '../../src/config/checks/named-sections.ts'
import { namedSections } from '../../src/config/checks/servers-and-agents.ts'
import {
  environmentName,
  type SettingKey,
  settingKeys,
  settingOf,
  splitKey,
} from '../../src/config/settings.ts'
import { lineCommands } from '../../src/domain/line-commands.ts'

/** Every key of config.toml: what it does, what it takes, and the variable that overrides it. */
export async function configurationReference(): Promise<string> {
  const source = sources(fileURLToPath(new URL('../../src', import.meta.url)))
  const sections = settingKeys()
    .filter((key) => settingOf(key).type !== 'keys')
    .map((key) => section(key, source))
  const all = [...sections, ...lineSections(), ...namedSections.flatMap(namedKeys)].join('\n')
  return `Made from the program's own table by \`npm run reference\`.\n\n${all}`
}

function section(key: SettingKey, source: string): string {
  const setting = settingOf(key)
  const fallback = setting.default === undefined ? 'not set' : `\`${JSON.stringify(setting.default)}\``
  const used = isRead(key, source)
  return [
    `### ${key}`,
    '',
    `${setting.description}.${used ? '' : ' **This version reads the key and does nothing with it yet.**'}`,
    '',
    `- takes ${expectation(setting)}`,
    `- default: ${fallback}`,
    `- variable that overrides it: \`${environmentName(key)}\``,
    '',
  ].join('\n')
}

/** Read as `settings.section.key` or taken out of its section; the keys of tmux are read as one table. */
function isRead(key: SettingKey, source: string): boolean {
  const [section, name] = splitKey(key)
  if (section === 'keys') return true
  const field = new RegExp(`\\b(?:${section}|settings)\\.${name}\\b`)
  const taken = new RegExp(
    `\\{[^{}]*\\b${name}\\b[^{}]*\\} *(?::[^=\\n]*)?= [^\\n]*(?:\\b${section}\\b|[sS]ettings\\b)`,
  )
  return field.test(source) || taken.test(source)
}

/** The commands of the line, some to a section: they take the same, and one line says what each does. */
function lineSections(): string[] {
  const commands = Object.entries(lineCommands)
  const size = 9
  const starts = commands.flatMap((_, at) => (at % size === 0 ? [at] : []))
  return starts.map((start) => {
    const group = commands.slice(start, start + size)
    const [first = '', last = ''] = [group[0]?.[0], group.at(-1)?.[0]]
    const key = `keys.line.${first}` as SettingKey
    return [
      `### keys.line, from ${first} to ${last}`,
      '',
      "The keys of commands of the prompt's line, with their defaults:",
      '',
      ...group.map(
        ([name, { keys, description }]) => `- \`${name}\`: ${JSON.stringify(keys)}. ${description}`,
      ),
      '',
      `Each takes ${expectation(settingOf(key))}. Variables override them: \`${environmentName(key)}\`.`,
      '',
    ].join('\n')
  })
}

/** What `[SECTION.NAME]` takes, for each name. */
function namedKeys({ section, settings, needs }: NamedSections): string[] {
  const env = `### ${section}.NAME.env\n\n${environmentDescription}.\n\n- takes a table of texts\n- default: \`{}\`\n`
  const others = Object.entries(settings).map(([name, setting]) => {
    const fallback = setting.default === undefined ? 'not set' : `\`${JSON.stringify(setting.default)}\``
    const isNeeded = name === needs.key && !needs.saidBy
    return [
      `### ${section}.NAME.${name}`,
      '',
      `${setting.description}.`,
      '',
      `- takes ${expectation(setting)}`,
      `- ${isNeeded ? 'needed' : `default: ${fallback}`}`,
      '',
    ].join('\n')
  })
  return [...others, env]
}

/** Everything but the room that reads the configuration: a key that is not named there is not used. */
function sources(directory: string): string {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter(
      (name) => name.endsWith('.ts') && !name.startsWith('config/') && !name.startsWith('cli/verbs/config'),
    )
    .map((name) => readFileSync(join(directory, name), 'utf8'))
    .join('\n')
}
