import type { ReadStream, WriteStream } from 'node:tty'
import { defaultLineKeys } from '../domain/line-commands.ts'
import { createStyle, wantsColour } from '../text/style.ts'
import { keptLines } from './editor/kept-lines.ts'
import { defaultBindings, type KeyBindings, keyBindings } from './editor/line-bindings.ts'
import { openKeyboard } from './keys/keyboard.ts'
import { createReaders } from './readers.ts'
import { openStream, type TextStream } from './screen/answer-stream.ts'
import { createAwaiting } from './screen/awaiting.ts'
import { runRows } from './screen/call-rows.ts'
import { openScreen, type Screen } from './screen/screen.ts'
import { createUnseen, type Unseen } from './screen/unseen.ts'
import type { Terminal, TerminalEvents, TerminalOptions } from './terminal.ts'

/** A window that is being resized is drawn when it rests, after so many ms. */
const resizeRest = 50

/** A terminal with our own line editor. */
export function openLineTerminal(
  stdin: ReadStream,
  stdout: WriteStream,
  events: TerminalEvents,
  { env, host, historyFile, lineKeys }: TerminalOptions,
): Terminal {
  // tmux alone breaks lines just as we count them.
  const unseen = env.TMUX ? createUnseen() : undefined
  const bare = openScreen(stdout, Boolean(env.TMUX))
  const screen = unseen ? noting(bare, unseen) : bare
  const history = keptLines(historyFile, (text) => screen.print(text))
  const keyboard = openKeyboard(stdin, { keys: (keys) => readers.typed(keys), hangup: events.hangup })
  const awaiting = createAwaiting(screen, /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ''))
  const spins = !env.NO_COLOR
  const style = createStyle(wantsColour(stdout, env))
  let stream: TextStream | undefined
  let bound = { keys: defaultLineKeys, bindings: defaultBindings }
  let resizing: NodeJS.Timeout | undefined
  let laidOutFor = screen.size().columns
  let given = false
  let stopped = false
  let closed = false
  const readers = createReaders({
    screen,
    history,
    events,
    drained: keyboard.drained,
    settle,
    suspendProcess,
    given: () => given,
    closed: () => closed,
    clock: host.clock,
    style,
    bindings,
  })

  stdout.on('error', events.hangup)
  stdout.on('resize', resized)
  host.onExit(close)
  host.jobs?.onContinue(backAgain)
  screen.begin()
  keyboard.take()

  return {
    read: readers.read,
    isIdle: () => readers.isIdle() && !stream && !given && !stopped && !closed,
    rollUp(line) {
      settle()
      if (!given && !closed) screen.rollUp(line)
    },
    suspend: readers.suspend,
    askPermission: readers.askPermission,
    ask: (question, elsewhere) => readers.ask(question, undefined, elsewhere),
    async choose(question, choices) {
      const answer = await readers.ask(question, choices)
      return answer.type === 'withdrawn' ? { type: 'interrupt' } : answer
    },
    cancel: readers.cancel,
    say(line) {
      beginLine()
      screen.print(`${line}\n`)
    },
    showCall(call) {
      beginLine()
      screen.printCall(runRows(call, screen.size().columns, style))
    },
    wait(label) {
      if (!spins || readers.current() || given || closed) return
      awaiting.begin(label)
    },
    stream(form) {
      const noted = unseen?.stream(form)
      const opened = openStream((text) => {
        awaiting.end()
        noted?.printed(text)
        bare.print(text)
      }, form)
      stream = opened
      return {
        write(text) {
          noted?.write(text)
          opened.write(text)
        },
        end() {
          opened.end()
          awaiting.end()
          if (stream === opened) stream = undefined
        },
      }
    },
    unseen: () => unseen?.mark(),
    copy(text) {
      screen.tell(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`)
      return true
    },
    async handOver(run) {
      settle()
      const shown = readers.current()
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
          if (readers.current() === shown) readers.showAgain()
        }
      }
    },
    close,
  }

  function beginLine(): void {
    stream?.flush()
    if (awaiting.isShown()) screen.hide()
    else if (stream) screen.freshLine()
  }

  function resized(): void {
    clearTimeout(resizing)
    resizing = setTimeout(() => {
      layOut()
      readers.show()
    }, resizeRest)
  }

  /** What nobody has seen yet is laid out for the width in which it is seen. */
  function layOut(): void {
    const { columns } = screen.size()
    if (columns === laidOutFor) return
    laidOutFor = columns
    if (stream || given || closed || readers.current()?.kind !== 'line') return
    const anew = unseen?.layOut(columns)
    if (!anew) return
    screen.hide()
    screen.eraseAbove(anew.rows)
    for (const { kind, shown } of anew.pieces) {
      if (kind === 'call') bare.printCall(shown.split('\n').slice(0, -1))
      else bare.print(shown)
    }
  }

  function bindings(): KeyBindings {
    const keys = lineKeys?.() ?? defaultLineKeys
    if (keys !== bound.keys) bound = { keys, bindings: keyBindings(keys) }
    return bound.bindings
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
    readers.showAgain()
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

/** A screen of which it is kept what it prints, as long as that is known to stand just above the prompt. */
function noting(screen: Screen, unseen: Unseen): Screen {
  return {
    ...screen,
    print(text) {
      unseen.printed('words', text)
      screen.print(text)
    },
    printCall(rows) {
      unseen.printed('call', rows.map((row) => `${row}\n`).join(''))
      screen.printCall(rows)
    },
    leave(frame, ending) {
      unseen.forget()
      screen.leave(frame, ending)
    },
    clear() {
      unseen.forget()
      screen.clear()
    },
    give() {
      unseen.forget()
      screen.give()
    },
  }
}
