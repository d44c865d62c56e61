import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { WorkspaceDescription } from '../../src/sessions/list/describe.ts'
import { until, witnesses } from './until.ts'

export const entry = fileURLToPath(new URL('../../bin/q.js', import.meta.url))

export interface Result {
  code: number
  stdout: string
  stderr: string
}

/** A machine of its own for one test: a home, a tmux server on a private socket, and a way to run `q` in both. */
export interface Lab {
  home: string
  /** Of the workspace's tmux server. */
  socket: string
  env: NodeJS.ProcessEnv
  /** `q WORDS…` without a terminal, to its end. */
  q(words: string[], options?: { input?: string; env?: NodeJS.ProcessEnv; cwd?: string }): Promise<Result>
  /** `tmux WORDS…` on the private socket; throws with tmux's words when it fails. */
  tmux(...words: string[]): string
  /** What a pane shows; by default the session's current window. With `colours`, escape sequences too. */
  screen(target?: string, colours?: boolean): string
  /** Types into a pane of the workspace: text as it is, then Enter. */
  type(target: string, text: string): void
  keys(target: string, ...keys: string[]): void
  list(...flags: string[]): Promise<WorkspaceDescription>
  /** The corner's whole text without its styles. */
  corner(workspace?: string): string
  statusDir: string
  runtimeDir: string
  database: string
  config(text: string): void
  /**
   * A real terminal with a client on it: an outer tmux server's pane that runs `q mux` (or other words) attached.
   * `screen()` reads all of it, the inner status line included.
   */
  terminal(words?: string[], size?: { columns: number; rows: number }): Terminal
  /** A process that is ended with the lab. */
  start(command: string, words: string[], env?: NodeJS.ProcessEnv): ChildProcess
  dispose(): Promise<void>
}

export interface Terminal {
  screen(colours?: boolean): string
  keys(...keys: string[]): void
  type(text: string): void
  resize(columns: number, rows: number): void
  tmux(...words: string[]): string
}

let count = 0

export function openLab(extra: NodeJS.ProcessEnv = {}): Lab {
  const home = mkdtempSync(join(tmpdir(), 'q-lab-'))
  count += 1
  const socket = `qlab-${process.pid}-${count}`
  const outer = `${socket}-outer`
  const children: ChildProcess[] = []
  const runtime = join(home, 'run')
  mkdirSync(runtime, { mode: 0o700 })
  // Nothing of the developer's own: no tmux, no AWS, no settings.
  const env: NodeJS.ProcessEnv = {
    HOME: home,
    PATH: process.env.PATH,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    SHELL: '/bin/sh',
    TMPDIR: home,
    XDG_RUNTIME_DIR: runtime,
    Q_TMUX_SOCKET: socket,
    Q_MODEL_PROVIDER: 'guide',
    // Sessions keep the names that a test gives them, or their numbers; a test of naming says '' here.
    Q_SESSIONS_AUTO_GENERATE_NAMES: 'false',
    ...extra,
  }
  const runtimeDir = join(runtime, 'q-mux', 'q')
  const tmuxOn =
    (server: string) =>
    (...words: string[]): string =>
      execFileSync('tmux', ['-u', '-L', server, ...words], {
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }).replace(/\n$/, '')
  const tmux = tmuxOn(socket)

  const screens = (): string => [outer, socket].map((server) => screensOf(server, tmuxOn(server))).join('')
  witnesses.add(screens)

  const lab: Lab = {
    home,
    socket,
    env,
    runtimeDir,
    statusDir: join(runtimeDir, 'status'),
    database: join(home, '.local/share/q-mux/q.sqlite3'),
    q: (words, { input = '', env: more = {}, cwd = home } = {}) =>
      new Promise((resolve) => {
        const child = execFile(
          process.execPath,
          [entry, ...words],
          { env: { ...env, ...more }, cwd, timeout: 150_000 },
          (error, stdout, stderr) => {
            resolve({ code: error ? (typeof error.code === 'number' ? error.code : -1) : 0, stdout, stderr })
          },
        )
        child.stdin?.on('error', () => {})
        child.stdin?.end(input)
      }),
    tmux,
    screen: (target = '=q:', colours = false) =>
      tmux('capture-pane', '-p', ...(colours ? ['-e'] : []), '-t', target),
    type(target, text) {
      tmux('send-keys', '-t', target, '-l', '--', text)
      tmux('send-keys', '-t', target, 'Enter')
    },
    keys: (target, ...keys) => void tmux('send-keys', '-t', target, ...keys),
    async list(...flags) {
      const result = await lab.q(['mux', 'list', '--json', ...flags])
      if (result.code !== 0) throw new Error(result.stderr)
      return JSON.parse(result.stdout)
    },
    corner: (workspace = 'q') =>
      tmux('show-options', '-qv', '-t', `=${workspace}:`, '@q_waiting').replaceAll(/#\[[^\]]*\]/g, ''),
    config(text) {
      mkdirSync(join(home, '.config/q-mux'), { recursive: true })
      writeFileSync(join(home, '.config/q-mux/config.toml'), text)
    },
    terminal(words = ['mux'], { columns, rows } = { columns: 100, rows: 24 }) {
      const outerTmux = tmuxOn(outer)
      const name = `t${children.length}-${count}-${Date.now()}`
      outerTmux(
        '-f',
        '/dev/null',
        'new-session',
        '-d',
        '-s',
        name,
        '-x',
        String(columns),
        '-y',
        String(rows),
        '--',
        process.execPath,
        entry,
        ...words,
        // In one command line: a program that ends at once leaves its last words.
        ...[';', 'set-option', '-t', name, 'remain-on-exit', 'on'],
        ...[';', 'set-option', '-t', name, 'status', 'off'],
      )
      outerTmux('resize-window', '-t', name, '-x', String(columns), '-y', String(rows))
      return {
        tmux: outerTmux,
        screen: (colours = false) =>
          outerTmux('capture-pane', '-p', ...(colours ? ['-e'] : []), '-t', `=${name}:`),
        keys: (...keys) => void outerTmux('send-keys', '-t', `=${name}:`, ...keys),
        type(text) {
          outerTmux('send-keys', '-t', `=${name}:`, '-l', '--', text)
          outerTmux('send-keys', '-t', `=${name}:`, 'Enter')
        },
        resize: (width, height) =>
          void outerTmux('resize-window', '-t', name, '-x', String(width), '-y', String(height)),
      }
    },
    start(command, words, more = {}) {
      const child = spawn(command, words, { env: { ...env, ...more }, stdio: ['pipe', 'pipe', 'pipe'] })
      children.push(child)
      return child
    },
    async dispose() {
      witnesses.delete(screens)
      for (const child of children) child.kill('SIGKILL')
      const refused = [outer, socket].flatMap((server) => killServer(() => tmuxOn(server)('kill-server')))
      await until(() => processesOf(home).length === 0, { patience: 5000 }).catch(() => {})
      // Who ends may still write, and start others that do.
      await until(() => {
        const living = processesOf(home)
        for (const pid of living) endProcess(pid)
        return living.length === 0 && removed(home)
      })
      if (refused.length > 0) throw refused[0]
    },
  }
  return lab
}

/** What each pane of a server shows, under its name; nothing of a server that does not run. */
export function screensOf(server: string, tmux: (...words: string[]) => string): string {
  try {
    const panes = tmux(
      'list-panes',
      '-a',
      '-F',
      '#{pane_id} #{session_name}:#{window_name} #{cursor_x},#{cursor_y}',
    )
    return panes
      .split('\n')
      .map(
        (line) =>
          `--- ${server} ${line}\n${tmux('capture-pane', '-p', '-t', line.split(' ')[0] ?? '').trimEnd()}\n`,
      )
      .join('')
  } catch {
    return ''
  }
}

/** Living processes that carry this lab's home in their environment. */
export function processesOf(home: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`HOME=${home}`)
      } catch {
        return false
      }
    })
    .map(Number)
}

/** SIGKILL; a process that ended meanwhile is no error. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!/ESRCH/.test(String(error))) throw error
  }
}

/** What was wrong besides that no server runs, or that it was about to end. */
function killServer(kill: () => string): unknown[] {
  try {
    kill()
    return []
  } catch (error) {
    return /no server running|error connecting|server exited|lost server/.test(String(error)) ? [] : [error]
  }
}

/** Whether a directory is gone; not yet where somebody wrote into it meanwhile. */
function removed(directory: string): boolean {
  try {
    rmSync(directory, { recursive: true, force: true })
    return true
  } catch (error) {
    if (/ENOTEMPTY|EBUSY/.test(String(error))) return false
    throw error
  }
}
