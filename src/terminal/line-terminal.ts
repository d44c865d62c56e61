import type { ReadStream, WriteStream } from 'node:tty'
import { openStream, type TextStream } from './answer-stream.ts'
import { createAwaiting } from './awaiting.ts'
import { type Choice, type Choosing, chosen, moved, withChoices } from './choice.ts'
import { completion } from './completion.ts'
import { reduce } from './editor.ts'
import { type Editor, emptied, emptyEditor } from './editor-state.ts'
import { insertText } from './edits.ts'
import { keptLines } from './kept-lines.ts'
import { openKeyboard } from './keyboard.ts'
import type { Key } from './keys.ts'
import { layout } from './layout.ts'
import { openScreen } from './screen.ts'
import { searchPrompt } from './search.ts'
import type { Answer, Line, Terminal, TerminalEvents, TerminalOptions } from './terminal.ts'
import { textOf } from './units.ts'

/** Who gets the keys. A question has a line of its own, and the half-typed one waits. */
interface Reader {
  kind: 'line' | 'question'
  prompt: string
  editor: Editor
  /** Keys count only from now on: those before were typed for somebody else. */
  armed: boolean
  /** Waits for what may complete the line; keys wait with it. */
  completing: boolean
  /** The answers to pick from, of a question that has some. */
  choosing?: Choosing | undefined
  resolve(line: Line): void
}

/** Somebody who types when a question comes up must pause so long, in ms, before keys answer it. */
const pauseBeforeAnswer = 250
/** Who was about to answer a question that is taken back may not have seen it yet, for so long, in ms. */
const pauseAfterWithdrawal = 1000
/** A window that is being resized is drawn when it rests. */
const resizeRest = 50
/** Completions that take longer are forgotten. */
const completionPatience = 1000

/** A terminal with our own line editor. */
export function openLineTerminal(
  stdin: ReadStream,
  stdout: WriteStream,
  events: TerminalEvents,
  { env, host, historyFile }: TerminalOptions,
): Terminal {
  const screen = openScreen(stdout, Boolean(env.TMUX))
  const history = keptLines(historyFile, (text) => screen.print(text))
  const keyboard = openKeyboard(stdin, { keys: typed, hangup: events.hangup })
  const awaiting = createAwaiting(screen, /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ''))
  const spins = !env.NO_COLOR
  let draft: Editor = emptyEditor
  let reader: Reader | undefined
  let waiting: Reader | undefined
  let ahead: Key[] = []
  /** Until then, what is typed was meant for what stood there before. */
  let calmAt = Number.NEGATIVE_INFINITY
  let withdrawnUntil = Number.NEGATIVE_INFINITY
  let stream: TextStream | undefined
  let resizing: NodeJS.Timeout | undefined
  /** Since the last line that was sent, something with an `@` in it was pasted. */
  let pasted = false
  let given = false
  let stopped = false
  let closed = false

  stdout.on('error', events.hangup)
  stdout.on('resize', resized)
  host.onExit(close)
  host.jobs?.onContinue(backAgain)
  screen.begin()
  keyboard.take()

  return {
    read(prompt) {
      return new Promise((resolve) => {
        settle()
        reader = { kind: 'line', prompt, editor: draft, armed: true, completing: false, resolve }
        takeAhead()
        show()
      })
    },
    suspend() {
      if (reader?.kind !== 'line') return
      draft = reader.editor
      reader = undefined
      screen.hide()
    },
    ask: (question, elsewhere) => pose(question, undefined, elsewhere),
    async choose(question, choices) {
      const answer = await pose(question, choices)
      return answer.type === 'withdrawn' ? { type: 'interrupt' } : answer
    },
    cancel() {
      if (reader?.kind === 'question') finish(reader, { type: 'interrupt' })
    },
    say(line) {
      stream?.flush()
      if (awaiting.isShown()) screen.hide()
      else if (stream) screen.freshLine()
      screen.print(`${line}\n`)
    },
    wait(label) {
      if (!spins || reader || given || closed) return
      awaiting.begin(label)
    },
    stream(form) {
      const opened = openStream((text) => {
        awaiting.end()
        screen.print(text)
      }, form)
      stream = opened
      return {
        write: opened.write,
        end() {
          opened.end()
          awaiting.end()
          if (stream === opened) stream = undefined
        },
      }
    },
    copy(text) {
      screen.tell(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`)
      return true
    },
    async handOver(run) {
      settle()
      const shown = reader
      keyboard.release()
      screen.give()
      given = true
      // Ctrl-C is for the other program, and the terminal sends it to us as well.
      const deaf = host.onInterrupt(() => {})
      try {
        return await run()
      } finally {
        deaf()
        given = false
        if (!closed) {
          keyboard.take()
          screen.takeBack()
          if (reader === shown) show()
        }
      }
    },
    close,
  }

  /** The Enter that was to answer a question which was taken back sends nothing. */
  function typed(keys: readonly Key[]): void {
    receive(performance.now() < withdrawnUntil ? keys.map(unsent) : keys)
  }

  function pose(question: string, choices?: readonly Choice[], elsewhere?: AbortSignal): Promise<Answer> {
    return new Promise((resolve) => {
      if (elsewhere?.aborted) return resolve({ type: 'withdrawn' })
      settle()
      const lines = question.split('\n')
      const prompt = lines.pop() ?? ''
      if (lines.length > 0) screen.print(`${lines.join('\n')}\n`)
      waiting = reader
      const asked: Reader = {
        kind: 'question',
        prompt,
        editor: emptyEditor,
        armed: false,
        completing: false,
        choosing: choices && { choices, at: 0 },
        resolve,
      }
      reader = asked
      elsewhere?.addEventListener('abort', () => withdraw(asked, () => resolve({ type: 'withdrawn' })), {
        once: true,
      })
      show()
      void arm(asked)
    })
  }

  function receive(keys: readonly Key[]): void {
    for (const [index, key] of keys.entries()) {
      const current = reader
      if (current?.completing && !isPress(key, 'C-c')) {
        ahead.push(...keys.slice(index))
        return
      }
      if (current?.armed) apply(current, key)
      else keep(key)
    }
    show()
  }

  /** Typed while nobody reads: the next line has it. Ctrl-C works at once. */
  function keep(key: Key): void {
    if (isPress(key, 'C-z')) return suspendProcess()
    if (!isPress(key, 'C-c')) {
      ahead.push(key)
      calmAt = Math.max(calmAt, performance.now() + pauseBeforeAnswer)
      return
    }
    unsend()
    if (reader) return finish(reader, { type: 'interrupt' })
    events.interrupt()
  }

  /** What goes on is stopped and nothing typed ahead is lost, but it is not sent unseen either. */
  function unsend(): void {
    ahead = ahead.map(unsent)
  }

  function takeAhead(): void {
    const keys = ahead
    ahead = []
    receive(keys)
  }

  function apply(current: Reader, key: Key): void {
    const before = current.editor
    if (current.choosing && pick(current, current.choosing, key)) return
    const { editor, effect } = reduce(before, key, current.kind === 'line' ? history.entries : () => [])
    current.editor = editor
    if (current.kind === 'line' && key.type === 'paste' && key.text.includes('@')) pasted = true
    if (current.choosing && textOf(editor.units) !== textOf(before.units))
      current.choosing = { ...current.choosing, at: 0 }
    switch (effect) {
      case 'submit':
        return submit(current)
      case 'interrupt':
        return interrupt(current)
      case 'end':
        return finish(current, { type: 'end' })
      case 'clear':
        return screen.clear()
      case 'suspend':
        return suspendProcess()
      case 'complete':
        if (current.kind === 'line') void complete(current, before.last === 'complete')
    }
  }

  /** Whether the key was for the answers below the question. */
  function pick(current: Reader, choosing: Choosing, key: Key): boolean {
    if (isPress(key, 'Escape')) {
      finish(current, { type: 'interrupt' })
      return true
    }
    const next = moved(choosing, textOf(current.editor.units), key)
    if (next) current.choosing = next
    return next !== undefined
  }

  function submit(current: Reader): void {
    if (current.choosing) {
      const value = chosen(current.choosing, textOf(current.editor.units))
      current.editor = insertText(emptyEditor, value)
    }
    const text = textOf(current.editor.units)
    if (current.kind === 'question') return finish(current, { type: 'line', text })
    history.add(text)
    const line: Line = pasted ? { type: 'line', text, pasted } : { type: 'line', text }
    pasted = false
    finish(current, line)
  }

  function interrupt(current: Reader): void {
    if (current.kind === 'question') unsend()
    if (current.kind === 'question' || current.editor.units.length === 0)
      return finish(current, { type: 'interrupt' })
    // As in a shell: the line is left on the screen and a fresh one begins; Ctrl-Y brings it back.
    leave(current, '^C')
    current.completing = false
    ahead = []
    current.editor = { ...emptied(current.editor), killed: current.editor.units }
  }

  function finish(current: Reader, line: Line): void {
    conclude(current)
    current.resolve(line)
    show()
  }

  function conclude(current: Reader): void {
    leave(current)
    if (current.kind === 'line') draft = emptied(current.editor)
    reader = current.kind === 'question' ? waiting : undefined
    waiting = undefined
  }

  /** What was typed is for the next line. */
  function withdraw(asked: Reader, withdrawn: () => void): void {
    if (reader !== asked) return
    const text = textOf(asked.editor.units)
    if (text !== '') ahead.push({ type: 'paste', text })
    withdrawnUntil = performance.now() + pauseAfterWithdrawal
    calmAt = Math.max(calmAt, withdrawnUntil)
    asked.editor = emptyEditor
    conclude(asked)
    withdrawn()
    show()
  }

  function leave({ prompt, editor }: Reader, ending?: string): void {
    const { columns } = screen.size()
    const whole = layout(prompt, editor.units, editor.units.length, {
      columns,
      height: Number.MAX_SAFE_INTEGER,
    })
    if (!given) screen.leave(whole, ending)
  }

  /** The question is on the screen: what was typed until now is read first, and a person who types on must pause. */
  async function arm(asked: Reader): Promise<void> {
    for (;;) {
      await keyboard.drained()
      const pause = calmAt - performance.now()
      if (pause <= 0) break
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
    asked.armed = true
  }

  async function complete(current: Reader, again: boolean): Promise<void> {
    const { editor } = current
    const line = textOf(editor.units.slice(0, editor.at))
    current.completing = true
    const found = await within(events.complete(line), completionPatience)
    if (!current.completing) return
    current.completing = false
    if (found && reader === current) {
      const { text, list } = completion(line, found, current.editor, screen.size().columns)
      current.editor = text
      if (again) for (const row of list) screen.print(`${row}\n`)
    }
    if (reader === current) takeAhead()
  }

  function show(): void {
    if (!reader || given || closed) return
    const { prompt, editor, choosing } = reader
    const words = editor.search ? searchPrompt(editor.search) : prompt
    const frame = layout(words, editor.units, editor.at, screen.size())
    screen.show(choosing ? withChoices(frame, choosing, textOf(editor.units)) : frame)
  }

  function resized(): void {
    clearTimeout(resizing)
    resizing = setTimeout(show, resizeRest)
  }

  /** Before the prompt or a question comes up: what waits is shown, and nothing spins. */
  function settle(): void {
    stream?.flush()
    awaiting.end()
  }

  function suspendProcess(): void {
    if (!host.jobs || given) return
    awaiting.end()
    keyboard.release()
    screen.give()
    stopped = true
    host.jobs.stop()
    // Runs when the process goes on, or at once where nobody could let it go on.
    setTimeout(() => {
      if (stopped) backAgain()
    }, 20)
  }

  function backAgain(): void {
    if (given || closed) return
    stopped = false
    keyboard.release()
    keyboard.take()
    screen.takeBack()
    show()
  }

  function close(): void {
    if (closed) return
    settle()
    closed = true
    clearTimeout(resizing)
    stdout.off('resize', resized)
    if (given) return
    keyboard.release()
    screen.end()
  }
}

function unsent(key: Key): Key {
  return isPress(key, 'Enter') ? { type: 'press', name: 'C-j' } : key
}

function isPress(key: Key, name: string): boolean {
  return key.type === 'press' && key.name === name
}

/** undefined when it fails or takes too long. */
function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms)
    promise.then(resolve, () => resolve(undefined)).finally(() => clearTimeout(timer))
  })
}
