import type { Plugin } from 'esbuild'

/**
 * Node's own modules, for our sources: each is loaded when one of its functions is first called. `import` would load it
 * at once and read all that it exports, which loads others. Classes and constants are read at once.
 */
export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, importer, kind }) =>
      kind === 'import-statement' && !importer.includes('/node_modules/')
        ? // One for each file that imports it, with no more than that file uses: shared, it would be a file to load.
          { path, suffix: `?${importer}`, namespace: 'builtin', sideEffects: false }
        : { path, external: true },
    )
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: moduleOf(path) }))
  },
}

function moduleOf(path: string): string {
  const builtin: Record<string, unknown> = { ...process.getBuiltinModule(path) }
  const names = Object.keys(builtin).filter((name) => name !== 'default' && /^\w+$/.test(name))
  return [
    'let loaded',
    `const $it = () => (loaded ??= process.getBuiltinModule(${JSON.stringify(path)}))`,
    'const $read = (name) => $it()[name]',
    'export default /* @__PURE__ */ $it()',
    ...names.map((name) => `export const ${name} = ${exported(name, builtin)}`),
  ].join('\n')
}

function exported(name: string, builtin: Record<string, unknown>): string {
  const isFunction = /^[a-z]/.test(name) && typeof builtin[name] === 'function'
  return isFunction ? `(...words) => $it().${name}(...words)` : `/* @__PURE__ */ $read("${name}")`
}
