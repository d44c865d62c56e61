import { describe, expect, test } from 'vitest'
import { exitCode } from '../../src/base/errors.ts'
import { parseWorkspaceName, pathsFor } from '../../src/config/paths/paths.ts'
import { userErrorOf } from './temporary.ts'

const host = { uid: 501, tmpdir: '/tmp/' }

test('without XDG variables everything lies below HOME and the temporary directory', () => {
  expect(pathsFor({ HOME: '/home/me' }, 'q', host)).toEqual({
    workspace: 'q',
    configFile: '/home/me/.config/q-mux/config.toml',
    dataDir: '/home/me/.local/share/q-mux',
    database: '/home/me/.local/share/q-mux/q.sqlite3',
    stateDir: '/home/me/.local/state/q-mux',
    logFile: '/home/me/.local/state/q-mux/q.log',
    historyFile: '/home/me/.local/state/q-mux/history',
    runtimeDir: '/tmp/q-mux-501/q',
    statusDir: '/tmp/q-mux-501/q/status',
    workersDir: '/tmp/q-mux-501/q/w',
    environmentFile: '/tmp/q-mux-501/q/environment.json',
    tmuxKeysDir: '/tmp/q-mux-501',
  })
})

test('XDG variables are followed, and HOME is not needed then', () => {
  const env = {
    XDG_CONFIG_HOME: '/c',
    XDG_DATA_HOME: '/d',
    XDG_STATE_HOME: '/s/',
    XDG_RUNTIME_DIR: '/run/user/501',
  }
  expect(pathsFor(env, 'work', host)).toMatchObject({
    configFile: '/c/q-mux/config.toml',
    database: '/d/q-mux/q.sqlite3',
    logFile: '/s/q-mux/work.log',
    runtimeDir: '/run/user/501/q-mux/work',
    tmuxKeysDir: '/run/user/501/q-mux',
  })
})

test.each(['', 'relative', './x', '~/x'])('an XDG variable of %j counts as not set', (value) => {
  const names = ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR']
  const env = Object.fromEntries(names.map((name) => [name, value]))
  expect(pathsFor({ ...env, HOME: '/h' }, 'q', host)).toEqual(pathsFor({ HOME: '/h' }, 'q', host))
})

describe('places that cannot be used are refused', () => {
  test.each([
    [{}, 'HOME is not set'],
    [{ HOME: '' }, 'HOME is not set'],
    [{ HOME: 'me' }, 'HOME is not an absolute path'],
    [{ HOME: '/h\nkill-server' }, 'HOME has control characters in it: "/h\\nkill-server"'],
    [
      { HOME: '/h', XDG_RUNTIME_DIR: '/r\x1b]0;x' },
      'XDG_RUNTIME_DIR has control characters in it: "/r\\u001b]0;x"',
    ],
  ])('%j', async (env, message) => {
    expect((await userErrorOf(() => pathsFor(env, 'q', host))).message).toBe(message)
  })

  test('a relative temporary directory', async () => {
    const error = await userErrorOf(() => pathsFor({ HOME: '/h' }, 'q', { uid: 1, tmpdir: 'tmp' }))
    expect(error.message).toBe('TMPDIR "tmp" is not an absolute path')
  })
})

describe('workspace names', () => {
  test.each(['q', 'Work', '0', 'my-work_2', 'a'.repeat(32)])('%s is one', (name) => {
    expect(parseWorkspaceName(name)).toBe(name)
  })

  const hostile = [
    '',
    '-q',
    '_q',
    'a.b',
    'a:b',
    'a b',
    'a/b',
    '..',
    '../x',
    'a\n',
    '#(x)',
    '$(x)',
    'a;',
    '\0',
    'é',
    '😀',
  ]
  test.each([...hostile, 'a'.repeat(33), 'a'.repeat(10_240)])('%j is none', async (name) => {
    const error = await userErrorOf(() => parseWorkspaceName(name))
    expect(error.message).toMatch(/^workspace name ".*" is not allowed$/)
    expect(error.exit).toBe(exitCode.usage)
    expect((await userErrorOf(() => pathsFor({ HOME: '/h' }, name, host))).message).toBe(error.message)
  })
})
