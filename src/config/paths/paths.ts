import { dirname, isAbsolute, join } from 'node:path'
import { exitCode, UserError } from '../../base/errors.ts'
import type { Environment } from '../file/load-config.ts'
import { quote } from '../file/toml-quote.ts'

/** Where everything of one workspace lies. Absolute; nothing here exists yet, and only `runtimeDir` and below is transient. */
export interface Paths {
  workspace: string
  configFile: string
  dataDir: string
  /** The SQLite file that all workspaces share. */
  database: string
  stateDir: string
  logFile: string
  /** What was typed at the prompts, all workspaces. */
  historyFile: string
  /** Of this workspace; gone after a reboot. */
  runtimeDir: string
  statusDir: string
  /** Unix sockets of the workers. Their paths have little room: see `requireRoomForLinks`. */
  workersDir: string
  environmentFile: string
  /** What belongs to the tmux server instead of one workspace: the parent of `runtimeDir`. */
  tmuxKeysDir: string
}

/**
 * The XDG places, on Linux and macOS alike. `runtime`: the runtime directory of a workspace that runs, which stays there. An XDG variable that is empty or relative counts as not set, as its
 * specification says. `host.tmpdir` is `os.tmpdir()`, used where there is no `XDG_RUNTIME_DIR`.
 * @throws UserError if a place needs HOME and there is none, or if a place has control characters in its name (which
 * tmux would read as a new command), or if `workspace` is not a workspace name.
 */
export function pathsFor(
  env: Environment,
  workspace: string,
  host: { uid: number; tmpdir: string },
  runtime?: string,
): Paths {
  const name = parseWorkspaceName(workspace)
  const dataDir = join(xdg(env, 'XDG_DATA_HOME', '.local/share'), 'q-mux')
  const stateDir = join(xdg(env, 'XDG_STATE_HOME', '.local/state'), 'q-mux')
  const runtimeDir = runtime ?? join(sharedRuntime(env, host), name)
  return {
    workspace: name,
    configFile: join(xdg(env, 'XDG_CONFIG_HOME', '.config'), 'q-mux', 'config.toml'),
    dataDir,
    database: join(dataDir, 'q.sqlite3'),
    stateDir,
    logFile: join(stateDir, `${name}.log`),
    historyFile: join(stateDir, 'history'),
    runtimeDir,
    statusDir: join(runtimeDir, 'status'),
    workersDir: join(runtimeDir, 'w'),
    environmentFile: join(runtimeDir, 'environment.json'),
    tmuxKeysDir: dirname(runtimeDir),
  }
}

/**
 * A workspace's name, which is the tmux session's too: 1 to 32 letters, digits, `_` or `-`, the first a letter or digit.
 * @throws UserError (exit 2) for anything else.
 */
export function parseWorkspaceName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/.test(text)) return text
  throw new UserError(`workspace name ${quote(text)} is not allowed`, {
    hint: 'Use 1 to 32 letters, digits, "_" or "-", and begin with a letter or a digit.',
    exit: exitCode.usage,
  })
}

function sharedRuntime(env: Environment, host: { uid: number; tmpdir: string }): string {
  const set = absolute(env, 'XDG_RUNTIME_DIR')
  return set === undefined ? join(temporary(host.tmpdir), `q-mux-${host.uid}`) : join(set, 'q-mux')
}

function xdg(env: Environment, variable: string, belowHome: string): string {
  const set = absolute(env, variable)
  if (set !== undefined) return set
  const home = absolute(env, 'HOME')
  if (home !== undefined) return join(home, belowHome)
  const problem = env.HOME ? 'HOME is not an absolute path' : 'HOME is not set'
  throw new UserError(problem, {
    hint: `Set HOME to your home directory, or ${variable} to an absolute path.`,
  })
}

function absolute(env: Environment, variable: string): string | undefined {
  const value = env[variable]
  if (value === undefined || !isAbsolute(value)) return undefined
  return withoutControls(variable, value)
}

function temporary(tmpdir: string): string {
  if (isAbsolute(tmpdir)) return withoutControls('TMPDIR', tmpdir)
  throw new UserError(`TMPDIR ${quote(tmpdir)} is not an absolute path`, {
    hint: 'Set TMPDIR to one, or unset it.',
  })
}

function withoutControls(variable: string, value: string): string {
  if (!/\p{Cc}/u.test(value)) return value
  throw new UserError(`${variable} has control characters in it: ${quote(value)}`, {
    hint: `Correct ${variable}.`,
  })
}
