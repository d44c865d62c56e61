import { createInterface } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'
import { answerPrompt, permissionDeaf, questionRows, shortQuestion } from '../domain/approval.ts'
import { withoutBars } from '../text/bar.ts'
import { count } from '../text/plain-text.ts'
import { createStyle } from '../text/style.ts'
import { goesOn } from './editor/multiline.ts'
import { openStream, type TextStream } from './screen/answer-stream.ts'
import { callRows, runRows, trustRows } from './screen/call-rows.ts'
import type { Answer, Terminal, TerminalEvents, TerminalOptions, TypedLine } from './terminal.ts'

/** Lines that come so close to each other, in ms, are pasted: nobody types a whole one in that time. */
const pasteGap = 30

/**
 * A terminal that edits its lines itself (TERM=dumb): nothing but text is written to it. A line counts as typed when it
 * ends: an answer is one that ends after its question was shown, or some time after that where it is about leave. Lines
 * that come at once are a paste: one prompt, which an Enter sends that comes later.
 */
export function openPlainTerminal(
  stdin: ReadStream,
  stdout: WriteStream,
  events: TerminalEvents,
  { host }: TerminalOptions,
): Terminal {
  let reader: { prompt: string; take(line: TypedLine): void } | undefined
  let question: Question | undefined
  let stream: TextStream | undefined
  let ended = false
  let closed = false
  let fresh = true
  let begun = ''
  /** What was begun is a paste. */
  let pasted = false
  /** Lines that came at once, and when they are all there. */
  let burst: string[] = []
  let gathering: NodeJS.Timeout | undefined
  /** A line may have been begun for a question that was taken back: the terminal has it, and hands it out at its end. */
  let meantForAnother = false
  const ahead: string[][] = []
  const style = createStyle(false)

  const lines = createInterface({ input: stdin, terminal: false })
  lines.on('line', (text) => {
    if (question?.asked && !meantForAnother) answer({ type: 'line', text })
    else gather(text)
    meantForAnother = false
  })
  lines.on('close', () => {
    gathered()
    ended = true
    if (question) answer({ type: 'end' })
    next()
  })
  stdin.on('error', () => events.hangup())
  stdout.on('error', () => events.hangup())
  const deaf = host.onInterrupt(interrupt)

  return {
    read(prompt) {
      return new Promise((take) => {
        reader = { prompt, take }
        if (ahead.length === 0) write(fresh ? prompt : `\n${prompt}`)
        next()
      })
    },
    isIdle: () => reader !== undefined && !question && [begun, ...burst, ...ahead].join('') === '',
    rollUp: (line) => write(`\n${line}\n`),
    suspend() {
      if (!reader) return
      reader = undefined
      write('\n')
    },
    ask: (text, elsewhere) => pose(text, '', elsewhere),
    askPermission(asked, elsewhere) {
      const columns = width()
      const call = callRows(asked, columns, style)
      const words = questionRows(asked.trust, columns)
      const trust = words ? [] : trustRows(asked.trust, 0, columns, style)
      writeCall([...call, ...trust].map(({ text }) => text))
      const text = (words ?? [shortQuestion(columns)]).join('\n')
      return pose(text.slice(0, -answerPrompt.length), answerPrompt, elsewhere)
    },
    showCall(call) {
      beginLine()
      writeCall(runRows(call, width(), style))
    },
    async choose(text, choices) {
      for (const [index, { value, note = '' }] of choices.entries())
        write(`${index + 1}. ${value}${note && `  ${note}`}\n`)
      const line = await pose(text, '')
      if (line.type === 'withdrawn') return { type: 'interrupt' }
      const named = line.type === 'line' ? choices[Number(line.text.trim() || Number.NaN) - 1] : undefined
      return named ? { type: 'line', text: named.value } : line
    },
    cancel: () => answer({ type: 'interrupt' }),
    say(line) {
      beginLine()
      const below = question?.prompt ?? reader?.prompt
      write(below === undefined ? `${line}\n` : `\n${line}\n${below}`)
    },
    wait() {},
    stream(form) {
      const opened = openStream(write, form)
      stream = opened
      return {
        write: opened.write,
        end() {
          opened.end()
          if (stream === opened) stream = undefined
        },
      }
    },
    unseen() {},
    copy: () => false,
    async handOver(run) {
      lines.pause()
      try {
        return await run()
      } finally {
        fresh = true
        lines.resume()
      }
    },
    close() {
      if (closed) return
      closed = true
      stream?.flush()
      clearTimeout(gathering)
      deaf()
      lines.close()
      stdin.pause()
    },
  }

  /** `late`: what comes behind the text when an answer counts, because it does not at first. */
  function pose(text: string, late: string, elsewhere?: AbortSignal): Promise<Answer> {
    return new Promise((take) => {
      if (elsewhere?.aborted) return take({ type: 'withdrawn' })
      write(text)
      const asked = { prompt: text, asked: false, take }
      question = asked
      elsewhere?.addEventListener('abort', () => withdraw(asked), { once: true })
      void arm(asked, late)
      if (ended) answer({ type: 'end' })
    })
  }

  function gather(text: string): void {
    burst.push(text)
    clearTimeout(gathering)
    // What waits in the terminal is read first, however late the timer is.
    gathering = setTimeout(() => {
      const seen = burst.length
      setImmediate(() => setImmediate(() => void (burst.length === seen && gathered())))
    }, pasteGap)
  }

  function gathered(): void {
    clearTimeout(gathering)
    if (burst.length > 0) ahead.push(burst)
    burst = []
    next()
  }

  async function arm(asked: Question, late: string): Promise<void> {
    if (late !== '') {
      await new Promise<void>((resolve) => void stdout.write('', () => resolve()))
      await host.clock.sleep(permissionDeaf)
    }
    // What waits in the terminal was typed before: it is read in the next turn.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
    asked.asked = true
    if (question !== asked) return
    asked.prompt += late
    write(late)
  }

  /** Gives the reader the next whole line; one that goes on has no prompt of its own. */
  function next(): void {
    while (reader && !question) {
      const come = ahead.shift()
      if (come === undefined) {
        if (ended && !closed) finish({ type: 'end' })
        return
      }
      const whole = pasted ? endOfPaste(come) : lineIn(come)
      if (whole === undefined) continue
      begun = ''
      pasted = false
      return finish({ type: 'line', text: whole })
    }
  }

  /** The line that ends with what came; undefined: it goes on, or more came at once than a line. */
  function lineIn(come: readonly string[]): string | undefined {
    let text = begun
    for (const [index, line] of come.entries()) {
      text += line
      if (!goesOn(text)) {
        if (index === come.length - 1) return text
        begun += come.join('\n')
        hold()
        return undefined
      }
      text = `${text.endsWith('\\') ? text.slice(0, -1) : text}\n`
    }
    begun = text
    return undefined
  }

  /** A single line is what stood behind the paste when Enter came, perhaps nothing. */
  function endOfPaste(come: readonly string[]): string | undefined {
    begun += come.map((line) => `\n${line}`).join('')
    if (come.length === 1) return begun.replace(/\n$/, '')
    hold()
    return undefined
  }

  function hold(): void {
    pasted = true
    write(`(${count(begun.split('\n').length, 'line')} pasted; Enter sends them as one prompt)\n`)
  }

  function interrupt(): void {
    if (question) return answer({ type: 'interrupt' })
    if (!reader) return events.interrupt()
    if (begun === '') return finish({ type: 'interrupt' })
    begun = ''
    pasted = false
    write(`\n${reader.prompt}`)
  }

  function finish(line: TypedLine): void {
    const current = reader
    reader = undefined
    if (line.type !== 'line') write('\n')
    else fresh = true
    current?.take(line)
  }

  function withdraw(asked: typeof question): void {
    if (question !== asked) return
    meantForAnother = true
    write('\n')
    answer({ type: 'withdrawn' })
  }

  function answer(line: Answer): void {
    const current = question
    question = undefined
    fresh = true
    current?.take(line)
  }

  function beginLine(): void {
    stream?.flush()
    if (stream && !fresh && !question && !reader) write('\n')
  }

  function width(): number {
    return stdout.columns || 80
  }

  function write(text: string): void {
    put(withoutBars(text))
  }

  function writeCall(rows: readonly string[]): void {
    put(rows.map((row) => `${row}\n`).join(''))
  }

  function put(text: string): void {
    if (text === '') return
    stdout.write(text)
    fresh = text.endsWith('\n')
  }
}

interface Question {
  prompt: string
  /** A line that ends now is the answer. */
  asked: boolean
  take(answer: Answer): void
}
