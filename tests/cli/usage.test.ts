import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'

let lab: Lab
beforeAll(() => {
  lab = openLab()
})
afterAll(() => lab.dispose())

const muxVerbs = [
  'new',
  'list',
  'switch',
  'next',
  'back',
  'rename',
  'close',
  'send',
  'pick',
  'status',
  'stop',
  'doctor',
].map((verb) => ['mux', verb])
const verbs = [
  ['mux'],
  ...muxVerbs,
  ['chat'],
  ...['path', 'list', 'get', 'set'].map((verb) => ['config', verb]),
  ['completion'],
]

test('q without words shows what there is, and that is no mistake', async () => {
  const { code, stdout, stderr } = await lab.q([])
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  expect(stderr).toContain('mux|chat|config|name|completion')
})

test('each verb explains itself on stdout with --help, and with -h', async () => {
  const all = [[], ['config'], ...verbs]
  const results = await Promise.all(all.map((words) => lab.q([...words, '--help'])))
  for (const [at, result] of results.entries()) {
    const called = ['q', ...(all[at] ?? [])].join(' ')
    expect(result, called).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toMatch(new RegExp(`USAGE ${called}\\b`))
  }
  expect(await lab.q(['mux', 'list', '-h'])).toEqual(await lab.q(['mux', 'list', '--help']))
})

test('the version is that of the package, on stdout, behind every verb', async () => {
  const { default: packageJson } = await import('../../package.json', { with: { type: 'json' } })
  for (const words of [['--version'], ['-v'], ['mux', '--version'], ['mux', 'list', '--version']])
    expect(await lab.q(words)).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' })
})

test('an unknown flag is refused by every verb, with exit code 2 and nothing done', async () => {
  const results = await Promise.all(verbs.map((words) => lab.q([...words, '--bogus-flag'])))
  for (const [at, result] of results.entries()) {
    expect(result, verbs[at]?.join(' ')).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toContain(`q ${verbs[at]?.join(' ')} has no flag --bogus-flag`)
  }
})

test.each([
  [['mux', 'lst'], 'q mux has no command "lst"', 'did you mean "list"?'],
  [['mxu'], 'q has no command "mxu"', 'did you mean "mux"?'],
  [['config', 'st', 'a', 'b'], 'q config has no command "st"', 'did you mean "set"?'],
  [['mux', 'toString'], 'q mux has no command "toString"', 'see q mux --help'],
  [['mux', 'list', '--jsn'], 'q mux list has no flag --jsn', 'did you mean "--json"?'],
  [['mux', 'new', '--type', 'debgu'], '"debgu" is not a type of session', 'did you mean "debug"?'],
  [['completion', 'tcsh'], 'no completion for "tcsh"', 'bash, zsh, fish'],
  [['config', 'get', 'ui.indicator_positon'], 'ui.indicator_positon', 'ui.indicator_position'],
  [['mux', 'send', 'x', '-text'], 'q mux send has no flag -text', 'after --'],
])('%j is refused with a suggestion', async (words, message, hint) => {
  const { code, stdout, stderr } = await lab.q(words)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
  expect(stderr).toContain(hint)
})

test.each([
  [['mux', 'switch'], 'q mux switch needs NAME'],
  [['mux', 'rename', 'x'], 'q mux rename needs NEW'],
  [['mux', 'send', 'x'], 'q mux send needs TEXT'],
  [['config', 'get'], 'q config get needs KEY'],
  [['config', 'set', 'ui.indicator_position'], 'q config set needs VALUE'],
  [['completion'], 'q completion needs SHELL'],
  [['mux', 'list', 'x'], 'q mux list takes no words, and got 1'],
  [['mux', 'switch', 'x', 'y'], 'q mux switch takes at most 1, and got 2'],
  [['mux', 'rename', 'x', 'y', 'z'], 'q mux rename takes at most 2, and got 3'],
  [['mux', 'rename', 'x', 'y', '--', 'z'], 'q mux rename takes at most 2, and got 3'],
  [['mux', '--', 'list'], 'q mux takes no words, and got 1'],
  [['mux', 'list', '--workspace'], '--workspace needs a value'],
  [['mux', 'list', '--json=yes'], '--json takes no value'],
])('%j is refused: words are missing or too many', async (words, message) => {
  const { code, stdout, stderr } = await lab.q(words)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})

test('global flags may stand before or behind the verb', async () => {
  const before = await lab.q(['mux', '--workspace', 'stop', 'list', '--json'])
  const behind = await lab.q(['mux', 'list', '--json', '--workspace=stop'])
  expect(before.stdout).toContain('"workspace":"stop"')
  expect(behind).toEqual(before)
  const env = await lab.q(['mux', 'list', '--json'], { env: { Q_WORKSPACE: 'stop' } })
  expect(env).toEqual(before)
})
