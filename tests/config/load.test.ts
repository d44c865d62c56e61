import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCode } from '../../src/base/errors.ts'
import { loadConfig } from '../../src/config/file/load-config.ts'
import { environmentName, makeSettings, settingKeys, settingOf } from '../../src/config/settings.ts'
import { temporaryDirectory, userErrorOf } from './temporary.ts'

function configFile(text: string | Uint8Array): string {
  const file = join(temporaryDirectory(), 'config.toml')
  writeFileSync(file, text)
  return file
}

test('without a file every setting has its default', async () => {
  const config = await loadConfig(join(temporaryDirectory(), 'none', 'config.toml'), {})
  expect(config.settings).toEqual(makeSettings((key) => settingOf(key).default))
  expect(config.settings.model).toEqual({
    provider: 'auto',
    id: undefined,
    region: undefined,
    context_window: 0,
    auto_compact: true,
    first_token_timeout_s: 120,
    retry_for_s: 600,
    idle_timeout_s: 60,
  })
  expect(config.settings.sessions.name_with_model).toBe(false)
  expect(config.settings.ui.indicator_position).toBe('top-right')
  expect(config.settings.keys).toEqual({ next_waiting: 'a', back: 'A', pick: 'S', new: 'N' })
  expect(new Set(config.origins.values())).toEqual(new Set(['default']))
})

test('the environment beats the file, and the file beats the default', async () => {
  const file = configFile('[sessions]\nmax_active_sessions = 20\nname_max_length = 12\n')
  const config = await loadConfig(file, { Q_SESSIONS_MAX_ACTIVE_SESSIONS: '30', Q_UI_INDICATOR_POSITION: '' })
  expect(config.settings.sessions).toMatchObject({
    max_active_sessions: 30,
    name_max_length: 12,
    cleanup_after_days: 30,
  })
  expect(config.settings.ui.indicator_position).toBe('top-right')
  expect(config.origins.get('sessions.max_active_sessions')).toBe('environment')
  expect(config.origins.get('sessions.name_max_length')).toBe('file')
  expect(config.origins.get('sessions.cleanup_after_days')).toBe('default')
})

test('a list is an array of texts in the file, and has commas between its parts in the environment', async () => {
  const file = configFile('[tools]\nallow = ["glob", "execute_bash(cut -d, -f1 *)"]\n')
  const config = await loadConfig(file, { Q_TOOLS_DENY: 'grep, fs_read(a(1),b.txt) ,' })
  expect(config.settings.tools).toEqual({
    allow: ['glob', 'execute_bash(cut -d, -f1 *)'],
    deny: ['grep', 'fs_read(a(1),b.txt)'],
    timeout_s: 120,
  })
})

test.each([
  'https://me:hunter2@example.com/v1',
  'https://sk-hunter2@example.com/v1',
  'https://example.com/v1?key=hunter2',
])('an address with a secret in it is refused, and not repeated: %s', async (address) => {
  const file = configFile(`[model]\nbase_url = "${address}"\n`)
  const error = await userErrorOf(() => loadConfig(file, {}))
  expect(error.message).toContain('must be an http or https address')
  expect(`${error.message} ${error.hint}`).not.toContain('hunter2')
  expect(`${error.message} ${error.hint}`).toContain('export OPENAI_API_KEY=')
  const inEnvironment = await userErrorOf(() => loadConfig(configFile(''), { Q_MODEL_BASE_URL: address }))
  expect(`${inEnvironment.message} ${inEnvironment.hint}`).not.toContain('hunter2')
})

test.each(['ftp://example.com', 'example.com', 'http://a b', 'http://', '\u001b[31mhttp://x'])(
  'an address that is none is refused: %j',
  async (address) => {
    const file = configFile(`[model]\nbase_url = ${JSON.stringify(address)}\n`)
    expect((await userErrorOf(() => loadConfig(file, {}))).message).toContain('http or https address')
  },
)

test('an address is taken, and the empty text is none', async () => {
  const base = async (text: string) =>
    (await loadConfig(configFile(`[model]\nbase_url = "${text}"\n`), {})).settings.model.base_url
  expect(await base('https://gpu.example.com:8443/v1/')).toBe('https://gpu.example.com:8443/v1/')
  expect(await base('')).toBeUndefined()
})

test.each([
  ['a text', '"glob"', 'Write ["…"], in brackets.'],
  ['numbers', '[1]', undefined],
  ['lists in it', '[["glob"]]', undefined],
  ['what is no rule', '["rm -rf"]', undefined],
])('a list that is %s is refused', async (_, value, hint) => {
  const file = configFile(`[tools]\ndeny = ${value}\n`)
  const error = await userErrorOf(() => loadConfig(file, {}))
  expect(error.message).toContain(
    `${file}:2: key "tools.deny" must be a list of tool rules, TOOL or TOOL(PATTERN), not ${value}`,
  )
  expect(error.hint).toBe(hint)
})

test.each(["ring 'x", 'ring \\"x', 'ring \\\\', ' ', "'' x", 'ring\\nx'])(
  'a command with a quote left open, or without a program, is refused: %s',
  async (written) => {
    const file = configFile(`[ui]\non_waiting = "${written}"\n`)
    expect((await userErrorOf(() => loadConfig(file, {}))).message).toBe(
      `${file}:2: key "ui.on_waiting" must be a command such as "notify-send -a q", each quote closed, not "${written}"`,
    )
    const good = await loadConfig(configFile('[ui]\non_waiting = "ring \'x y\'"\n'), {})
    expect(good.settings.ui.on_waiting).toBe("ring 'x y'")
  },
)

test('each key has a variable of its own', () => {
  const names = settingKeys().map(environmentName)
  expect(new Set(names).size).toBe(settingKeys().length)
  expect(names).toContain('Q_MODEL_FIRST_TOKEN_TIMEOUT_S')
})

describe('a file is read when it is written', () => {
  const position = 'bottom-left'
  test.each([
    ['with a section', `[ui]\nindicator_position = "${position}"\n`],
    ['with a dotted key', `ui.indicator_position = '${position}'`],
    ['with an inline table', `ui = { indicator_position = "${position}" }`],
    ['with quoted names', `["ui"]\n"indicator_position" = "${position}"`],
    ['with a byte order mark', `\ufeff[ui]\nindicator_position = "${position}"\n`],
    ['with CRLF', `# 😀\r\n[ui]\r\nindicator_position = "${position}" # ok\r\n`],
  ])('%s', async (_, text) => {
    const config = await loadConfig(configFile(text), {})
    expect(config.settings.ui.indicator_position).toBe(position)
    expect(config.origins.get('ui.indicator_position')).toBe('file')
  })
})

describe('a file with a mistake is refused with its line', () => {
  test.each([
    [
      '[ui]\n\nindicator_positon = "x"',
      3,
      'key "ui.indicator_positon" is unknown',
      'did you mean "indicator_position"?',
    ],
    [
      '[ui]\nindicator-position = "x"',
      2,
      'key "ui.indicator-position" is unknown',
      'did you mean "indicator_position"?',
    ],
    ['[sesions]\na = 1\nb = 2', 1, 'section "sesions" is unknown', 'did you mean "sessions"?'],
    ['[zebra]', 1, 'section "zebra" is unknown', undefined],
    [
      'max_active_sessions = 3',
      1,
      'key "max_active_sessions" is unknown',
      'did you mean "sessions.max_active_sessions"?',
    ],
    [
      '[sessions]\nindicator_layout = "inline"',
      2,
      'key "sessions.indicator_layout" is unknown',
      'did you mean "ui.indicator_layout"?',
    ],
    ['ui = 1', 1, 'key "ui" must be a section', 'Write [ui] on a line of its own.'],
    ['[[ui]]\nindicator_layout = "inline"', 1, 'section "ui" must be written [ui], not [[ui]]', undefined],
    ['[ui.indicator_layout]\nx = 1', 1, 'key "ui.indicator_layout" must not be a table', undefined],
    [
      '[ui]\nindicator_position = "top-rigth"',
      2,
      'key "ui.indicator_position" must be one of "top-right", "top-left", "bottom-right", "bottom-left", not "top-rigth"',
      'did you mean "top-right"?',
    ],
    [
      '[ui]\nmax_indicator_sessions = 10',
      2,
      'key "ui.max_indicator_sessions" must be a whole number from 1 to 9, not 10',
      undefined,
    ],
    [
      '[ui]\nmax_indicator_sessions = 5.0',
      2,
      'key "ui.max_indicator_sessions" must be a whole number from 1 to 9, not 5.0',
      undefined,
    ],
    [
      '[ui]\nmax_indicator_sessions = 99999999999999999999',
      2,
      'key "ui.max_indicator_sessions" must be a whole number from 1 to 9, not 99999999999999999999',
      undefined,
    ],
    [
      '[ui]\nmax_indicator_sessions = "5"',
      2,
      'key "ui.max_indicator_sessions" must be a whole number from 1 to 9, not "5"',
      'Write 5 without quotes.',
    ],
    [
      '[ui]\nshow_session_indicator = "yes"',
      2,
      'key "ui.show_session_indicator" must be true or false, not "yes"',
      'Write true without quotes.',
    ],
    [
      '[ui]\nshow_session_indicator = [true]',
      2,
      'key "ui.show_session_indicator" must be true or false, not [true]',
      undefined,
    ],
    [
      '[keys]\nnew = 5',
      2,
      'key "keys.new" must be a tmux key such as "a", "C-a", "M-a", "F5" or "Enter" ("" for none), not 5',
      'Write "5" in quotes.',
    ],
    [
      '[model]\nid = 2020-01-01',
      2,
      'key "model.id" must be a model id of 1 to 256 printable characters, not 2020-01-01',
      undefined,
    ],
    [
      '[ui]\r\nindicator_layout = \r\n',
      2,
      'not valid TOML: a value is missing',
      'Correct the line, or move the file away to go on with the defaults.',
    ],
    [
      '[ui]\nindicator_layout = "inline"\nindicator_layout = "inline"',
      3,
      '"indicator_layout" is set twice',
      'Correct the line, or move the file away to go on with the defaults.',
    ],
    [
      '[ui]\n[ui]',
      2,
      '"ui" is set twice',
      'Correct the line, or move the file away to go on with the defaults.',
    ],
    [
      '[ui]\nindicator_layout = # later\n\n# a = b\nmax_indicator_sessions = 1',
      2,
      'not valid TOML: a value is missing',
      'Correct the line, or move the file away to go on with the defaults.',
    ],
    [
      '[ui\nx = 1',
      1,
      'not valid TOML: The key, equals sign, and value must be on the same line',
      'Correct the line, or move the file away to go on with the defaults.',
    ],
    [
      '# a =\n!x = 1',
      2,
      'not valid TOML: Unexpected character',
      'Correct the line, or move the file away to go on with the defaults.',
    ],
    [
      '[ui]\nmax_indicator_sessions = 1\n!x = 1',
      3,
      'not valid TOML: Unexpected character',
      'Correct the line, or move the file away to go on with the defaults.',
    ],
    ['[__proto__]\nconstructor = 1', 1, 'section "__proto__" is unknown', undefined],
    ['[ui]\nconstructor = 1', 2, 'key "ui.constructor" is unknown', undefined],
    [
      '[ui]\n"\\u001b]52;c;x\\u0007\u202e" = 1',
      2,
      'key "ui.\\u001b]52;c;x\\u0007\\u{202e}" is unknown',
      undefined,
    ],
  ])('%j', async (text, line, words, hint) => {
    const file = configFile(text)
    const error = await userErrorOf(() => loadConfig(file, {}))
    expect(error.message).toBe(`${file}:${line}: ${words}`)
    expect(error.hint).toBe(hint)
    expect(error.exit).toBe(exitCode.usage)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})

test('all problems are told at once, those of the file first and by line', async () => {
  const file = configFile('[keys]\nback = "#(x)"\n[zebra]\n[ui]\nindicator_layout = "stackd"\n')
  const error = await userErrorOf(() => loadConfig(file, { Q_MODEL_PROVIDER: 'bedrok' }))
  expect(error.message.split('\n')).toEqual([
    expect.stringContaining(`${file}:2: key "keys.back" must be a tmux key`),
    `${file}:3: section "zebra" is unknown`,
    `${file}:5: key "ui.indicator_layout" must be one of "inline", "stacked", not "stackd" (did you mean "stacked"?)`,
    expect.stringMatching(
      /^environment variable Q_MODEL_PROVIDER must be one of "auto", .*, not "bedrok" \(did you mean "bedrock"\?\)$/,
    ),
  ])
})

describe('a variable of the environment', () => {
  test.each([
    ['Q_SESSIONS_PERSIST_SESSIONS', 'off', 'sessions', 'persist_sessions', false],
    ['Q_SESSIONS_PERSIST_SESSIONS', '1', 'sessions', 'persist_sessions', true],
    ['Q_SESSIONS_CLEANUP_AFTER_DAYS', '0', 'sessions', 'cleanup_after_days', 0],
    ['Q_MODEL_ID', 'hf.co/x/y:Q4_K_M', 'model', 'id', 'hf.co/x/y:Q4_K_M'],
    ['Q_KEYS_BACK', '', 'keys', 'back', ''],
  ] as const)('%s=%s is taken', async (name, text, section, key, value) => {
    const config = await loadConfig(join(temporaryDirectory(), 'none'), { [name]: text })
    expect((config.settings[section] as Record<string, unknown>)[key]).toBe(value)
  })

  test.each([
    ['Q_SESSIONS_MAX_ACTIVE_SESSIONS', '501'],
    ['Q_SESSIONS_MAX_ACTIVE_SESSIONS', ' 5'],
    ['Q_SESSIONS_MAX_ACTIVE_SESSIONS', '1e2'],
    ['Q_SESSIONS_MAX_ACTIVE_SESSIONS', '0x10'],
    ['Q_SESSIONS_NAME_MAX_LENGTH', '7'],
    ['Q_SESSIONS_PERSIST_SESSIONS', 'maybe'],
    ['Q_MODEL_REGION', 'us-east-1;reboot'],
    ['Q_MODEL_ID', 'a\nb'],
    ['Q_KEYS_NEXT_WAITING', ' '],
  ])('%s=%j is refused by name', async (name, text) => {
    const error = await userErrorOf(() => loadConfig('/none/config.toml', { [name]: text }))
    expect(error.message).toMatch(new RegExp(`^environment variable ${name} must be `))
    expect(error.exit).toBe(exitCode.usage)
  })
})

describe('keys of the line', () => {
  test('a key that is given to a command is taken from the one that has it by default', async () => {
    const text = '[keys.line]\nword-left = ["C-a", "M-C-Left", "pgup"]\nyank = []\n'
    const { settings, origins } = await loadConfig(configFile(text), { Q_KEYS_LINE_UNDO: 'C-x, M-u' })
    const keys = settings['keys.line']
    expect(keys['word-left']).toEqual(['C-a', 'C-M-Left', 'PPage'])
    expect(keys['line-start']).toEqual(['Home'])
    expect([keys.yank, keys.undo, keys.up]).toEqual([[], ['C-x', 'M-u'], ['C-p', 'Up']])
    expect(origins.get('keys.line.line-start')).toBe('default')
  })

  test.each<[string, string, string | undefined]>([
    ['word-lef = ["C-o"]', 'key "keys.line.word-lef" is unknown', 'did you mean "word-left"?'],
    [
      'word-left = "C-o"',
      'key "keys.line.word-left" must be a list of keys such as ["M-b", "C-Left", "F5"] ([] for none), without Enter, Escape, C-c and C-z, not "C-o"',
      'Write ["…"], in brackets.',
    ],
    ...['x', 'Enter', 'C-m', 'C-c', 'Escape', 'S-Left', 'Nokey'].map((key): [string, string, undefined] => [
      `word-left = ["${key}"]`,
      `key "keys.line.word-left" must be a list of keys such as ["M-b", "C-Left", "F5"] ([] for none), without Enter, Escape, C-c and C-z, not ["${key}"]`,
      undefined,
    ]),
    ['up = 1\n', 'key "keys.line.up" must be a list of keys', undefined],
  ])('%s is refused with its line', async (line, words, hint) => {
    const file = configFile(`[keys.line]\n${line}`)
    const error = await userErrorOf(() => loadConfig(file, {}))
    expect(error.message).toMatch(new RegExp(`^.*:[23]: ${words.replaceAll(/[[\](){}.?*+^$|\\]/g, '\\$&')}`))
    if (hint) expect(error.hint).toBe(hint)
  })

  test('Ctrl-H and Backspace are one key', async () => {
    const { settings } = await loadConfig(configFile('[keys.line]\nword-left = ["C-h"]'), {})
    expect(settings['keys.line']['word-left']).toEqual(['BSpace'])
    expect(settings['keys.line']['delete-char-left']).toEqual([])
    const file = configFile('[keys.line]\nyank = ["C-h"]\nundo = ["BSpace"]')
    expect((await userErrorOf(() => loadConfig(file, {}))).message).toContain('keys.line.undo')
  })

  test('one key for two commands is refused, with both', async () => {
    const file = configFile('[keys.line]\nyank = ["C-o"]\nundo = ["C-x", "C-o"]')
    const error = await userErrorOf(() => loadConfig(file, {}))
    expect(error.message).toBe(
      `${file}:3: key "keys.line.undo" has "C-o", which is a key of "keys.line.yank"`,
    )
  })
})

describe('two actions on one key are refused', () => {
  test.each([
    [
      '[keys]\nback = "a"',
      {},
      'FILE:2: key "keys.back" is "a", which is the key of "keys.next_waiting" by default',
    ],
    [
      '[keys]\nback = "C-m"\nnew = "enter"',
      {},
      'FILE:3: key "keys.new" is "enter", which is the key of "keys.back"',
    ],
    [
      '[keys]\nnew = "F5"\nback = "F5"',
      {},
      'FILE:3: key "keys.back" is "F5", which is the key of "keys.new"',
    ],
    [
      '[keys]\nnew = "F5"',
      { Q_KEYS_BACK: 'f5' },
      'environment variable Q_KEYS_BACK is "f5", which is the key of "keys.new"',
    ],
  ])('%j %j', async (text, env, words) => {
    const file = configFile(text)
    const error = await userErrorOf(() => loadConfig(file, env))
    expect(error.message).toBe(words.replace('FILE', file))
  })

  test('but keys that are off share nothing', async () => {
    const config = await loadConfig(configFile('[keys]\nback = ""\npick = ""\nnew = "A"'), {})
    expect(config.settings.keys).toEqual({ next_waiting: 'a', back: '', pick: '', new: 'A' })
  })
})

describe('what is no readable file is refused', () => {
  test('a directory', async () => {
    const path = join(temporaryDirectory(), 'config.toml')
    mkdirSync(path)
    expect((await userErrorOf(() => loadConfig(path, {}))).message).toBe(`${path} is not a regular file`)
  })
  test('a device', async () => {
    const path = join(temporaryDirectory(), 'config.toml')
    symlinkSync('/dev/zero', path)
    expect((await userErrorOf(() => loadConfig(path, {}))).message).toBe(`${path} is not a regular file`)
  })
  test('a link to itself', async () => {
    const path = join(temporaryDirectory(), 'config.toml')
    symlinkSync(path, path)
    expect((await userErrorOf(() => loadConfig(path, {}))).message).toMatch('cannot be read: ELOOP')
  })
  test('a path below a file', async () => {
    const path = join(configFile(''), 'config.toml')
    expect((await userErrorOf(() => loadConfig(path, {}))).message).toMatch('cannot be read: ENOTDIR')
  })
  test('text that is not UTF-8', async () => {
    const file = configFile(Uint8Array.of(0x5b, 0xff, 0x5d))
    expect((await userErrorOf(() => loadConfig(file, {}))).message).toBe(`${file} is not UTF-8 text`)
  })
  test('more than a mebibyte', async () => {
    const file = configFile('#'.repeat(2 ** 20 + 1))
    expect((await userErrorOf(() => loadConfig(file, {}))).message).toBe(`${file} is larger than 1 MiB`)
  })
})
