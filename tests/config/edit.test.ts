import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCode } from '../../src/base/errors.ts'
import { setValue, unsetValue } from '../../src/config/file/edit-config.ts'
import { loadConfig } from '../../src/config/file/load-config.ts'
import { modeOf, temporaryDirectory, underUmask, userErrorOf } from './temporary.ts'

function configFile(text: string): string {
  const file = join(temporaryDirectory(), 'config.toml')
  writeFileSync(file, text)
  return file
}

describe('setting a value changes that value alone', () => {
  test.each([
    ['in an empty file', '', 'ui.indicator_layout', 'stacked', '[ui]\nindicator_layout = "stacked"\n'],
    [
      'that is there',
      '# top\n[ui] # u\n  indicator_layout   =   "inline"   # why\nmax_indicator_sessions = 3',
      'ui.indicator_layout',
      'stacked',
      '# top\n[ui] # u\n  indicator_layout   =   "stacked"   # why\nmax_indicator_sessions = 3',
    ],
    [
      'of another type',
      '[sessions]\npersist_sessions = true\n',
      'sessions.persist_sessions',
      'no',
      '[sessions]\npersist_sessions = false\n',
    ],
    [
      'that is a list',
      '[tools]\nallow = [\n  "grep", # why\n]\n',
      'tools.allow',
      'glob, fs_write(a,b)',
      '[tools]\nallow = ["glob","fs_write(a,b)"]\n',
    ],
    [
      'that was wrong',
      '[ui]\nindicator_layout = 7 # oops\n',
      'ui.indicator_layout',
      'inline',
      '[ui]\nindicator_layout = "inline" # oops\n',
    ],
    [
      'in its section',
      '[ui]\n  show_session_indicator = true # yes\n\n# about keys\n[keys]\n',
      'ui.max_indicator_sessions',
      '3',
      '[ui]\n  show_session_indicator = true # yes\n  max_indicator_sessions = 3\n\n# about keys\n[keys]\n',
    ],
    [
      'in an empty section',
      '[ui] # none yet\n[keys]\n',
      'ui.max_indicator_sessions',
      '3',
      '[ui] # none yet\nmax_indicator_sessions = 3\n[keys]\n',
    ],
    [
      'in a section at the end without a newline',
      '[ui]',
      'ui.max_indicator_sessions',
      '3',
      '[ui]\nmax_indicator_sessions = 3',
    ],
    ['in a new section', '[ui]\n# end', 'keys.back', 'C-b', '[ui]\n# end\n\n[keys]\nback = "C-b"\n'],
    [
      'in a file with CRLF',
      '# 😀\r\n[ui]\r\nindicator_layout = "inline"\r\n',
      'ui.max_indicator_sessions',
      '3',
      '# 😀\r\n[ui]\r\nindicator_layout = "inline"\r\nmax_indicator_sessions = 3\r\n',
    ],
    [
      'behind a byte order mark',
      '\ufeff[ui]\nindicator_layout = "inline"\n',
      'ui.indicator_layout',
      'stacked',
      '\ufeff[ui]\nindicator_layout = "stacked"\n',
    ],
    [
      'beside dotted keys',
      'ui.indicator_layout = "inline"\n[keys]\n',
      'ui.max_indicator_sessions',
      '3',
      'ui.indicator_layout = "inline"\nui.max_indicator_sessions = 3\n[keys]\n',
    ],
    [
      'in an inline table',
      'ui = { indicator_layout = "inline" } # x\n',
      'ui.max_indicator_sessions',
      '3',
      'ui = { indicator_layout = "inline", max_indicator_sessions = 3 } # x\n',
    ],
    [
      'over a multi-line string',
      '[model]\nid = """\nx"""\nregion = "eu-west-1"\n',
      'model.id',
      'a"b\\c',
      '[model]\nid = "a\\"b\\\\c"\nregion = "eu-west-1"\n',
    ],
    ['a text to nothing', '[model]\nid = "x"\n', 'model.id', '', '[model]\nid = ""\n'],
    ['to nothing', '[keys]\nback = "A"\n', 'keys.back', '', '[keys]\nback = ""\n'],
    [
      'next to a key it does not know',
      '[ui]\nzebra = 1\n',
      'ui.max_indicator_sessions',
      '3',
      '[ui]\nzebra = 1\nmax_indicator_sessions = 3\n',
    ],
  ])('%s', async (_, before, key, text, after) => {
    const file = configFile(before)
    expect(await setValue(file, key, text)).toMatchObject({ key, changed: true })
    expect(readFileSync(file, 'utf8')).toBe(after)
    expect(readdirSync(join(file, '..'))).toEqual(['config.toml'])
  })
})

test('a value that is there already is not written again', async () => {
  const file = configFile('[ui]\nmax_indicator_sessions = 3\n')
  const before = lstatSync(file).ino
  expect(await setValue(file, 'ui.max_indicator_sessions', '3')).toEqual({
    key: 'ui.max_indicator_sessions',
    value: 3,
    changed: false,
  })
  expect(lstatSync(file).ino).toBe(before)
})

describe('a refused edit leaves the file as it was', () => {
  test.each([
    [
      'an unknown key',
      '[ui]\n',
      'ui.indicator_positon',
      'x',
      'key "ui.indicator_positon" is unknown',
      exitCode.usage,
    ],
    [
      'a value out of range',
      '[ui]\n',
      'ui.max_indicator_sessions',
      '10',
      'must be a whole number from 1 to 9, not "10"',
      exitCode.usage,
    ],
    ['a newline', '', 'model.id', 'x"\n[ui]\ny = "', 'must be a model id', exitCode.usage],
    ['a tmux command', '', 'keys.back', 'a ; kill-server', 'must be a tmux key', exitCode.usage],
    [
      'a key that is taken',
      '',
      'keys.back',
      'a',
      'key "keys.back" is "a", which is the key of "keys.next_waiting"',
      exitCode.usage,
    ],
    [
      'a file that is not TOML',
      '[ui\nx',
      'ui.max_indicator_sessions',
      '3',
      ':1: not valid TOML',
      exitCode.usage,
    ],
    [
      'a table in the place of the value',
      '[ui.indicator_layout]\nx = 1\n',
      'ui.indicator_layout',
      'inline',
      'cannot be edited',
      exitCode.failed,
    ],
    [
      'an empty inline table',
      'ui = {}\n',
      'ui.indicator_layout',
      'inline',
      'cannot be edited',
      exitCode.failed,
    ],
    [
      'an array of sections',
      '[[ui]]\n',
      'ui.indicator_layout',
      'inline',
      'cannot be edited',
      exitCode.failed,
    ],
  ])('%s', async (_, before, key, text, words, exit) => {
    const file = configFile(before)
    const error = await userErrorOf(() => setValue(file, key, text))
    expect(error.message).toContain(words)
    expect(error.exit).toBe(exit)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })
})

test.each([0o000, 0o077, 0o777])('a new file is 0600 in directories of 0700 under umask %i', async (mask) => {
  const file = join(temporaryDirectory(), 'a', 'q-mux', 'config.toml')
  underUmask(mask)
  await setValue(file, 'model.provider', 'guide')
  expect(await modeOf(file)).toBe('0600')
  expect(await modeOf(join(file, '..'))).toBe('0700')
  expect(await modeOf(join(file, '../..'))).toBe('0700')
  expect((await loadConfig(file, {})).settings.model.provider).toBe('guide')
})

test('a file keeps the mode its owner gave it', async () => {
  const file = configFile('')
  chmodSync(file, 0o640)
  await setValue(file, 'model.provider', 'guide')
  expect(await modeOf(file)).toBe('0640')
})

describe('a file that is a link stays one, and its target is written', () => {
  test.each([
    ['over a link in a linked directory', true],
    ['when the target does not exist yet', false],
  ])('%s', async (_, exists) => {
    const home = temporaryDirectory()
    mkdirSync(join(home, 'dotfiles', 'q-mux'), { recursive: true })
    mkdirSync(join(home, 'deep', 'config'), { recursive: true })
    symlinkSync(join(home, 'dotfiles', 'q-mux'), join(home, 'deep', 'config', 'q-mux'))
    symlinkSync('../real.toml', join(home, 'dotfiles', 'q-mux', 'config.toml'))
    const target = join(home, 'dotfiles', 'real.toml')
    if (exists) writeFileSync(target, '# mine\n')
    const file = join(home, 'deep', 'config', 'q-mux', 'config.toml')
    await setValue(file, 'model.provider', 'guide')
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(readFileSync(target, 'utf8')).toBe(`${exists ? '# mine\n\n' : ''}[model]\nprovider = "guide"\n`)
  })
})

describe('unsetting', () => {
  test.each([
    ['takes the line away', '# a\n[keys]\nback = "x" # b\nnew = "y"\n', '# a\n[keys]\nnew = "y"\n', true],
    ['takes the last line away', '[keys]\nback = "x"', '[keys]\n', true],
    ['takes the first line away', 'keys.back = "x"\n# rest\n', '# rest\n', true],
    ['leaves a file alone that does not say it', '[keys]\nnew = "y"\n', '[keys]\nnew = "y"\n', false],
  ])('%s', async (_, before, after, changed) => {
    const file = configFile(before)
    expect(await unsetValue(file, 'keys.back')).toEqual({ key: 'keys.back', value: undefined, changed })
    expect(readFileSync(file, 'utf8')).toBe(after)
  })

  test('refuses to cut an inline table up', async () => {
    const file = configFile('keys = { back = "x" }\n')
    expect((await userErrorOf(() => unsetValue(file, 'keys.back'))).message).toContain('cannot be edited')
  })

  test('makes no file', async () => {
    const file = join(temporaryDirectory(), 'q-mux', 'config.toml')
    expect(await unsetValue(file, 'keys.back')).toMatchObject({ changed: false })
    expect(existsSync(join(file, '..'))).toBe(false)
  })
})
