import { fileURLToPath } from 'node:url'

/** The package's own files. */
export const packageFiles = {
  root: packagePath(''),
  entry: packagePath('bin/q.js'),
  migrations: packagePath('migrations'),
  templates: packagePath('tmux'),
  docs: packagePath('docs'),
}

/** From the bundle `dist/main.js` and its `dist/chunks/`, as from a source file. */
function packagePath(path: string): string {
  const here = import.meta.url
  const levels = here.includes('/dist/chunks/') || here.includes('/src/base/') ? '../../' : '../'
  return fileURLToPath(new URL(levels + path, here))
}
