import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensurePrivateDirectory, ensureRuntime } from '../config/directories.ts'
import { type Config, loadConfig } from '../config/load.ts'
import { type Paths, pathsFor } from '../config/paths.ts'
import type { RuleCheck } from '../config/rule-problems.ts'
import { UserError } from '../domain/errors.ts'
import { savedEnvironment } from '../sessions/environment.ts'

/** Which workspace a command is about. */
export interface Selection {
  workspace: string | undefined
  /** tmux's `-L` name or `-S` path. */
  socket: string | undefined
  /** The runtime directory of a running workspace: its saved environment is then used in place of ours. */
  runtime?: string | undefined
}

/** Where a command runs: its environment, files and settings. */
export interface Place {
  env: NodeJS.ProcessEnv
  name: string
  socket: string | undefined
  paths: Paths
  config: Config
}

/** The package's own files. */
export const packageFiles = {
  root: packagePath(''),
  entry: packagePath('bin/q.js'),
  migrations: packagePath('migrations'),
  templates: packagePath('tmux'),
  docs: packagePath('docs'),
}

/**
 * Finds out where a command runs, and makes the private directories it needs.
 * @throws UserError for a bad workspace name, config file or directory
 */
export async function findPlace(selection: Selection, env: NodeJS.ProcessEnv): Promise<Place> {
  // A key of the workspace runs us in the tmux server's environment and says by Q_RUNTIME where the right one is.
  const runtime = selection.runtime ?? env.Q_RUNTIME
  const used = runtime ? await savedEnvironment(join(runtime, 'environment.json'), env) : env
  const name = selection.workspace ?? (used.Q_WORKSPACE || 'q')
  const paths = pathsFor(used, name, { uid: process.getuid?.() ?? 0, tmpdir: used.TMPDIR || tmpdir() })
  const config = await loadConfig(paths.configFile, used, checkRule)
  await ensurePrivateDirectory(paths.dataDir)
  await ensurePrivateDirectory(paths.stateDir)
  await ensureRuntime(paths)
  return { env: used, name, socket: selection.socket ?? (used.Q_TMUX_SOCKET || undefined), paths, config }
}

/** What a rule means, the tools know: they are loaded where there is one. */
export const checkRule: RuleCheck = async (rule, list) => {
  const { parseRule } = await import('../tools/rules.ts')
  try {
    parseRule(rule, '/', list)
    return undefined
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { words: error.message, hint: error.hint }
  }
}

/** From the bundle `dist/main.js` and its `dist/chunks/`, as from a source file. */
function packagePath(path: string): string {
  const here = import.meta.url
  const levels = here.includes('/dist/chunks/') || here.includes('/src/root/') ? '../../' : '../'
  return fileURLToPath(new URL(levels + path, here))
}
