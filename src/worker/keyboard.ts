import { PassThrough } from 'node:stream'
import type { ReadStream } from 'node:tty'

/** Who gets what is typed: the line editor, a question that was just asked, or nobody yet (an answer streams). */
export type Listener = 'line' | 'question' | 'nobody'

export interface Keyboard {
  /** What the line editor reads. */
  line: PassThrough
  listen(listener: Listener): void
  close(): void
}

export interface KeyHandlers {
  /** Ctrl-C while nobody listens. */
  interrupt(): void
  /** A key for the question that was asked. */
  key(text: string): void
  /** Ctrl-D: true when it means the end and is not for the line editor. */
  end(): boolean
  /** The terminal is gone. */
  hangup(): void
}

const interruptKey = '\u0003'
const endKey = '\u0004'

/**
 * Stands between the terminal and the line editor. What is typed while nobody listens is kept for the next line, and
 * never answers a question that was asked later.
 */
export function openKeyboard(stdin: ReadStream, handlers: KeyHandlers): Keyboard {
  const line = new PassThrough()
  let listener: Listener = 'nobody'
  let ahead = ''

  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.on('data', (data: string) => receive(String(data)))
  stdin.on('end', () => handlers.hangup())
  stdin.on('error', () => handlers.hangup())
  // A picker or a question that was there before left it paused.
  stdin.resume()

  return {
    line,
    listen(next) {
      listener = next
      if (next !== 'line' || ahead === '') return
      const typed = ahead
      ahead = ''
      line.write(typed)
    },
    close() {
      stdin.setRawMode(false)
      stdin.pause()
      line.end()
    },
  }

  function receive(data: string): void {
    if (listener === 'question') return handlers.key(data)
    if (listener === 'line') {
      if (data === endKey && handlers.end()) return
      line.write(data)
      return
    }
    const interrupted = data.lastIndexOf(interruptKey)
    if (interrupted === -1) ahead += data
    else {
      ahead = data.slice(interrupted + 1)
      handlers.interrupt()
    }
  }
}
