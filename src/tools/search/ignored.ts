import { homedir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { type Context, createContext, Script } from 'node:vm'
import type { Ignore } from 'ignore'
import { isInside } from '../../base/is-inside.ts'
import { openFlags } from '../../base/open-flags.ts'
import { escapedName } from '../../text/escaped-name.ts'
import { count } from '../../text/plain-text.ts'
import type { Operations } from '../files/operations.ts'
import { readStart } from '../files/read-file.ts'

/** What git would not look at below a directory. Made for one walk. */
export interface Ignored {
  /**
   * Those of a directory's entries that are ignored; directories among them end in `/`. A directory comes before what is
   * in it.
   */
  among(directory: string, names: readonly string[]): Promise<ReadonlySet<string>>
  /** What was left out, and which rules did not count, as lines for the model; empty if there is nothing to say. */
  notes(): string
}

/**
 * A repository is not to be trusted: of one file with rules, bytes, lines and their letters; entries that are looked up at
 * once and ms for them; ms of CPU for all of a walk, and how many files may take too long before no more are asked.
 */
const caps = { bytes: 262_144, lines: 2000, line: 1000, entries: 64, once: 250, all: 20_000, strikes: 3 }

/**
 * By the `.gitignore`s from the top of the repository down, `.git/info/exclude`, and the user's own file. Without a
 * repository, those from `cwd` down. A directory that is ignored itself was named on purpose: nothing in it is.
 */
export async function ignoredBelow(
  { fs }: Operations,
  root: string,
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ignored> {
  const git = await repositoryOf(fs, root)
  const top = git?.top ?? (isInside(cwd, root) ? cwd : root)
  const left = { files: 0, directories: 0 }
  const problems = new Set<string>()
  const guarded = guard(caps.once, caps.all)
  const matchers = new Map<string, Ignore | undefined>()
  let strikes = 0

  let matcher: Ignore | undefined
  if (git) {
    matcher = await extended(matcher, await userFile(fs, env), '', true)
    matcher = await extended(matcher, join(git.directory, 'info', 'exclude'), '')
  }
  for (const directory of waysDown(top, root)) {
    if (directory !== top && matcher && isIgnored(matcher, `${relative(top, directory)}/`)) {
      matcher = undefined
      strikes = caps.strikes
      break
    }
    matcher = await extended(matcher, join(directory, '.gitignore'), relative(top, directory))
  }
  matchers.set(root, matcher)

  return {
    async among(directory, names) {
      let rules = matchers.get(directory)
      if (!matchers.has(directory)) {
        rules = matchers.get(dirname(directory))
        if (names.includes('.gitignore'))
          rules = await extended(rules, join(directory, '.gitignore'), relative(top, directory))
        matchers.set(directory, rules)
      }
      const ignored = new Set<string>()
      const way = relative(top, directory)
      for (let from = 0; rules && from < names.length; from += caps.entries) {
        const some = names.slice(from, from + caps.entries)
        const { found, late } = ignoredAmong(rules, some, way)
        for (const name of found) ignored.add(name)
        if (!late) continue
        strike(join(directory, '.gitignore'), 'takes too long')
        rules = undefined
        matchers.set(directory, undefined)
      }
      for (const name of ignored) left[name.endsWith('/') ? 'directories' : 'files']++
      return ignored
    },
    notes() {
      const lines = [...problems]
      const parts = [
        ...(left.files > 0 ? [count(left.files, 'file')] : []),
        ...(left.directories > 0
          ? [left.directories === 1 ? '1 directory' : `${left.directories} directories`]
          : []),
      ]
      if (parts.length > 0)
        lines.push(`${parts.join(' and ')} left out that .gitignore names; include_ignored: true shows them`)
      return lines.map((line) => `\n[${line}]`).join('')
    },
  }

  function isIgnored(rules: Ignore, path: string): boolean {
    const { found } = ignoredAmong(rules, [path], '')
    return found.length > 0
  }

  function ignoredAmong(rules: Ignore, names: readonly string[], way: string) {
    const found: string[] = []
    const late = !guarded(() => {
      for (const name of names) if (rules.ignores(way === '' ? name : `${way}/${name}`)) found.push(name)
    })
    return { found, late }
  }

  /** The rules, and below `way` those of one more file. */
  async function extended(
    rules: Ignore | undefined,
    path: string,
    way: string,
    byLink = false,
  ): Promise<Ignore | undefined> {
    if (strikes >= caps.strikes) return rules
    const text = await textOf(fs, path, byLink)
    if (text === undefined) return rules
    const lines = text.split(/\r?\n/).filter((line) => !/^(#|!?\/?$)/.test(line))
    const usable = lines.slice(0, caps.lines).filter((line) => line.length <= caps.line)
    if (usable.length < lines.length)
      problems.add(
        `${escapedName(path)}: ${count(lines.length - usable.length, 'rule')} too many or too long`,
      )
    const { default: ignore } = await import('ignore')
    const both = ignore({ ignorecase: process.platform !== 'linux', allowRelativePaths: true })
    const done = guarded(() => {
      if (rules) both.add(rules)
      both.add(usable.map((line) => below(way, line)))
    })
    if (done) return both
    strike(path, 'takes too long')
    return rules
  }

  function strike(path: string, why: string): void {
    strikes++
    const off = strikes >= caps.strikes ? '; no more of them count' : ''
    problems.add(`${escapedName(path)} ${why}: what it names is not left out${off}`)
  }
}

/** A rule of a `.gitignore` further down, as one of the topmost. */
function below(way: string, line: string): string {
  if (way === '') return line
  const [, not = '', rule = ''] = /^(!?)(.*)$/s.exec(line) ?? []
  const anchored = rule.slice(0, -1).includes('/')
  const inside = rule.startsWith('/') ? rule.slice(1) : rule
  return `${not}/${literal(way)}/${anchored ? '' : '**/'}${inside}`
}

function literal(path: string): string {
  return path.replaceAll(/[\\*?[\]!# ]/g, '\\$&')
}

/**
 * Runs work that a hostile pattern may make endless, each time at most so many ms, and all; false: it was stopped. Where
 * the machine was busy with something else meanwhile, it is done again: it must bear that.
 */
function guard(once: number, all: number): (work: () => void) => boolean {
  let made: { sandbox: Context; script: Script } | undefined
  let left = all
  return (work) => {
    made ??= { sandbox: createContext({}), script: new Script('work()') }
    const { sandbox, script } = made
    Object.assign(sandbox, { work })
    for (let tries = 0; tries < 4 && left >= 1; tries++) {
      const before = process.cpuUsage()
      try {
        script.runInContext(sandbox, { timeout: Math.ceil(Math.min(once, left)) })
        return true
      } catch (error) {
        // The error belongs to the vm: it is no `Error` of ours.
        if ((error as { code?: unknown } | null)?.code !== timeout) throw error
      } finally {
        const { user, system } = process.cpuUsage(before)
        left -= (user + system) / 1000
        if (user + system > once * 500) tries = 4
      }
    }
    return false
  }
}

const timeout = 'ERR_SCRIPT_EXECUTION_TIMEOUT'

interface Repository {
  top: string
  /** Where `info/exclude` lies. */
  directory: string
}

async function repositoryOf(fs: Operations['fs'], from: string): Promise<Repository | undefined> {
  for (let top = from; ; top = dirname(top)) {
    const path = join(top, '.git')
    const facts = await fs.lstat(path).catch(() => undefined)
    if (facts?.isDirectory()) return { top, directory: path }
    // A worktree's or a submodule's says where the rest is.
    if (facts?.isFile()) {
      const [, said] = /^gitdir: (.+)$/m.exec((await textOf(fs, path)) ?? '') ?? []
      const own = resolve(top, said?.trim() ?? '.git')
      const common = await textOf(fs, join(own, 'commondir'))
      return { top, directory: resolve(own, common?.trim() ?? '.') }
    }
    if (top === dirname(top)) return undefined
  }
}

/** `core.excludesFile`, by the files where people set it. */
async function userFile(fs: Operations['fs'], env: NodeJS.ProcessEnv): Promise<string> {
  const home = env.HOME || homedir()
  const config = join(env.XDG_CONFIG_HOME || join(home, '.config'), 'git')
  for (const path of [join(home, '.gitconfig'), join(config, 'config')]) {
    const set = excludesFile((await textOf(fs, path, true)) ?? '')
    if (set !== undefined) return set.startsWith('~/') ? join(home, set.slice(2)) : resolve(home, set)
  }
  return join(config, 'ignore')
}

function excludesFile(config: string): string | undefined {
  let section = ''
  let found: string | undefined
  for (const line of config.split('\n').map((one) => one.trim())) {
    if (line.startsWith('[')) section = line.toLowerCase()
    const [, value] = section === '[core]' ? (/^excludesfile\s*=\s*(\S.*)$/i.exec(line) ?? []) : []
    if (value !== undefined) found = value.replaceAll('"', '')
  }
  return found
}

/** The beginning of an ordinary file; undefined: there is none, or it cannot be read. In a repository a link does not count, as in git. */
async function textOf(fs: Operations['fs'], path: string, byLink = false): Promise<string | undefined> {
  const file = await fs.open(path, byLink ? openFlags.read : openFlags.readNoLink).catch(() => undefined)
  if (!file) return undefined
  try {
    const facts = await file.stat()
    if (!facts.isFile()) return undefined
    return (await readStart(file, Math.min(facts.size, caps.bytes))).toString('utf8')
  } finally {
    await file.close()
  }
}

/** The directories from one to one below it. */
function waysDown(top: string, root: string): string[] {
  const ways = [root]
  while (ways[0] !== undefined && ways[0] !== top && isInside(top, ways[0])) ways.unshift(dirname(ways[0]))
  return ways
}
