import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCode } from '../../src/base/errors.ts'
import { getValue, listSettings } from '../../src/config/file/list-settings.ts'
import { loadConfig } from '../../src/config/file/load-config.ts'
import { settingKeys } from '../../src/config/settings.ts'
import { temporaryDirectory, userErrorOf } from './temporary.ts'

async function someConfig() {
  const file = join(temporaryDirectory(), 'config.toml')
  writeFileSync(file, '[ui]\nindicator_layout = "stacked"\n[model]\nid = ""\n')
  return loadConfig(file, { Q_SESSIONS_NAME_MAX_LENGTH: '9' })
}

test('the list has every setting once, in order, with value and origin', async () => {
  const rows = listSettings(await someConfig())
  expect(rows.map(({ key }) => key)).toEqual(settingKeys())
  expect(rows.every(({ description }) => /^[A-Z][^\n]{5,}$/.test(description))).toBe(true)
  expect(
    rows.filter(({ origin }) => origin !== 'default').map(({ key, value, origin }) => [key, value, origin]),
  ).toEqual([
    ['sessions.name_max_length', 9, 'environment'],
    ['ui.indicator_layout', 'stacked', 'file'],
    ['model.id', undefined, 'file'],
  ])
})

test('one value is had by its key', async () => {
  const config = await someConfig()
  expect(getValue(config, 'ui.indicator_layout')).toBe('stacked')
  expect(getValue(config, 'keys.new')).toBe('N')
})

describe('an unknown key is refused with a suggestion', () => {
  test.each([
    ['ui.indicator_layuot', 'did you mean "ui.indicator_layout"?'],
    ['indicator_layout', 'did you mean "ui.indicator_layout"?'],
    ['UI.INDICATOR-LAYOUT', 'did you mean "ui.indicator_layout"?'],
    ['ui', '`q config list` shows every key.'],
    ['', '`q config list` shows every key.'],
    ['__proto__.toString', '`q config list` shows every key.'],
    ['x'.repeat(10_000), '`q config list` shows every key.'],
  ])('%s', async (key, hint) => {
    const config = await someConfig()
    const error = await userErrorOf(() => getValue(config, key))
    expect(error.hint).toBe(hint)
    expect(error.exit).toBe(exitCode.usage)
    expect(error.message.length).toBeLessThan(120)
  })
})
