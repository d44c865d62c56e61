import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

test('a config file that is wrong is refused by every verb, with file, line and key, and left as it is', async () => {
  const text = '[ui]\nmax_indicator_sessions = 3\nindicator_positon = "top-left"\n'
  lab.config(text)
  const file = join(lab.home, '.config/q-mux/config.toml')
  const verbs = [
    ['mux', '--detach'],
    ['mux', 'new', 'x', '--background'],
    ['mux', 'list'],
    ['mux', 'switch', 'x'],
    ['mux', 'next'],
    ['mux', 'back'],
    ['mux', 'rename', 'x', 'y'],
    ['mux', 'close', 'x', '--yes'],
    ['mux', 'send', 'x', 'text'],
    ['mux', 'pick'],
    ['mux', 'status', '--json'],
    ['mux', 'stop'],
    ['chat', 'hello'],
    ['config', 'list'],
    ['config', 'get', 'ui.indicator_position'],
    ['config', 'set', 'ui.indicator_position', 'top-left'],
  ]
  const results = await Promise.all(verbs.map((words) => lab.q(words)))
  for (const [at, result] of results.entries()) {
    expect(result, verbs[at]?.join(' ')).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toContain(`${file}:3:`)
    expect(result.stderr).toContain('indicator_positon')
    expect(result.stderr).toContain('indicator_position"')
  }
  const doctor = await lab.q(['mux', 'doctor'])
  expect(doctor.code).toBe(1)
  expect(doctor.stdout).toContain(`${file}:3:`)
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('q config says where the file is, sets a key, gets it back and lists where each value comes from', async () => {
  const file = join(lab.home, '.config/q-mux/config.toml')
  expect(await lab.q(['config', 'path'])).toEqual({ code: 0, stdout: `${file}\n`, stderr: '' })
  const set = await lab.q(['config', 'set', 'ui.max_indicator_sessions', '2'])
  expect(set).toEqual({
    code: 0,
    stdout: '',
    stderr: `ui.max_indicator_sessions is now 2 in ${file}\n`,
  })
  expect(await lab.q(['config', 'get', 'ui.max_indicator_sessions'])).toEqual({
    code: 0,
    stdout: '2\n',
    stderr: '',
  })
  const { stdout } = await lab.q(['config', 'list'])
  expect(stdout).toMatch(/^ui\.max_indicator_sessions +2 +file/m)
  expect(stdout).toMatch(/^ui\.indicator_position +top-right +default/m)
  expect(await lab.q(['config', 'set', 'ui.max_indicator_sessions', 'many'])).toMatchObject({ code: 2 })

  const gone = await lab.q(['config', 'unset', 'ui.max_indicator_sessions'])
  expect(gone.stderr).toBe(`ui.max_indicator_sessions is no longer set in ${file}\n`)
  expect((await lab.q(['config', 'get', 'ui.max_indicator_sessions'])).stdout).toBe('5\n')
  const again = await lab.q(['config', 'unset', 'ui.max_indicator_sessions'])
  expect(again).toMatchObject({ code: 0, stderr: `ui.max_indicator_sessions was not set in ${file}\n` })
})
