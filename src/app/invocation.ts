import { tmpdir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { UserError } from '../base/errors.ts'
import { type Config, loadConfig } from '../config/file/load-config.ts'
import { ensurePrivateDirectory, ensureRuntime } from '../config/paths/directories.ts'
import { type Paths, pathsFor } from '../config/paths/paths.ts'
import { presentDirectory } from '../sessions/files/working-directory.ts'
import { savedEnvironment, workspaceEnvironment } from '../sessions/workspace/workspace-environment.ts'
import type { ProcessTable } from '../status/process-identity.ts'
import { TmuxError, tmuxDoor } from '../tmux/door.ts'
import { readRuntime } from '../tmux/tmux-view.ts'
import { readInherited } from '../tmux/verbs.ts'
import { checkRule } from '../worker/tools/check-rule.ts'
import { hostProcesses } from './processes.ts'

/** Which workspace a command is about. */
export interface Selection {
  workspace: string | undefined
  /** tmux's `-L` name or `-S` path. */
  socket: string | undefined
  /** The runtime directory of a running workspace: its saved environment is then used in place of ours. */
  runtime?: string | undefined
}

/** Where a command runs: its environment, files and settings. */
export interface Invocation {
  env: NodeJS.ProcessEnv
  name: string
  socket: string | undefined
  paths: Paths
  config: Config
  processes: ProcessTable
  /** ms since the epoch; whoever reads the date has it from here. */
  now(): number
  /** The workspace was found in tmux, as far as that was looked for. */
  running: boolean
}

/**
 * Finds out where a command runs, and makes the private directories it needs.
 * @throws UserError for a bad workspace name, config file or directory
 */
export async function readInvocation(selection: Selection, env: NodeJS.ProcessEnv): Promise<Invocation> {
  // A key of the workspace runs us in the tmux server's environment and says by Q_RUNTIME where the right one is.
  const runtime = selection.runtime ?? (env.Q_RUNTIME || undefined)
  const used = runtime ? await savedEnvironment(environmentFileIn(runtime), env) : env
  return invocationIn(namedBy(selection, used), used, runtime)
}

/**
 * The same for a command about a workspace that may run: then its runtime directory is the one that it carries in tmux, and
 * its data lies where its own environment says, whatever the caller's XDG_RUNTIME_DIR is (cron, su, ssh host COMMAND).
 * What else the caller's environment lacks comes from there too, unless the call brings an environment of its own
 * (`replaces`), as `q mux` on a terminal does.
 */
export async function readWorkspaceInvocation(
  selection: Selection,
  env: NodeJS.ProcessEnv,
  { replaces = false } = {},
): Promise<Invocation> {
  if (selection.runtime ?? env.Q_RUNTIME) return readInvocation(selection, env)
  // Which workspace it is, the caller says, and no variable of that workspace.
  const named = namedBy(selection, env)
  const found = await findInTmux(named, env)
  if (!found) return readInvocation(selection, env)
  const { runtime, running, inherited } = found
  const used = await workspaceEnvironment(environmentFileIn(runtime), { env, inherited, replaces })
  return { ...(await invocationIn(named, used, runtime)), running }
}

type Named = Pick<Invocation, 'name' | 'socket'>

async function invocationIn(
  { name, socket }: Named,
  env: NodeJS.ProcessEnv,
  runtime: string | undefined,
): Promise<Invocation> {
  const host = { uid: process.getuid?.() ?? 0, tmpdir: env.TMPDIR || tmpdir() }
  const paths = pathsFor(env, name, host, runtime)
  const config = await loadConfig(paths.configFile, env, checkRule)
  await ensurePrivateDirectory(paths.dataDir)
  await ensurePrivateDirectory(paths.stateDir)
  await ensureRuntime(paths)
  return { env, name, socket, paths, config, processes: hostProcesses(env), now: Date.now, running: false }
}

interface InTmux {
  runtime: string
  running: boolean
  inherited: ReadonlyMap<string, string>
}

/** What the workspace carries in tmux, and what its server gave this shell; undefined where none of it is found. */
async function findInTmux({ name, socket }: Named, env: NodeJS.ProcessEnv): Promise<InTmux | undefined> {
  try {
    const tmux = tmuxDoor(socket, env)
    const { runtime, running } = await readRuntime(tmux, name)
    if (!isAbsolute(runtime)) return undefined
    return { runtime, running, inherited: await readInherited(tmux, env.TMUX) }
  } catch (error) {
    // Without tmux, or without a server, nothing runs: whoever needs it says so.
    if (error instanceof TmuxError || error instanceof UserError) return undefined
    throw error
  }
}

function namedBy(selection: Selection, env: NodeJS.ProcessEnv): Named {
  const socket = selection.socket ?? (env.Q_TMUX_SOCKET || undefined)
  return {
    name: selection.workspace ?? (env.Q_WORKSPACE || 'q'),
    socket: socket?.includes('/') && !isAbsolute(socket) ? resolve(presentDirectory(), socket) : socket,
  }
}

function environmentFileIn(runtime: string): string {
  return join(runtime, 'environment.json')
}
