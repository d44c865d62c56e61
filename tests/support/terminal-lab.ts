import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { screensOf } from './lab.ts'
import { until, witnesses } from './until.ts'

const child = fileURLToPath(new URL('./terminal-child.ts', import.meta.url))

/** What the terminal's process can be told to do: see terminal-child.ts. */
export interface Controls {
  /** Begins an action; resolves with its result. */
  act<T = unknown>(action: string, words?: string): Promise<T>
  events: string[]
  closed(): boolean
}

/** A directory and a tmux server of a test's own. */
export interface TerminalLab {
  home: string
  env: NodeJS.ProcessEnv
  tmux(...words: string[]): string
  /** The terminal's process in a tmux pane. */
  pane(options?: PaneOptions): Promise<Pane>
  /** The same in a pty whose bytes are written and read directly. */
  pty(): Promise<Pty>
  dispose(): Promise<void>
}

export interface PaneOptions {
  columns?: number
  rows?: number
  env?: Record<string, string>
  history?: string
  jobs?: boolean
  /** A shell command in place of the process itself; `$CHILD` is its command line. */
  shell?: string
}

export interface Pane extends Controls {
  type(text: string): void
  keys(...keys: string[]): void
  /** Raw bytes. */
  bytes(text: string | Buffer): void
  paste(text: string, bracketed?: boolean): void
  screen(): string
  cursor(): string
  resize(columns: number, rows: number): void
}

export interface Pty extends Controls {
  write(bytes: string): void
  end(): void
  output(): string
}

let count = 0

export function openTerminalLab(): TerminalLab {
  const home = mkdtempSync(join(tmpdir(), 'q-term-'))
  const server = `qterm-${process.pid}-${count++}`
  const env: NodeJS.ProcessEnv = {
    HOME: home,
    PATH: process.env.PATH,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    SHELL: '/bin/sh',
    TMPDIR: home,
  }
  const children: ChildProcess[] = []
  const closers: (() => void)[] = []
  const tmux = (...words: string[]): string =>
    execFileSync('tmux', ['-u', '-L', server, '-f', '/dev/null', ...words], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).replace(/\n$/, '')

  const screens = (): string => screensOf(server, tmux)
  witnesses.add(screens)

  return {
    home,
    env,
    tmux,
    async pane({
      columns = 60,
      rows = 20,
      env: more = {},
      history = '',
      jobs = false,
      shell = 'exec $CHILD',
    } = {}) {
      const path = join(home, `s${count++}`)
      const controls = listen(path)
      const name = `p${count++}`
      const command = `${process.execPath} ${child} ${path} ${history || '-'} ${jobs ? 'jobs' : ''}`
      const set = Object.entries({ ...more, CHILD: command }).map(([key, value]) => `${key}='${value}'`)
      tmux(
        'new-session',
        '-d',
        '-s',
        name,
        '-c',
        home,
        '-x',
        String(columns),
        '-y',
        String(rows),
        `export ${set.join(' ')}; ${shell}`,
      )
      tmux('set-option', '-t', name, 'status', 'off')
      tmux('resize-window', '-t', name, '-x', String(columns), '-y', String(rows))
      const target = `=${name}:`
      const opened = await controls
      return {
        ...opened,
        type: (text) => void tmux('send-keys', '-t', target, '-l', '--', text),
        keys: (...keys) => void tmux('send-keys', '-t', target, ...keys),
        bytes: (text) => {
          const hex = Buffer.from(text).toString('hex').match(/../g) ?? []
          tmux('send-keys', '-t', target, '-H', ...hex)
        },
        paste(text, bracketed = true) {
          execFileSync('tmux', ['-u', '-L', server, 'load-buffer', '-'], { env, input: text })
          tmux('paste-buffer', ...(bracketed ? ['-p'] : []), '-t', target)
        },
        screen: () => tmux('capture-pane', '-p', '-t', target).trimEnd(),
        cursor: () => tmux('display-message', '-p', '-t', target, '#{cursor_x},#{cursor_y}'),
        resize: (width, height) =>
          void tmux('resize-window', '-t', name, '-x', String(width), '-y', String(height)),
      }
    },
    async pty() {
      const path = join(home, `s${count++}`)
      const controls = listen(path)
      const process_ = spawn('script', ['-qfc', `${process.execPath} ${child} ${path}`, '/dev/null'], { env })
      children.push(process_)
      let output = ''
      process_.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
      process_.stdin.on('error', () => {})
      const opened = await controls
      return {
        ...opened,
        write: (bytes) => void process_.stdin.write(bytes),
        end: () => void process_.kill('SIGTERM'),
        output: () => output,
      }
    },
    async dispose() {
      witnesses.delete(screens)
      for (const close of closers) close()
      for (const process_ of children) process_.kill('SIGTERM')
      try {
        tmux('kill-server')
      } catch (error) {
        if (!/no server running|error connecting/.test(String(error))) throw error
      }
      await until(() =>
        children.every((process_) => process_.exitCode !== null || process_.signalCode !== null),
      )
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  }

  function listen(path: string): Promise<Controls> {
    return new Promise((resolve) => {
      const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
      const events: string[] = []
      let next = 0
      const door = createServer((socket: Socket) => {
        let closed = false
        socket.on('error', () => {})
        socket.on('close', () => {
          closed = true
        })
        createInterface({ input: socket }).on('line', (line) => {
          const message = JSON.parse(line)
          if (message.event === undefined) {
            const found = waiting.get(message.id)
            if (message.error === undefined) found?.resolve(message.result as never)
            else found?.reject(new Error(message.error))
            return
          }
          events.push(message.event)
          if (message.event !== 'ready') return
          resolve({
            events,
            closed: () => closed,
            act: (action, words = '') =>
              new Promise((done, reject) => {
                const id = next++
                waiting.set(id, { resolve: done, reject })
                socket.write(`${JSON.stringify({ id, action, words })}\n`)
              }),
          })
        })
        closers.push(() => socket.destroy())
      })
      door.listen(path)
      closers.push(() => door.close())
    })
  }
}
