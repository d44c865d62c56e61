// Bundles src/main.ts and src/worker-main.ts into dist/ as split ES modules: a worker's start loads only what it uses.
// better-sqlite3 is native and stays a dependency; everything else is bundled, with its licence beside it.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { lazyBuiltins } from './builtins.ts'
import { fold } from './fold.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const outdir = join(root, 'dist')

const version: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version

// The worker is a bundle of its own, so that its start reads one file; the command line's parts are shared in chunks.
const [main, worker] = await Promise.all([bundle('main'), bundle('worker-main')])
const outputFiles = [...main.outputFiles, ...(await fold(worker, root, 'dist/worker-main.js'))]
// Entries come last and what is out of date goes after them: a process that starts meanwhile finds all it names.
mkdirSync(join(outdir, 'chunks'), { recursive: true })
for (const file of outputFiles.toSorted((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)))) {
  writeFileSync(`${file.path}.tmp`, file.contents)
  renameSync(`${file.path}.tmp`, file.path)
}
writeFileSync(
  join(outdir, 'THIRD-PARTY-LICENSES.txt'),
  licences([main, worker].flatMap(({ metafile }) => Object.keys(metafile.inputs))),
)
if (!process.argv.includes('--keep')) {
  const made = new Set(outputFiles.map((file) => file.path))
  for (const name of readdirSync(join(outdir, 'chunks'))) {
    const path = join(outdir, 'chunks', name)
    if (!made.has(path)) rmSync(path)
  }
}

function bundle(entry: string) {
  return build({
    absWorkingDir: root,
    entryPoints: { [entry]: `src/${entry}.ts` },
    outdir,
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    plugins: [lazyBuiltins],
    // Each bundle has chunks of its own: those of the worker's find what they share in its first file.
    chunkNames: `chunks/${entry}-[name]-[hash]`,
    legalComments: 'none',
    metafile: true,
    minify: true,
    // CommonJS packages inside an ES module still ask for `require`.
    banner: {
      js: "const require=process.getBuiltinModule('node:module').createRequire(import.meta.url);",
    },
    define: { __VERSION__: JSON.stringify(version) },
    logLevel: 'warning',
  })
}

function isEntry(path: string): boolean {
  return !path.includes('/chunks/')
}

function licences(inputs: readonly string[]): string {
  const folders = new Set<string>()
  for (const input of inputs) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (found?.[1]) folders.add(found[1])
  }
  return [...folders].sort().map(licenceOf).join('\n')
}

function licenceOf(folder: string): string {
  const pkg = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name))
  const text = file ? readFileSync(join(root, folder, file), 'utf8').trim() : `Licence: ${pkg.license}`
  return `${'='.repeat(78)}\n${pkg.name} ${pkg.version} (${pkg.license})\n${text}\n`
}
