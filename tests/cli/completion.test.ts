import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entry, type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { openShell } from '../worker/harness.ts'

let lab: Lab
let path: string
beforeAll(async () => {
  lab = openLab()
  const bin = join(lab.home, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'q'), `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`, { mode: 0o755 })
  path = `${bin}:${lab.env.PATH}`
  await lab.q(['mux', 'new', 'lambda-deploy', '--background'])
  await lab.q(['mux', 'new', 's3', '--background'])
  await lab.q(['mux', 'new', 'elsewhere', '--background', '--workspace', 'w2'])
})
afterAll(() => lab.dispose())

const inBash = async (script: string): Promise<string> => {
  const env = { ...lab.env, PATH: path }
  return (await promisify(execFile)('bash', ['-c', script], { env })).stdout
}

/** What bash would offer for a line that ends in the last of `words`. */
async function offered(...words: string[]): Promise<string[]> {
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const script = `source <(q completion bash)
complete -p q >&2
COMP_WORDS=(q ${quoted}); COMP_CWORD=${words.length}; _q; printf '%s\\n' "\${COMPREPLY[@]}"`
  return (await inBash(script)).split('\n').filter(Boolean)
}

test.each([
  [['mu'], ['mux']],
  [['mux', 'sw'], ['switch']],
  [
    ['mux', 'switch', ''],
    ['lambda-deploy', 's3'],
  ],
  [['mux', 'switch', 'lam'], ['lambda-deploy']],
  [['mux', 'send', 's'], ['s3']],
  [['mux', 'approve', 'la'], ['lambda-deploy']],
  [
    ['mux', 'deny', ''],
    ['lambda-deploy', 's3'],
  ],
  [['mux', 'switch', '--workspace', 'w2', 'e'], ['elsewhere']],
  [
    ['mux', 'new', '--type', 'd'],
    ['debug', 'development'],
  ],
  [['mux', 'new', '--type', '=', 'co'], ['codereview']],
  [
    ['mux', 'list', '--'],
    ['--all', '--limit', '--json', '--workspace', '--socket'],
  ],
  [['config', 'get', 'ui.indicator_p'], ['ui.indicator_position']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [
    ['config', 'set', 'keys.line.u'],
    ['keys.line.up', 'keys.line.undo'],
  ],
  [['chat', '--resume', 'la'], ['lambda-deploy']],
  [['mux', 'open', 's'], ['s3']],
  [['mux', 'search', '-n', '2', ''], []],
  [['mux', 'new', '-b', '--type', 'p'], ['planning']],
  [['mux', 'rename', 's3', ''], []],
  [['mux', 'new', 'lam'], []],
  [['mux', 'new', ''], []],
  [['mux', 'nothing', ''], []],
  [['mux', 'import', '/etc/passw'], expect.arrayContaining(['/etc/passwd'])],
  [['mux', 'new', '--cwd', '/et'], ['/etc']],
])('bash offers for %j the words %j', async (words, expected) => {
  expect(await offered(...words)).toEqual(expected)
})

test('the Tab key completes in a real bash', async () => {
  const terminal = openShell(lab, `PATH='${path}' PS1='$ ' bash --norc --noprofile -i`)
  await until(() => terminal.screen().trim() === '$')
  terminal.type('source <(q completion bash); echo sour""ced')
  await until(() => terminal.screen().includes('\nsourced'))
  terminal.keys('q mux sw', 'Tab')
  await until(() => terminal.screen().includes('$ q mux switch'))
  terminal.keys('lam', 'Tab')
  await until(() => terminal.screen().includes('$ q mux switch lambda-deploy'))
})

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0

test.skipIf(!has('fish'))('fish offers verbs, sessions, values and files', async () => {
  const script = [
    'mux sw',
    'mux switch lam',
    'mux new --type=co',
    'mux new --cwd /et',
    'mux import /etc/passw',
  ]
    .map((line) => `complete -C "q ${line}"; echo .`)
    .join('; ')
  const env = { ...lab.env, PATH: path }
  const words = ['--no-config', '-c', `q completion fish | source; ${script}`]
  const { stdout } = await promisify(execFile)('fish', words, { env })
  const [verbs, names, types, directories, files] = stdout.split('.\n').map((part) => part.trim().split('\n'))
  expect([verbs, names, types]).toEqual([['switch'], ['lambda-deploy'], ['--type=codereview']])
  expect(directories?.join()).toMatch(/^\/etc\/(\s|$)/)
  expect(files).toContain('/etc/passwd')
})

test.skipIf(!has('zsh'))('the Tab key completes in a real zsh', async () => {
  const terminal = openShell(lab, `PATH='${path}' PS1='$ ' zsh -f -i`)
  await until(() => terminal.screen().trim() === '$')
  terminal.type('autoload -Uz compinit && compinit -u -D; source <(q completion zsh); echo sour""ced')
  await until(() => terminal.screen().includes('\nsourced'))
  for (const [typed, completed] of [
    ['q mux sw', 'q mux switch'],
    ['q mux switch lam', 'q mux switch lambda-deploy'],
    ['q mux new --type=co', 'q mux new --type=codereview'],
    ['q mux new --cwd=/et', 'q mux new --cwd=/etc/'],
  ] as const) {
    terminal.keys('C-u', typed, 'Tab')
    await until(() => terminal.screen().trimEnd().endsWith(`$ ${completed}`))
  }
})

test('completing says nothing where the configuration is broken', async () => {
  const broken = openLab()
  try {
    broken.config('nonsense')
    expect(await broken.q(['complete', '--', 'mux', 'switch', 'x'])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  } finally {
    await broken.dispose()
  }
})
