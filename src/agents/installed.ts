import { describeError, UserError } from '../base/errors.ts'
import { findCommand } from '../base/find-command.ts'
import type { Agent } from './agent.ts'

/** How long a program gets to say which version it is, in ms. */
const versionTimeoutMs = 5000

/** Where a program is and which version it says it is; undefined: it is not installed. */
export interface Installed {
  path: string
  /** `2.1.332`; undefined: it says none, or not in time. */
  version: string | undefined
}

/**
 * Looks for an agent's program as a session would. One of which any version will do is not run: it may be any command.
 * @throws UserError when it fails where it is asked for its version
 */
export async function installedProgram(
  { program, oldest }: Pick<Agent, 'program' | 'oldest'>,
  place: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Installed | undefined> {
  const path = findCommand(program, place.cwd, place.env.PATH)
  if (path === undefined || oldest === undefined)
    return path === undefined ? undefined : { path, version: undefined }
  const { execa, ExecaError } = await import('execa')
  try {
    const { stdout } = await execa(path, ['--version'], {
      ...place,
      extendEnv: false,
      stdin: 'ignore',
      timeout: versionTimeoutMs,
      maxBuffer: 65_536,
    })
    return { path, version: /\d{1,9}(?:\.\d{1,9}){1,3}/.exec(stdout)?.[0] }
  } catch (error) {
    // A busy machine: whether it is too old is not known, and it may be started.
    if (error instanceof ExecaError && error.timedOut) return { path, version: undefined }
    throw new UserError(`${path} does not say which version it is: ${describeError(error).split('\n')[0]}`, {
      hint: `try it: ${program} --version`,
      cause: error,
    })
  }
}

/**
 * Called before a session of an agent is made.
 * @throws UserError when its program is not installed, or too old to tell what it does, with the command to install it
 */
export async function requireInstalled(
  { title, program, install, oldest }: Pick<Agent, 'title' | 'program' | 'install' | 'oldest'>,
  place: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<void> {
  if (program === '') return
  const found = await installedProgram({ program, oldest }, place)
  const hint = install === undefined ? undefined : `install it: ${install}`
  if (!found) throw new UserError(`${title} is not installed: there is no ${program} on PATH`, withHint(hint))
  if (oldest === undefined || found.version === undefined || !isOlder(found.version, oldest)) return
  throw new UserError(
    `${title} ${found.version} is too old to tell what it does: ${oldest} is the oldest that can (${found.path})`,
    withHint(hint),
  )
}

function withHint(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint }
}

/** Number by number; what is missing counts as 0. */
export function isOlder(version: string, than: string): boolean {
  const [numbers, others] = [version, than].map((one) => one.split('.').map(Number)) as [number[], number[]]
  const at = others.findIndex((other, place) => (numbers[place] ?? 0) !== other)
  return at !== -1 && (numbers[at] ?? 0) < (others[at] ?? 0)
}
