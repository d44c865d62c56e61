import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import { errorCode, UserError } from '../base/errors.ts'
import { unaliased } from './tmux-quote.ts'

/** One tmux command as words, `['select-window', '-t', '@3']`. */
export type Command = readonly string[]

/** A way to have tmux run commands: by a process each time (`door.ts`), or over one connection (`control.ts`). */
export interface Tmux {
  /**
   * Runs commands in order, as one command line, and returns what they print.
   * @throws TmuxError when one of them fails; the rest is then not run
   */
  run(...commands: Command[]): Promise<string>
}

/** The only place from which a tmux process is started. */
export interface TmuxDoor extends Tmux {
  /** As `run`, for one command that reads `input` (`load-buffer -`). */
  feed(input: string, command: Command): Promise<string>
  /**
   * Gives the terminal to `tmux attach`; resolves when the user detaches or the session ends. `child` gets the process, and
   * what it returns is called at the end.
   * @throws UserError where tmux cannot use the terminal
   */
  attach(target: string, child: (pid: number) => () => void): Promise<void>
  /** A control-mode client on a session, its pipes ours (facts: 0.1 ms a command where a process takes 5–10). */
  control(target: string): ChildProcessWithoutNullStreams
}

export class TmuxError extends Error {
  override readonly name = 'TmuxError'
  readonly command: string
  /** tmux's own words. */
  readonly reason: string
  /** What was printed before. */
  readonly output: string

  constructor(command: string, reason: string, output = '') {
    super(`tmux ${command}: ${reason}`)
    this.command = command
    this.reason = reason
    this.output = output
  }

  /** No server listens, or it went away meanwhile. */
  get noServer(): boolean {
    return /no server running|error connecting|server exited|lost server|No such file or directory\)/.test(
      this.reason,
    )
  }

  /** What was named is not there, or went away meanwhile. */
  get notThere(): boolean {
    return /can't find|no such (window|pane|session|client)|no current (target|session|client)/.test(
      this.reason,
    )
  }
}

/** `socket`: a name for tmux's `-L`, or a path for `-S`; undefined: the server of $TMUX, or the default one. */
export function tmuxDoor(socket: string | undefined, env: NodeJS.ProcessEnv): TmuxDoor {
  const server = serverArguments(socket, env)
  // Whether we are inside the server is known by then; tmux itself would also take a dead pane's old terminal for ours.
  const { TMUX: _tmux, TMUX_PANE: _pane, ...outside } = env
  return {
    run: (...commands) => execute(commands),
    feed: (input, command) => execute([command], input),
    async attach(target, child) {
      const { execa } = await import('execa')
      const attached = execa('tmux', [...server, ...unaliased(['attach-session', '-t', target])], {
        env: outside,
        extendEnv: false,
        reject: false,
        stdin: 'inherit',
        stdout: 'inherit',
        stderr: 'pipe',
      })
      const ended = attached.pid === undefined ? () => {} : child(attached.pid)
      const result = await attached.finally(ended)
      if (result.code === 'ENOENT') throw missing()
      if (/terminal failed|unsuitable terminal|terminal does not/.test(String(result.stderr)))
        throw unusable(env.TERM, String(result.stderr))
      if (result.exitCode !== 0)
        throw new TmuxError('attach-session', String(result.stderr || result.shortMessage))
    },
    control(target) {
      const attach = unaliased(['attach-session', '-t', target, '-f', 'ignore-size,no-output'])
      return spawn('tmux', [...server, '-C', ...attach], { env: outside, stdio: 'pipe' })
    },
  }

  // Not execa here: workers run this, and it would cost each of them 34 ms and some MB.
  function execute(commands: readonly Command[], input?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const words = [...commands, allDone].flatMap((command, index) => [
        ...(index > 0 ? [';'] : []),
        ...unaliased(command).map(protect),
      ])
      const child = execFile(
        'tmux',
        [...server, ...words],
        { env, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          if (errorCode(error) === 'ENOENT') return reject(missing())
          const { done, output } = withoutFence(stdout)
          // What failed then is a hook of the user's: tmux ends with its error, and has run all of ours.
          if (done && !wrongFile.test(stderr + output)) return resolve(output)
          // `-S` in an unwritable directory ends with 0 and says so on stderr only.
          if (error || (stderr !== '' && output === '')) {
            if (/\(File name too long\)/.test(stderr)) return reject(tooLong(socket, stderr))
            const reason = stderr.trim() || output.trim() || error?.message || 'failed'
            return reject(new TmuxError(commands.map((command) => command[0]).join(' ; '), reason, output))
          }
          resolve(output)
        },
      )
      if (input === undefined) return
      // tmux that ends without reading says why by itself.
      child.stdin?.on('error', () => {})
      child.stdin?.end(input)
    })
  }
}

/** The last of a command line: tmux leaves it out when one before it failed. */
const fence = '%q-mux-done%'
const allDone: Command = ['display-message', '-p', fence]

/** tmux's complaint about a line of a file that it was to source. */
const wrongFile = /^\S+\.conf:\d+: /m

function withoutFence(stdout: string): { done: boolean; output: string } {
  const lines = stdout.replace(/\n$/, '').split('\n')
  const at = lines.lastIndexOf(fence)
  if (at !== -1) lines.splice(at, 1)
  return { done: at !== -1, output: lines.join('\n') }
}

/** tmux splits a command line at an argument that ends in `;`. */
function protect(word: string): string {
  return word.endsWith(';') ? `${word.slice(0, -1)}\\;` : word
}

/** Always `-u`: without a UTF-8 locale, as over SSH, tmux replaces what it prints by `_`. */
function serverArguments(socket: string | undefined, env: NodeJS.ProcessEnv): string[] {
  if (socket !== undefined) return ['-u', socket.includes('/') ? '-S' : '-L', socket]
  const path = env.TMUX?.split(',')[0]
  return path ? ['-u', '-S', path] : ['-u']
}

function unusable(term: string | undefined, words: string): UserError {
  const reason = words.trim().split('\n').at(-1)?.replace('open terminal failed: ', '')
  return new UserError(`tmux cannot use this terminal, TERM=${term ?? ''}: ${reason}`, {
    hint: 'say what it is: TERM=xterm-256color q mux, or start without it: q mux --detach',
  })
}

function tooLong(socket: string | undefined, words: string): UserError {
  return new UserError(`the path of the tmux socket is too long: ${words.trim()}`, {
    hint:
      socket === undefined
        ? 'a socket may have 103 bytes (107 on Linux): set TMUX_TMPDIR to a directory with a shorter path'
        : 'a socket may have 103 bytes (107 on Linux): choose a shorter --socket, or set TMUX_TMPDIR to a directory with a shorter path',
  })
}

/** Nothing can be said of what runs in tmux. */
export class NoTmux extends UserError {}

function missing(): UserError {
  return new NoTmux('tmux is not installed, or not on PATH', {
    hint: 'install tmux 3.2 or newer (apt install tmux, brew install tmux), or use one session without it: q chat',
  })
}
