import type { WriteStream } from 'node:tty'
import { withoutBars } from '../../text/bar.ts'
import { draw, drawPage, erase, eraseBelow, up } from './draw.ts'
import type { Frame } from './layout.ts'

/**
 * What a worker shows: text that stays, and below it at most one frame that is drawn over and over. A frame that is a page
 * has the terminal's other screen, and what is printed meanwhile comes when it has gone.
 */
export interface Screen {
  size(): { columns: number; height: number }
  /** Draws a frame, in place of the one before. */
  show(frame: Frame): void
  hide(): void
  /** Draws a frame a last time, whole; what comes next begins below it. */
  leave(frame: Frame, ending?: string): void
  /** Writes text that stays, above the frame. No bar of a call is in it. */
  print(text: string): void
  /** The same with the rows of a call. */
  printCall(rows: readonly string[]): void
  /** Resolves when all that was written is with the terminal. */
  drained(): Promise<void>
  /** Sends the terminal a sequence that shows nothing. */
  tell(sequence: string): void
  /** Ends a line that was begun. */
  freshLine(): void
  clear(): void
  /** Has all that is shown go up into the scrollback, and shows one line in its place. */
  rollUp(line: string): void
  /** Takes so many rows of what was printed last off the screen, or as many of them as are still on it. */
  eraseAbove(rows: number): void
  /** What the terminal is to do as long as it is ours. */
  begin(): void
  end(): void
  /** Somebody else has the terminal: what is printed meanwhile comes afterwards. */
  give(): void
  takeBack(): void
  isFresh(): boolean
}

const pasteOn = '\u001b[?2004h'
const pasteOff = '\u001b[?2004l'
const otherScreen = '\u001b[?1049h'
/** Cleared before, for a terminal that has no other screen. */
const ownScreen = '\u001b[H\u001b[J\u001b[?1049l'

/** `exact`: the terminal is tmux, which breaks lines just as we do. */
export function openScreen(stdout: WriteStream, exact: boolean): Screen {
  let frame: Frame | undefined
  let fresh = true
  let held: string | undefined
  /** The other screen is shown, and what is printed waits. */
  let page = false

  return {
    size,
    show(next) {
      if (next.page) return showPage(next)
      if (page) hide()
      if (held !== undefined) return
      const start = frame || fresh ? '' : '\n'
      fresh = true
      write(start + draw(frame, next, exact))
      frame = next
    },
    hide,
    leave(whole, ending = '') {
      hide()
      write(`${draw(undefined, whole)}${ending}\r\n`)
    },
    print: (text) => print(withoutBars(text)),
    printCall: (rows) => print(rows.map((row) => `${row}\n`).join('')),
    drained: () => new Promise((resolve) => void stdout.write('', () => resolve())),
    tell: write,
    freshLine() {
      if (!frame && !fresh) print('\n')
    },
    clear() {
      if (page) return
      write('\u001b[H\u001b[2J')
      frame = undefined
      fresh = true
    },
    rollUp(line) {
      hide()
      // As many as there are rows above the cursor reach the top.
      write(`${'\n'.repeat(size().height - 1)}\u001b[2;1H${line}\r\n`)
      fresh = true
    },
    eraseAbove(rows) {
      if (!frame && fresh && !page && rows > 0) write(`${up(rows)}${eraseBelow}`)
    },
    begin: () => write(pasteOn),
    end() {
      hide()
      write(pasteOff)
    },
    give() {
      hide()
      write(pasteOff)
      held = ''
    },
    takeBack() {
      // Nobody knows where the other program left the cursor: blanks as wide as a row fold only if it was inside one.
      write(`${pasteOn}\u001b[0m${' '.repeat(size().columns - 1)}\r \r`)
      frame = undefined
      fresh = true
      printHeld()
    },
    isFresh: () => fresh,
  }

  function print(text: string): void {
    if (text === '') return
    if (held !== undefined) {
      held += text
      return
    }
    const shown = frame
    frame = undefined
    fresh = endsLine(text)
    const { columns } = size()
    const above = shown ? erase(shown, columns) : ''
    // A frame for another width comes back when the window rests.
    if (shown?.columns !== columns) return write(above + text)
    write(above + text + (fresh ? '' : '\n') + draw(undefined, shown))
    fresh = true
    frame = shown
  }

  function printHeld(): void {
    const words = held ?? ''
    held = undefined
    print(words)
  }

  function showPage(next: Frame): void {
    if (held !== undefined && !page) return
    if (!page) {
      hide()
      write(`${fresh ? '' : '\n'}${otherScreen}`)
      fresh = true
      page = true
      held = ''
    }
    write(drawPage(next))
  }

  function hide(): void {
    if (page) {
      page = false
      write(ownScreen)
      printHeld()
    }
    if (!frame) return
    write(erase(frame, size().columns))
    frame = undefined
  }

  function size(): { columns: number; height: number } {
    return { columns: stdout.columns || 80, height: stdout.rows || 24 }
  }

  function write(text: string): void {
    if (text !== '') stdout.write(text)
  }
}

function endsLine(text: string): boolean {
  return /\n(?:\u001b\[[\d;]*m)*$/.test(text)
}
