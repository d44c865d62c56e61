// Bundles src/main.ts into dist/ as split ES modules: a worker's start loads only what it uses.
// better-sqlite3 is native and stays a dependency; everything else is bundled, with its licence beside it.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const outdir = join(root, 'dist')

rmSync(outdir, { recursive: true, force: true })
mkdirSync(outdir, { recursive: true })
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts' },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  mainFields: ['module', 'main'],
  external: ['better-sqlite3'],
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'none',
  metafile: true,
  minify: true,
  keepNames: true,
  // CommonJS packages inside an ES module still ask for `require`.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  define: {
    __VERSION__: JSON.stringify(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version),
  },
  logLevel: 'warning',
})
writeFileSync(join(outdir, 'THIRD-PARTY-LICENSES.txt'), licences(metafile))

function licences(meta: Metafile): string {
  const folders = new Set<string>()
  for (const input of Object.keys(meta.inputs)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (found?.[1]) folders.add(found[1])
  }
  return [...folders].sort().map(licenceOf).join('\n')
}

function licenceOf(folder: string): string {
  const pkg = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name))
  const text = file ? readFileSync(join(root, folder, file), 'utf8').trim() : `Licence: ${pkg.license}`
  return `${'='.repeat(78)}\n${pkg.name} ${pkg.version} (${pkg.license})\n${dirname(folder) && ''}${text}\n`
}
