import { emitKeypressEvents, type Key } from 'node:readline'
import fuzzysort from 'fuzzysort'
import { createStyle, type Style, wantsColour } from '../domain/style.ts'
import { sessionLines } from '../sessions/table.ts'
import type { SessionView } from '../sessions/view.ts'

interface Choice {
  view: SessionView
  line: string
}

/** Shows the sessions, narrowed by what is typed, until one is chosen (Enter) or none (Esc, Ctrl-C). */
export function pickSession(views: readonly SessionView[], now: number): Promise<SessionView | undefined> {
  const { stdin, stdout } = process
  const style = createStyle(wantsColour(stdout, process.env))
  const lines = sessionLines(views, undefined, now, style)
  // Whoever opens the picker looks for one that waits: the longest wait first, then the order of the windows.
  const choices = views
    .map((view, index): Choice => ({ view, line: lines[index] ?? '' }))
    .sort((a, b) => rank(a.view) - rank(b.view))
  let typed = ''
  let at = 0

  return new Promise((resolve) => {
    emitKeypressEvents(stdin)
    stdin.setRawMode(true)
    stdout.write('\u001b[?1049h')
    stdin.on('keypress', onKey)
    stdout.on('resize', draw)
    process.once('SIGHUP', () => end(undefined))
    stdin.resume()
    draw()

    function onKey(text: string | undefined, key: Key): void {
      const matches = narrow(choices, typed)
      if (key.name === 'escape' || (key.ctrl && (key.name === 'c' || key.name === 'd'))) return end(undefined)
      if (key.name === 'return' || key.name === 'enter') return end(matches[at]?.view)
      if (key.name === 'up' || (key.ctrl && (key.name === 'p' || key.name === 'k'))) at = Math.max(0, at - 1)
      else if (key.name === 'down' || (key.ctrl && (key.name === 'n' || key.name === 'j')))
        at = Math.min(Math.max(0, matches.length - 1), at + 1)
      else if (key.name === 'backspace') change(typed.slice(0, -1))
      else if (key.ctrl && key.name === 'u') change('')
      else if (text && !key.ctrl && !key.meta && /^[\w-]+$/.test(text)) change(typed + text)
      draw()
    }

    function change(next: string): void {
      typed = next
      at = 0
    }

    function draw(): void {
      stdout.write(
        screen(narrow(choices, typed), typed, at, { columns: stdout.columns, rows: stdout.rows }, style),
      )
    }

    function end(view: SessionView | undefined): void {
      stdin.off('keypress', onKey)
      stdout.off('resize', draw)
      stdin.setRawMode(false)
      stdin.pause()
      stdout.write('\u001b[?1049l')
      resolve(view)
    }
  })
}

/** Waiting ones by how long they wait, then the others as they come. */
function rank(view: SessionView): number {
  return view.status === 'WaitingForInput' && view.waitingFor !== null ? view.since : Number.MAX_SAFE_INTEGER
}

function narrow(choices: readonly Choice[], typed: string): readonly Choice[] {
  if (typed === '') return choices
  return fuzzysort.go(typed, choices, { key: (choice) => choice.view.name }).map((result) => result.obj)
}

function screen(
  matches: readonly Choice[],
  typed: string,
  at: number,
  size: { columns: number; rows: number },
  style: Style,
): string {
  const room = Math.max(1, size.rows - 3)
  const first = Math.max(0, at - room + 1)
  const rows = matches.slice(first, first + room).map((choice, index) => {
    const line = clip(choice.line, size.columns - 3)
    return `${index + first === at ? style.cyan('▌') : ' '} ${line}`
  })
  const none = matches.length === 0 ? [style.dim('  no session matches')] : []
  const help = style.dim(clip('type to narrow · ↑↓ · Enter goes there · Esc', size.columns - 1))
  return `\u001b[H\u001b[2J${['', ...rows, ...none].join('\r\n')}\u001b[${size.rows};1H${help}\u001b[1;1H${style.bold('>')} ${typed}`
}

/** Cuts a line of ours, with its styles, to a number of cells; names and states are ASCII. */
function clip(line: string, cells: number): string {
  let seen = 0
  let clipped = ''
  for (const [part] of line.matchAll(/\u001b\[\d+m|[^\u001b]/g)) {
    if (part.startsWith('\u001b')) clipped += part
    else if (seen < cells) {
      clipped += part
      seen += 1
    }
  }
  return clipped
}
