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
 * What goes to the line editor in one go: up to the end of a line, because the next line may be for somebody else; up
 * to a Tab, because completing takes time; a Ctrl-D alone.
 */
const piece = /^(?:\u0004|[^\r\n\t\u0004]*(?:\r\n|[\r\n\t])?)/

/**
 * Stands between the terminal and the line editor. What is typed while nobody listens is kept for the next lines, and
 * never answers a question that was asked later.
 */
export function openKeyboard(stdin: ReadStream, handlers: KeyHandlers): Keyboard {
  const line = new PassThrough()
  let listener: Listener = 'nobody'
  let ahead = ''
  let feeding = false

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
      feed()
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
      ahead += data
      feed()
      return
    }
    const interrupted = data.lastIndexOf(interruptKey)
    if (interrupted === -1) ahead += data
    else {
      ahead = data.slice(interrupted + 1)
      handlers.interrupt()
    }
  }

  /** Gives the editor one piece, and the next one when it has dealt with it and still wants more. */
  function feed(): void {
    if (feeding || listener !== 'line' || ahead === '') return
    feeding = true
    const [next] = piece.exec(ahead) ?? [ahead]
    ahead = ahead.slice(next.length)
    if (next !== endKey || !handlers.end()) line.write(next)
    setImmediate(() => {
      if (line.isPaused()) line.once('resume', goOn)
      else goOn()
    })
  }

  function goOn(): void {
    feeding = false
    feed()
  }
}
