import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { UserError } from '../../base/errors.ts'

let found: string | undefined

/**
 * The path of better-sqlite3's compiled half for this machine. Its own search for it reads and runs ten files and is
 * part of every start.
 * @throws UserError when the package has none
 */
export function sqliteAddon(): string {
  found ??= find()
  return found
}

function find(): string {
  const home = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'))
  const target = `${isMusl() ? 'linuxmusl' : process.platform}-${process.arch}`
  // One that was compiled on this machine comes first, as in better-sqlite3 itself.
  const file = [join('build', 'Release', 'better_sqlite3.node'), join('prebuilds', `${target}.node`)]
    .map((path) => join(home, path))
    .find((path) => existsSync(path))
  if (file !== undefined) return file
  throw new UserError(`better-sqlite3 in ${home} has no part for ${target}`, {
    hint: 'install q-mux again on this very machine; a folder copied from another one lacks it',
  })
}

/** Which C library is loaded; its name on the disk says only that it is installed. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  if (!existsSync(`/lib/ld-musl-${machine}.so.1`)) return false
  return /\/ld-musl-[^/\s]*\.so/.test(readFileSync('/proc/self/maps', 'latin1'))
}
