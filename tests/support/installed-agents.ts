import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

export interface InstalledAgent {
  /** The directory in which its program lies. */
  directory: string
  program: string
  version: string
}

/**
 * An agent's program out of the npm registry. It is fetched once, into a directory outside of this repository that `kind`
 * names; Q_MUX_AGENTS_DIR puts it elsewhere.
 */
export async function installAgent(kind: string, npm: string, command: string): Promise<InstalledAgent> {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const prefix = join(process.env.Q_MUX_AGENTS_DIR || join(caches, 'q-mux-agents'), kind)
  const directory = join(prefix, 'node_modules', '.bin')
  const program = join(directory, command)
  if (!existsSync(program)) {
    mkdirSync(prefix, { recursive: true })
    const words = ['install', '--no-audit', '--no-fund', '--prefix', prefix, npm]
    // Under another Node npm takes an older version, without a word, where the newest does not run with that one.
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
    await promisify(execFile)('npm', words, { cwd: prefix, env, timeout: 300_000 })
  }
  const { version } = JSON.parse(readFileSync(join(prefix, 'node_modules', npm, 'package.json'), 'utf8'))
  return { directory, program, version }
}
