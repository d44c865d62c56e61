import { once } from 'node:events'
import { mkdtempSync, rmSync, writeSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import type { Clock } from '../../src/base/clock.ts'
import { openLineTerminal } from '../../src/terminal/line-terminal.ts'
import type { Terminal } from '../../src/terminal/terminal.ts'

/** What is typed or pasted before a question can be seen; each would say yes if it were taken for the answer. */
export const typedAhead = [
  'y\ry\ry\r',
  'y\r',
  '\ry\r',
  'yes\r',
  't\r',
  'half a line y',
  '\u001b[200~y\r\u001b[201~',
  '\u001b[200~y\u001b[201~\r',
  '\u001b[200~a\u001b[201~\ry\r\u001b[201~y\r',
  '\u001b[200~y\r'.concat('y\r'.repeat(3000), '\u001b[201~\r'),
  'y\n',
  '\u0015y\r',
  '\u001b[200~\u001b[201~y\ry\ry\ry\r',
]

/** A terminal in this process, whose keys come through a real socket: what is written is there before anybody reads it. */
export interface TypingLab {
  terminal: Terminal
  /** Puts keys where the terminal will read them. Throws when they did not all fit. */
  write(keys: string): void
  /** Whether the terminal has read all that was written. */
  allRead(): boolean
  output(): string
  forget(): void
  close(): void
}

export interface Typing {
  open(clock?: Clock): Promise<TypingLab>
  dispose(): void
}

/** Where time passes at once: whoever waits finds it gone before another key was read, as in a process that was busy. */
export function leapingClock(): Clock {
  let now = 0
  return {
    now: () => now,
    async sleep(ms) {
      now += ms
    },
  }
}

export function openTyping(): Typing {
  const home = mkdtempSync(join(tmpdir(), 'q-typing-'))
  const path = join(home, 's')
  const door = createServer().listen(path)
  const listening = once(door, 'listening')
  const opened = new Set<TypingLab>()
  return {
    async open(clock = leapingClock()) {
      await listening
      const accepted = new Promise<Socket>((resolve) => void door.once('connection', resolve))
      const typist = connect(path)
      await once(typist, 'connect')
      const { fd } = (typist as unknown as { _handle: { fd: number } })._handle
      let written = 0
      const stdin = Object.assign(await accepted, { isTTY: true, setRawMode() {} })
      let shown = ''
      const stdout = Object.assign(
        new Writable({
          write(chunk, _, done) {
            shown += String(chunk)
            done()
          },
        }),
        { isTTY: true, columns: 80, rows: 24 },
      )
      const terminal = openLineTerminal(
        stdin as unknown as ReadStream,
        stdout as unknown as WriteStream,
        { interrupt() {}, hangup() {}, complete: async () => [[], ''] },
        {
          env: { TERM: 'xterm', LANG: 'C.UTF-8', NO_COLOR: '1' },
          host: { clock, onExit() {}, onInterrupt: () => () => {}, jobs: undefined },
          historyFile: undefined,
        },
      )
      const lab: TypingLab = {
        terminal,
        write(keys) {
          written += Buffer.byteLength(keys)
          if (writeSync(fd, keys) !== Buffer.byteLength(keys)) throw new Error('Expected all keys to fit')
        },
        allRead: () => stdin.bytesRead === written,
        output: () => shown,
        forget() {
          shown = ''
        },
        close() {
          opened.delete(lab)
          terminal.close()
          typist.destroy()
          stdin.destroy()
        },
      }
      opened.add(lab)
      return lab
    },
    dispose() {
      for (const lab of opened) lab.close()
      door.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Some rounds of the event loop. */
export async function turns(number: number): Promise<void> {
  for (let turn = 0; turn < number; turn++) await new Promise((resolve) => setImmediate(resolve))
}
