import { basename, dirname, join, relative } from 'node:path'
import { type BuildResult, build, type OutputFile } from 'esbuild'

/**
 * Puts the chunks that an entry loads at once into the entry's own file: each file costs a start half a millisecond.
 * The chunks stay as names for those that are loaded later, which find the same code there.
 */
export async function fold(
  { outputFiles, metafile }: BuildResult<{ write: false; metafile: true }>,
  root: string,
  entry: string,
): Promise<OutputFile[]> {
  const folder = dirname(entry)
  const folded = atOnce(entry)
  const chunks = folded.filter((path) => path !== entry)
  const lines = folded.map((path) => {
    const names = namesOf(path).map((name) => (path === entry ? name : `${name} as ${nameIn(path, name)}`))
    return `export { ${names} } from ${JSON.stringify(path)}`
  })
  const { outputFiles: whole } = await build({
    absWorkingDir: root,
    stdin: { contents: lines.join('\n'), resolveDir: root },
    outfile: entry,
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    legalComments: 'none',
    minify: true,
    logLevel: 'warning',
    plugins: [
      {
        name: 'built',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
            const built = importer === '<stdin>' ? path : join(dirname(importer), path)
            if (folded.includes(built)) return { path: built, namespace: 'built' }
            const later = kind === 'dynamic-import' && path.startsWith('.')
            return { path: later ? `./${relative(folder, built)}` : path, external: true }
          })
          onLoad({ filter: /.*/, namespace: 'built' }, ({ path }) => ({ contents: fileOf(path).contents }))
        },
      },
    ],
  })
  const names = chunks.map((path) => {
    const list = namesOf(path).map((name) => `${nameIn(path, name)} as ${name}`)
    const text = `export{${list}}from${JSON.stringify(relative(dirname(path), entry))}\n`
    return { ...fileOf(path), contents: Buffer.from(text) }
  })
  const rest = outputFiles.filter(({ path }) => !folded.includes(relative(root, path)))
  return [...whole.map((file) => ({ ...file, path: fileOf(entry).path })), ...names, ...rest]

  function atOnce(path: string, seen: string[] = []): string[] {
    if (seen.includes(path)) return seen
    seen.push(path)
    for (const { path: next, kind, external } of metafile.outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && !external) atOnce(next, seen)
    return seen
  }

  function namesOf(path: string): string[] {
    return metafile.outputs[path]?.exports ?? []
  }

  function fileOf(path: string): OutputFile {
    const file = outputFiles.find((made) => made.path === join(root, path))
    if (!file) throw new Error(`Expected ${path} among what was built`)
    return file
  }
}

/** The same for the same chunk in every build: a worker of the last build may still load it. */
function nameIn(chunk: string, name: string): string {
  return `${basename(chunk, '.js').replaceAll(/\W/g, '_')}_${name}`
}
