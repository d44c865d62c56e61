import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { providerKinds } from '../src/provider/registry.ts'

const source = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'))
  .sort()

/** What knows the model and text alone; none of them knows another. */
const middle = [
  'config',
  'store',
  'status',
  'tmux',
  'provider',
  'context',
  'naming',
  'transcript',
  'importer',
  'terminal',
  'tools',
  'mcp',
  'render',
  'agents',
]
const bottom = ['base', 'text', 'domain']

/** What each room may import besides itself. `main` and `worker-main` are the two entries beside the rooms. */
const allowed: Record<string, string[]> = {
  base: [],
  text: ['base'],
  domain: ['base', 'text'],
  ...Object.fromEntries(middle.map((room) => [room, bottom])),
  sessions: [...bottom, ...middle],
  worker: [...bottom, ...middle, 'sessions'],
  controller: [...bottom, ...middle, 'sessions'],
  app: [...bottom, ...middle, 'sessions', 'worker', 'controller'],
  doctor: [...bottom, ...middle, 'sessions', 'worker', 'app'],
  cli: [...bottom, ...middle, 'sessions', 'worker', 'controller', 'app', 'doctor'],
  main: ['base', 'cli'],
  'worker-main': ['cli'],
}

/** A folder with more files wants rooms. The verbs are one list, as the user sees them. */
const mostFiles = { 'cli/verbs': 40 } as Record<string, number>

function textOf(file: string): string {
  return readFileSync(join(source, file), 'utf8')
}

/** Source text without its comments: a word about a module is not an import of it. */
function codeOf(text: string): string {
  return text.replaceAll(/^\s*\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}

/** Every module that a source text names: static, type-only, side-effect and dynamic imports, and re-exports. */
function importsOf(text: string): string[] {
  const named = /(?:\bfrom\s|\bimport\s|\bimport\s*\(|\brequire\s*\()\s*['"`]([^'"`\n]+)['"`]/g
  return [...codeOf(text).matchAll(named)].map((match) => match[1] ?? '')
}

function roomOf(file: string): string {
  const [first = '', second] = file.split('/')
  return second === undefined ? first.replace(/\.ts$/, '') : first
}

/** The files of ours that a file imports. */
function targetsOf(file: string, text = textOf(file)): string[] {
  return importsOf(text)
    .filter((module) => module.startsWith('.'))
    .map((module) => relative(source, join(source, dirname(file), module)))
}

/** `worker/turn/turn.ts → store` for each import that a room may not have. */
function violations(file: string, text = textOf(file)): string[] {
  const own = roomOf(file)
  return targetsOf(file, text)
    .filter((target) => roomOf(target) !== own && !allowed[own]?.includes(roomOf(target)))
    .map((target) => `${file} → ${target}`)
}

function filesWith(pattern: RegExp): string[] {
  return files.filter((file) => pattern.test(codeOf(textOf(file))))
}

function filesThatImport(module: RegExp): string[] {
  return files.filter((file) => importsOf(textOf(file)).some((name) => module.test(name)))
}

test('every source file lies in a room that has a rule', () => {
  expect(files.length).toBeGreaterThan(100)
  expect(files.filter((file) => !(roomOf(file) in allowed))).toEqual([])
})

test('no two files have one name: whoever reads a name knows which file it is', () => {
  const names = files.map((file) => file.split('/').at(-1) ?? '')
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

test('no folder is too full to be looked through', () => {
  const folders = new Map<string, number>()
  for (const file of files) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1)
  const full = [...folders].filter(([folder, count]) => count > (mostFiles[folder] ?? 18))
  expect(full).toEqual([])
})

test.each(Object.keys(allowed))('%s imports only what lies below it', (room) => {
  const own = files.filter((file) => roomOf(file) === room)
  expect(own).not.toEqual([])
  expect(own.flatMap((file) => violations(file))).toEqual([])
})

/** The folder of each kind of provider. */
const providers = files
  .filter((file) => /^provider\/.*-kind\.ts$/.test(file) && file.split('/').length === 3)
  .map((file) => dirname(file))

test('each provider has a folder, and nobody but the registry opens it', () => {
  expect(providers.length).toBe(providerKinds.length)
  const inside = (file: string): string | undefined =>
    providers.find((folder) => file.startsWith(`${folder}/`))
  const wrong = files
    .filter((file) => file !== 'provider/registry.ts' && !inside(file))
    .flatMap((file) =>
      targetsOf(file)
        .filter(inside)
        .map((target) => `${file} → ${target}`),
    )
  expect(wrong).toEqual([])
})

/** What a folder inside a room may not import: those beside it, or those above. */
const forbidden: [folder: string, others: string[]][] = [
  ...providers.map((folder): [string, string[]] => [folder, providers.filter((other) => other !== folder)]),
  ['terminal/keys', ['terminal/editor', 'terminal/screen']],
  ['terminal/editor', ['terminal/screen']],
]

test.each(forbidden)('%s knows nothing of %j', (folder, others) => {
  const own = files.filter((file) => file.startsWith(`${folder}/`))
  expect(own).not.toEqual([])
  const wrong = own.flatMap((file) =>
    targetsOf(file)
      .filter((target) => others.some((other) => target.startsWith(`${other}/`)))
      .map((target) => `${file} → ${target}`),
  )
  expect(wrong).toEqual([])
})

describe('one door per outside thing', () => {
  test('what may be a FIFO or a terminal is opened in one way', () => {
    expect(filesWith(/\bO_(?:NONBLOCK|NOCTTY)\b/)).toEqual(['base/open-flags.ts'])
  })

  test('a file takes the place of another in one way; three others are a log, what is broken, and a lock', () => {
    expect(filesWith(/\brename(?:Sync)?\b[^'"]*\}\s*from\s*['"]node:fs/)).toEqual([
      'app/make-workspace.ts',
      'base/replace-file.ts',
      'config/paths/own-file.ts',
      'terminal/editor/line-history.ts',
    ])
  })

  test('one file starts tmux', () => {
    const call =
      /\b(?:spawn|spawnSync|exec|execSync|execFile|execFileSync|execa|execaSync)\s*\(\s*['"`]tmux\b/
    expect(filesWith(call)).toEqual(['tmux/door.ts'])
  })

  test("tmux's language stays in its room: elsewhere no command line of its is written", () => {
    const outside = files.filter((file) => !file.startsWith('tmux/'))
    const argument =
      /\[\s*'(?:new|kill|select|rename|list|split|join|break|swap|move|link|unlink|respawn|last|switch|detach|attach|set|show|load|source|display|run|if|bind|unbind|send|has)-(?:window|windows|pane|panes|session|sessions|client|clients|option|options|keys?|buffer|message|shell|file|hook|hooks|popup|environment)'\s*,/
    expect(outside.filter((file) => argument.test(codeOf(textOf(file))))).toEqual([])
    expect(
      outside.filter((file) => /`=\$\{\w+\.(?:workspace|name|session|target)\b/.test(codeOf(textOf(file)))),
    ).toEqual([])
    expect(files.filter((file) => argument.test(codeOf(textOf(file))))).not.toEqual([])
  })

  test('one file opens SQLite', () => {
    expect(filesThatImport(/^better-sqlite3|^node:sqlite/)).toEqual(['store/sqlite/sqlite.ts'])
  })

  test('one file names the AWS SDK, and that file is only ever loaded with import()', () => {
    expect(filesThatImport(/^@(aws-sdk|smithy)\//)).toEqual(['provider/bedrock/aws/aws-sdk.ts'])
    expect(
      filesWith(/^(?:import|export)\s+(?!type\b)(?:[^'"]*\bfrom\s*)?['"][^'"]*\/aws-sdk\.ts['"]/m),
    ).toEqual([])
    expect(filesWith(/\bimport\(['"]\.{1,2}\/(?:aws\/)?aws-sdk\.ts['"]\)/)).not.toEqual([])
  })

  test('one file names the MCP SDK, and that file is only ever loaded with import()', () => {
    expect(filesThatImport(/^@modelcontextprotocol\//)).toEqual(['mcp/sdk.ts'])
    expect(filesWith(/^(?:import|export)\s+(?!type\b)(?:[^'"]*\bfrom\s*)?['"][^'"]*\/sdk\.ts['"]/m)).toEqual(
      [],
    )
    expect(filesWith(/\bimport\(['"]\.\/sdk\.ts['"]\)/)).toEqual(['mcp/connect.ts'])
  })

  test('what Linux has alone, and what macOS has not, stands in one place each', () => {
    expect(filesWith(/['"`]\/proc\b/)).toEqual([
      'app/processes.ts',
      'sessions/files/safe-directory.ts',
      'status/proc-table.ts',
      'store/sqlite/addon.ts',
    ])
    expect(filesWith(/\bprocess\.platform\b/)).toEqual([
      'cli/verbs/import.ts',
      'provider/bedrock/aws/aws-facts.ts',
      'store/sqlite/addon.ts',
      'tools/search/ignored.ts',
      'worker/context/model-context.ts',
    ])
    expect(filesWith(/\bspawn\w*\('ps'|\bexec\w*\('ps'/)).toEqual(['status/ps-table.ts'])
    expect(filesWith(/\bprocTable\(\)|\bpsTable\(/)).toEqual([
      'app/processes.ts',
      'status/proc-table.ts',
      'status/ps-table.ts',
    ])
  })

  test('one file knows what date it is, and hands it in; one names a broken file after it, two print it', () => {
    expect(filesWith(/\bDate\.now\b/)).toEqual(['app/invocation.ts'])
    expect(filesWith(/\bnew Date\(\s*\)|(?<!new )\bDate\(/)).toEqual([
      'app/make-workspace.ts',
      'app/run-controller.ts',
      'config/paths/own-file.ts',
    ])
  })

  test('one file watches files', () => {
    expect(filesThatImport(/^chokidar/)).toEqual(['status/watch-statuses.ts'])
    expect(filesWith(/\b(?:watchFile|fs\.watch)\s*\(|\bwatch\b[^'"]*\}\s*from\s*['"]node:fs/)).toEqual([])
  })
})

test('limits have names of one kind: maxX', () => {
  expect(filesWith(/^(?:export )?const (?:\w*[lL]imits?|most[A-Z]\w*|longest\w*|largest\w*) =/m)).toEqual([])
  expect(filesWith(/^(?:export )?const max[A-Z]\w* =/m)).not.toEqual([])
})

test('only packages of package.json are imported', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(source, '../package.json'), 'utf8'))
  const known = { ...dependencies, ...devDependencies }
  const packages = files.flatMap((file) =>
    importsOf(textOf(file)).filter((name) => !/^(\.|node:)/.test(name)),
  )
  expect(packages).not.toEqual([])
  const packageOf = (name: string): string =>
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/')
  expect(packages.filter((name) => !(packageOf(name) in known))).toEqual([])
})

describe('the check itself', () => {
  test.each([
    ["import { a } from '../config/paths.ts'", 'status/x.ts'],
    ["import type { A } from '../tmux/door.ts'", 'domain/x.ts'],
    ["import {\n  a,\n  b,\n} from '../controller/pusher.ts'", 'worker/x.ts'],
    ["const x = await import('../worker/turn/turn.ts')", 'controller/x.ts'],
    ["export * from '../cli/run.ts'", 'app/x.ts'],
    ["import '../sessions/open-session.ts'", 'store/x.ts'],
    ["type T = typeof import('../provider/provider.ts')", 'tmux/x.ts'],
    ["import { openStore } from './store/store.ts'", 'main.ts'],
    ["import { run } from '../../cli/run.ts'", 'provider/openai/x.ts'],
  ])('finds %j in %s', (text, file) => {
    expect(violations(file, text)).toHaveLength(1)
  })

  test.each([
    ["import { a } from '../domain/session-name.ts'", 'status/x.ts'],
    ["import { a } from './b.ts'", 'domain/x.ts'],
    ["import { a } from 'node:fs'", 'domain/x.ts'],
    ["// import { a } from '../tmux/door.ts'", 'domain/x.ts'],
    ["import { a } from '../../../domain/session.ts'", 'provider/openai/deep/x.ts'],
    ["import { a } from './cli/run.ts'", 'main.ts'],
  ])('does not mind %j in %s', (text, file) => {
    expect(violations(file, text)).toEqual([])
  })
})
