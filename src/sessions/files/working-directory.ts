import { accessSync, constants, realpathSync, type Stats, statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { describeError, errorCode, exitCode, UserError } from '../../base/errors.ts'

/** Where a session works, whatever becomes of that directory. */
export interface WorkingDirectory {
  /** Absolute; it may be gone. */
  path(): string
  /**
   * Why nothing can be done there, in words: `/home/me/api is gone`. undefined: the process is in it; one that was made
   * again is entered by that.
   */
  trouble(): string | undefined
  /** Works there from now on. @throws UserError when it cannot be entered: nothing has changed then */
  change(path: string): void
}

/** What to do about a directory that is gone, for people. */
export const directoryHint = 'make it again: /cd . or choose another one: /cd DIR'

/** Takes the process to a session's directory, if it is there: the process is in that one, or the session does nothing. */
export function workingDirectory(start: string): WorkingDirectory {
  let path = start
  /** Without links, when it was entered. */
  let entered: string | undefined
  const directory = { path: () => path, trouble, change }
  trouble()
  return directory

  function trouble(): string | undefined {
    try {
      const why = reason(path)
      if (why !== undefined) return why
      const real = realpathSync(path)
      // Somebody who puts a link in its place does not choose where the session works.
      if (entered !== undefined && real !== entered) return `${path} leads to ${real} now`
      if (!isHere(statSync(path))) process.chdir(path)
      entered = real
      return undefined
    } catch (error) {
      return words(path, error)
    }
  }

  function change(to: string): void {
    const wanted = isAbsolute(to) ? to : resolve(path, to)
    try {
      const why = reason(wanted)
      if (why !== undefined) throw new UserError(why, { exit: exitCode.usage })
      process.chdir(wanted)
    } catch (error) {
      if (error instanceof UserError) throw error
      throw new UserError(words(wanted, error), { exit: exitCode.usage, cause: error })
    }
    path = process.cwd()
    entered = path
  }
}

/** The directory that this process was started in. @throws UserError when it is gone */
export function presentDirectory(): string {
  try {
    return process.cwd()
  } catch (error) {
    throw new UserError('the directory that you are in is gone', {
      hint: 'go to another one: cd',
      exit: exitCode.usage,
      cause: error,
    })
  }
}

/** Why a path cannot be a directory to work in; throws the system's error. */
export function reason(path: string): string | undefined {
  if (!statSync(path).isDirectory()) return `${path} is not a directory`
  accessSync(path, constants.X_OK)
  return undefined
}

function words(path: string, error: unknown): string {
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return `${path} is gone`
  if (code === 'EACCES' || code === 'EPERM') return `${path} cannot be entered: permission denied`
  return `${path} cannot be entered: ${describeError(error)}`
}

function isHere({ dev, ino }: Stats): boolean {
  const here = statSync('.', { throwIfNoEntry: false })
  return here?.dev === dev && here.ino === ino
}
