import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build, type Metafile } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
let metafile: Metafile
beforeAll(async () => {
  const built = await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts', 'src/worker-main.ts'],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    outdir: 'nowhere',
    write: false,
    mainFields: ['module', 'main'],
    metafile: true,
  })
  metafile = built.metafile
})

const heavy = [
  'citty',
  'execa',
  'consola',
  'chokidar',
  '@aws-sdk',
  '@smithy',
  'toml-eslint-parser',
  'fuzzysort',
]

/** Packages that are loaded with a source file before any of its code runs. */
function packagesBehind(source: string): string[] {
  const { inputs } = metafile
  const seen = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    for (const { path, kind } of inputs[file]?.imports ?? []) if (kind !== 'dynamic-import') visit(path)
  }
  if (!inputs[source]) throw new Error(`Expected ${source} in the bundle`)
  visit(source)
  return heavy.filter((name) => [...seen].some((file) => file.includes(`node_modules/${name}`)))
}

test('what a worker loads before its prompt holds no command line, no SDK, no watcher and no TOML', () => {
  expect(packagesBehind('src/worker-main.ts')).toEqual([])
  expect(packagesBehind('src/main.ts')).toEqual([])
  // The same question finds what is there.
  expect(packagesBehind('src/cli/run.ts')).toEqual(['citty'])
  expect(packagesBehind('src/provider/bedrock/aws/aws-sdk.ts')).toEqual(['@aws-sdk', '@smithy'])
})

test('the controller loads no command line and no SDK', () => {
  for (const name of ['citty', 'execa', 'consola', '@aws-sdk'])
    expect(packagesBehind('src/cli/controller-command.ts')).not.toContain(name)
})

test.each(['main', 'worker-main'])('loading %s does nothing: no output, no handle, no listener', (name) => {
  const built = new URL(`../../dist/${name}.js`, import.meta.url).href
  const script = `
    const count = () => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
    const before = count()
    const { main } = await import(${JSON.stringify(built)})
    const handles = process.getActiveResourcesInfo().filter((name) => !/^(TTYWrap|PipeWrap)$/.test(name))
    console.log(JSON.stringify({ main: typeof main, handles, listeners: count() - before, code: process.exitCode ?? null }))
    process.exit()`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: '/nonexistent', Q_WORKSPACE: 'not a workspace' },
  })
  expect(JSON.parse(output)).toEqual({ main: 'function', handles: [], listeners: 0, code: null })
})
