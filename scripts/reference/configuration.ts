import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expectation } from '../../src/config/checks/check-values.ts'
import { environmentDescription, serverTable } from '../../src/config/checks/mcp-sections.ts'
import {
  environmentName,
  type SettingKey,
  settingKeys,
  settingOf,
  splitKey,
} from '../../src/config/settings.ts'

/** Every key of config.toml: what it does, what it takes, and the variable that overrides it. */
export async function configurationReference(): Promise<string> {
  const source = sources(fileURLToPath(new URL('../../src', import.meta.url)))
  const sections = settingKeys().map((key) => section(key, source))
  const all = [...sections, ...serverSections()].join('\n')
  return `Made from the program's own table by \`npm run reference\`.\n\n${all}`
}

function section(key: SettingKey, source: string): string {
  const setting = settingOf(key)
  const fallback = setting.default === undefined ? 'not set' : `\`${JSON.stringify(setting.default)}\``
  const [, name] = splitKey(key)
  const used = new RegExp(`\\b${name}\\b`).test(source)
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

/** What `[mcp.NAME]` takes, for each server. */
function serverSections(): string[] {
  const env = `### mcp.NAME.env\n\n${environmentDescription}.\n\n- takes a table of texts\n- default: \`{}\`\n`
  const others = Object.entries(serverTable).map(([name, setting]) =>
    [
      `### mcp.NAME.${name}`,
      '',
      `${setting.description}.`,
      '',
      `- takes ${expectation(setting)}`,
      `- ${name === 'command' ? 'needed' : `default: \`${JSON.stringify(setting.default)}\``}`,
      '',
    ].join('\n'),
  )
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
