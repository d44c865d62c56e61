import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'
import { sanitize, sanitizer } from '../domain/sanitizer.ts'
import { openKeyboard } from './keyboard.ts'

/** What a person did at the prompt. */
export type Line = { type: 'line'; text: string } | { type: 'interrupt' } | { type: 'end' }

/** The terminal of one worker: one line at a time goes in, text comes out. */
export interface Terminal {
  /** Shows the prompt and reads a line; a text that `suspend` left behind is still there. */
  read(prompt: string): Promise<Line>
  /** Takes the prompt and what is typed so far off the screen, until the next `read`. */
  suspend(): void
  /** Asks, and resolves with the line typed after the question; empty on Ctrl-C. */
  ask(question: string): Promise<string>
  /** Gives up on a question that waits for its answer, as Ctrl-C does. */
  cancel(): void
  /** Our own words, styles allowed; a whole line, above the prompt when one is shown. */
  say(line: string): void
  /** Begins an untrusted text; what is written to it appears in batches. */
  stream(): { write(text: string): void; end(): void }
  close(): void
}

export interface TerminalEvents {
  interrupt(): void
  hangup(): void
  complete(line: string): Promise<[string[], string]>
}

/** Ten windows at 200 tokens a second: one write a batch halves what tmux does with one write a token. */
const batchEvery = 33

export function openTerminal(stdin: ReadStream, stdout: WriteStream, events: TerminalEvents): Terminal {
  let reading: { resolve(line: Line): void } | undefined
  let question: { typed: string; resolve(answer: string): void } | undefined
  let flush: (() => void) | undefined
  let closed = false

  const keyboard = openKeyboard(stdin, {
    interrupt: events.interrupt,
    hangup: events.hangup,
    key: answerQuestion,
    end: () => {
      if (!reading || editor.line !== '') return false
      finish({ type: 'end' })
      return true
    },
  })
  const editor = createInterface({
    input: keyboard.line,
    output: stdout,
    terminal: true,
    historySize: 500,
    removeHistoryDuplicates: true,
    escapeCodeTimeout: 50,
    completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
      void events.complete(line).then((result) => done(null, result))
    },
  })
  editor.on('line', (text) => finish({ type: 'line', text }))
  editor.on('SIGINT', () => {
    if (editor.line !== '') {
      // As in a shell: the line is left on the screen and a fresh one begins.
      stdout.write('^C\r\n')
      clearLine(editor)
      editor.prompt()
    } else finish({ type: 'interrupt' })
  })
  stdout.on('error', () => events.hangup())

  return {
    read(prompt) {
      return new Promise((resolve) => {
        reading = { resolve }
        editor.setPrompt(prompt)
        editor.prompt(true)
        keyboard.listen('line')
      })
    },
    suspend() {
      if (!reading) return
      reading = undefined
      keyboard.listen('nobody')
      erase()
    },
    ask(text) {
      return new Promise((resolve) => {
        stdout.write(text)
        question = { typed: '', resolve }
        keyboard.listen('question')
      })
    },
    cancel: () => answerQuestion('\u0003'),
    say(line) {
      flush?.()
      if (!reading) {
        write(`${line}\n`)
        return
      }
      erase()
      write(`${line}\n`)
      editor.prompt(true)
    },
    stream() {
      const clean = sanitizer()
      let pending = ''
      let timer: NodeJS.Timeout | undefined
      flush = () => {
        clearTimeout(timer)
        timer = undefined
        write(pending)
        pending = ''
      }
      return {
        write(text) {
          pending += clean(text)
          timer ??= setTimeout(() => flush?.(), batchEvery)
        },
        end() {
          flush?.()
          flush = undefined
        },
      }
    },
    close() {
      if (closed) return
      closed = true
      editor.close()
      keyboard.close()
    },
  }

  function finish(line: Line): void {
    const current = reading
    if (!current) return
    reading = undefined
    keyboard.listen('nobody')
    if (line.type !== 'line') write('\n')
    current.resolve(line)
  }

  function answerQuestion(text: string): void {
    if (!question) return
    for (const letter of text) {
      const code = letter.codePointAt(0) ?? 0
      if (letter === '\r' || letter === '\n' || code === 3 || code === 4) {
        const { typed, resolve } = question
        question = undefined
        keyboard.listen('nobody')
        write('\n')
        resolve(code === 3 || code === 4 ? '' : typed)
        return
      }
      if (code === 127 || code === 8) {
        if (question.typed !== '') write('\b \b')
        question.typed = question.typed.slice(0, -1)
      } else if (code >= 32) {
        question.typed += letter
        write(sanitize(letter))
      }
    }
  }

  function erase(): void {
    const { rows } = editor.getCursorPos()
    moveCursor(stdout, 0, -rows)
    cursorTo(stdout, 0)
    clearScreenDown(stdout)
    forgetRows(editor)
  }

  function write(text: string): void {
    if (text !== '') stdout.write(text)
  }
}

/** The editor remembers on which of its rows the cursor was; after the screen was cleared, it is the first. */
function forgetRows(editor: Interface): void {
  Object.assign(editor, { prevRows: 0 })
}

function clearLine(editor: Interface): void {
  Object.assign(editor, { line: '', cursor: 0 })
  forgetRows(editor)
}
