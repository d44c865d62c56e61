// Mends package-lock.json after `npm install`, so that `npm ci` works on every machine:
// - npm leaves out optional packages that its registry does not have, and `npm ci` then refuses the whole file;
// - npm forgets that better-sqlite3 brings its own builds ("gypfile": false), and `npm ci` then wants a compiler.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Locked {
  version: string
  optionalDependencies?: Record<string, string>
  [field: string]: unknown
}

/** The text of a lock file with what npm left out. Pure; a text that lacks nothing is returned as it is. */
export function mended(text: string): string {
  const lock: { packages: Record<string, Locked> } = JSON.parse(text)
  const sqlite = lock.packages['node_modules/better-sqlite3']
  if (sqlite) sqlite.gypfile = false
  for (const parent of Object.values(lock.packages)) {
    const siblings = Object.keys(parent.optionalDependencies ?? {})
    const model = siblings.map((name) => lock.packages[`node_modules/${name}`]).find(Boolean)
    for (const name of siblings)
      if (model) lock.packages[`node_modules/${name}`] ??= forOtherMachine(name, model)
  }
  const { '': own, ...others } = lock.packages
  const sorted = Object.entries(others).sort(([a], [b]) => a.localeCompare(b, 'en'))
  return `${JSON.stringify({ ...lock, packages: { '': own, ...Object.fromEntries(sorted) } }, null, 2)}\n`
}

/** The entry of a package for another system, made after that of its sibling; never installed here. */
function forOtherMachine(name: string, { version, dev, license, engines }: Locked): Locked {
  const [, os, cpu, libc] = /(android|darwin|linux|win32)-(arm64|x64)(?:-(musl))?$/.exec(name) ?? []
  if (!os || !cpu)
    throw new Error(`package-lock.json lacks ${name}, and its name does not say for which machine it is`)
  const only = { cpu: [cpu], os: [os], ...(os === 'linux' ? { libc: [libc ?? 'glibc'] } : {}) }
  return { version, dev, license, optional: true, engines, ...only }
}

if (import.meta.main) {
  const file = fileURLToPath(new URL('../package-lock.json', import.meta.url))
  const text = readFileSync(file, 'utf8')
  if (mended(text) !== text) writeFileSync(file, mended(text))
}
