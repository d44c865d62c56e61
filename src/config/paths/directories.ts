import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describeError, errorCode, UserError } from '../../base/errors.ts'
import type { Paths } from './paths.ts'

/**
 * Makes the directories of a workspace that live as long as the machine is up. The level above, which the user's
 * workspaces share, is held to the same rules: it may lie in a directory where anybody can create names.
 * @throws UserError as `ensurePrivateDirectory` does, or when the names of two workspaces differ only in case where that is
 * one name.
 */
export async function ensureRuntime(
  paths: Pick<Paths, 'runtimeDir' | 'statusDir' | 'workersDir'>,
): Promise<void> {
  for (const path of [dirname(paths.runtimeDir), paths.runtimeDir, paths.statusDir, paths.workersDir]) {
    await ensurePrivateDirectory(path)
  }
  requireOwnName(paths.runtimeDir)
}

/** On macOS, `Q` and `q` are one directory. @throws UserError when it is another workspace's */
function requireOwnName(path: string): void {
  const name = basename(path)
  const { ino, dev } = lstatSync(path)
  for (const other of readdirSync(dirname(path))) {
    if (other === name || other.toLowerCase() !== name.toLowerCase()) continue
    const facts = lstatSync(join(dirname(path), other), { throwIfNoEntry: false })
    if (facts?.ino !== ino || facts.dev !== dev) continue
    throw new UserError(
      `the workspace ${name} would share its files with the workspace ${other}: file names ignore case here`,
      {
        hint: `Use that one: q mux --workspace ${other}, or choose a name that differs in more than case. If there is no workspace ${other} any more: rm -r ${path}`,
      },
    )
  }
}

/**
 * Makes `path` a directory that is ours and closed to everybody else (0700), whatever the umask; missing levels above are
 * made 0700 too, existing ones are left as they are.
 * @throws UserError if it is a link, not a directory, or somebody else's, or if it cannot be made.
 */
export async function ensurePrivateDirectory(path: string, uid = process.getuid?.()): Promise<void> {
  await createDirectories(path)
  const facts = attempt('be read', path, () => lstatSync(path))
  if (facts.isSymbolicLink()) throw refused(path, 'is a symbolic link')
  if (!facts.isDirectory()) throw refused(path, 'is not a directory')
  if (uid !== undefined && facts.uid !== uid)
    throw refused(path, `belongs to another user (uid ${facts.uid})`)
  if ((facts.mode & 0o777) !== 0o700) {
    attempt('be closed to others', path, () => chmodSync(path, 0o700))
  }
}

/**
 * Creates a directory and what is missing above it, each 0700 whatever the umask. What exists is left as it is, a link
 * to a directory included.
 * @throws UserError if it cannot be made.
 */
export async function createDirectories(path: string): Promise<void> {
  try {
    makeDirectory(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) cannot('be made', path, error)
    await createDirectories(dirname(path))
    attempt('be made', path, () => makeDirectory(path))
  }
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, 0o700)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return
    throw error
  }
  // The umask may have taken bits of the owner away, and then nothing could be made inside.
  chmodSync(path, 0o700)
}

function attempt<T>(what: string, path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    return cannot(what, path, error)
  }
}

function refused(path: string, why: string): UserError {
  return new UserError(
    `${path} ${why}: it is not used, because others could read or steer your sessions through it`,
    {
      hint: `Look at it with \`ls -ld ${path}\` and remove it, or point the XDG_* variable (or TMPDIR) it comes from to a place of your own.`,
    },
  )
}

function cannot(what: string, path: string, cause: unknown): never {
  throw new UserError(`directory ${path} cannot ${what}: ${describeError(cause)}`, {
    hint: 'Mend the permissions of the directory above it, or point the XDG_* variable it comes from elsewhere.',
    cause,
  })
}
