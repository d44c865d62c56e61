import { emitKeypressEvents, type Key } from 'node:readline'
import fuzzysort from 'fuzzysort'
import { glyphsOf } from '../domain/cells.ts'
import { createStyle, type Style, wantsColour } from '../domain/style.ts'
import { sessionLines } from '../sessions/table.ts'
import type { SessionView } from '../sessions/view.ts'

/** One line of a picker. */
export interface Choice<T> {
  value: T
  /** What is typed is looked for in it. */
  key: string
  line: string
}

/** What a picker says below, and when nothing matches. */
export interface PickerWords {
  help: string
  none: string
}

/** Lets a person pick one of the workspace's sessions. */
export function pickSession(views: readonly SessionView[], now: number): Promise<SessionView | undefined> {
  const style = createStyle(wantsColour(process.stdout, process.env))
  const lines = sessionLines(views, undefined, now, style)
  // Whoever opens the picker looks for one that waits: the longest wait first, then the order of the windows.
  const choices = views
    .map((view, index) => ({ value: view, key: view.name, line: lines[index] ?? '' }))
    .sort((a, b) => rank(a.value) - rank(b.value))
  const words = { help: 'type to narrow · ↑↓ · Enter goes there · Esc', none: 'no session matches' }
  return pick(choices, words, style)
}

/** Shows the choices, narrowed by what is typed, until one is chosen (Enter) or none (Esc, Ctrl-C). */
export function pick<T>(
  choices: readonly Choice<T>[],
  words: PickerWords,
  style: Style,
): Promise<T | undefined> {
  const { stdin, stdout } = process
  let typed = ''
  let at = 0

  return new Promise((resolve) => {
    emitKeypressEvents(stdin)
    stdin.setRawMode(true)
    stdout.write('\u001b[?1049h')
    stdin.on('keypress', onKey)
    stdout.on('resize', draw)
    process.once('SIGHUP', onHangup)
    stdin.resume()
    draw()

    function onHangup(): void {
      end(undefined)
    }

    function onKey(text: string | undefined, key: Key): void {
      const matches = narrow(choices, typed)
      if (key.name === 'escape' || (key.ctrl && (key.name === 'c' || key.name === 'd'))) return end(undefined)
      if (key.name === 'return' || key.name === 'enter') return end(matches[at]?.value)
      if (key.name === 'up' || (key.ctrl && (key.name === 'p' || key.name === 'k'))) at = Math.max(0, at - 1)
      else if (key.name === 'down' || (key.ctrl && (key.name === 'n' || key.name === 'j')))
        at = Math.min(Math.max(0, matches.length - 1), at + 1)
      else if (key.name === 'backspace') change(typed.slice(0, -1))
      else if (key.ctrl && key.name === 'u') change('')
      else if (text && !key.ctrl && !key.meta && /^[^\p{C}]+$/u.test(text)) change(typed + text)
      draw()
    }

    function change(next: string): void {
      typed = next
      at = 0
    }

    function draw(): void {
      const size = { columns: stdout.columns, rows: stdout.rows }
      stdout.write(screen(narrow(choices, typed), typed, at, size, words, style))
    }

    function end(value: T | undefined): void {
      stdin.off('keypress', onKey)
      stdout.off('resize', draw)
      process.off('SIGHUP', onHangup)
      stdin.setRawMode(false)
      stdin.pause()
      stdout.write('\u001b[?1049l')
      resolve(value)
    }
  })
}

/** Waiting ones by how long they wait, then the others as they come. */
function rank(view: SessionView): number {
  return view.status === 'WaitingForInput' && view.waitingFor !== null ? view.since : Number.MAX_SAFE_INTEGER
}

function narrow<T>(choices: readonly Choice<T>[], typed: string): readonly Choice<T>[] {
  if (typed.trim() === '') return choices
  return fuzzysort.go(typed, choices, { key: (choice) => choice.key }).map((result) => result.obj)
}

function screen(
  matches: readonly Choice<unknown>[],
  typed: string,
  at: number,
  size: { columns: number; rows: number },
  words: PickerWords,
  style: Style,
): string {
  const room = Math.max(1, size.rows - 3)
  const first = Math.max(0, at - room + 1)
  const rows = matches.slice(first, first + room).map((choice, index) => {
    const line = clip(choice.line, size.columns - 3)
    return `${index + first === at ? style.cyan('▌') : ' '} ${line}`
  })
  const none = matches.length === 0 ? [style.dim(`  ${words.none}`)] : []
  const help = style.dim(clip(words.help, size.columns - 1))
  return `\u001b[H\u001b[2J${['', ...rows, ...none].join('\r\n')}\u001b[${size.rows};1H${help}\u001b[1;1H${style.bold('>')} ${typed}`
}

/** Cuts a line, with our styles in it, to a number of cells. */
function clip(line: string, cells: number): string {
  let room = cells
  let clipped = ''
  for (const [part, style] of line.matchAll(/(\u001b\[\d+m)|[^\u001b]+/g)) {
    if (style !== undefined) {
      clipped += style
      continue
    }
    for (const glyph of glyphsOf(part)) {
      room -= glyph.cells
      if (room < 0) break
      clipped += glyph.text
    }
  }
  return clipped
}
