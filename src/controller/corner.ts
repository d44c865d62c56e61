import type { WaitingFor } from '../domain/session.ts'

/** A name in the corner, the most urgent first; an approval has the mark `!`, an error `✗`. */
export interface CornerName {
  name: string
  waitingFor: WaitingFor
}

export interface Corner {
  /** The whole corner, as on a client that is wide enough: `[lambda-deploy!] [s3-debug] +3 more`; empty when none waits. */
  full: string
  /** A tmux format that shows as many names as fit the width of the client that it is drawn for. */
  fit: string
}

/** Below this many columns only the number is shown. */
const narrow = 60

/** The corner takes at most this share of a client's width: the windows and the user's own part want room too. */
const share = 3

/** Draws the corner from the names that wait, in their order. Names are whitelisted: nothing in them is a tmux format. */
export function renderCorner(names: readonly CornerName[], max: number): Corner {
  if (names.length === 0 || max === 0) return { full: '', fit: '' }
  const most = Math.min(max, names.length)
  let fit = branch(`${names.length} waiting${urgentWords(names)}`)
  for (let shown = 1; shown <= most; shown += 1) {
    const text = cornerText(names, shown)
    fit = `#{?#{e|>=:#{client_width},${Math.max(narrow, text.length * share)}},${branch(text)},${fit}}`
  }
  return { full: yellow(cornerText(names, most)), fit }
}

/** As a part of a conditional format, which a bare comma would end. */
function branch(text: string): string {
  return yellow(text.replaceAll(',', '#,'))
}

/** One name for each line of the stacked layout; the last line says how many more there are. */
export function renderLines(names: readonly CornerName[], lines: number): string[] {
  const shown = names.slice(0, lines).map((name) => bracketed(name))
  const more = names.length - shown.length
  return shown.map((text, index) =>
    yellow(more > 0 && index === lines - 1 ? `${text} ${moreWords(names.slice(lines))}` : text),
  )
}

function cornerText(names: readonly CornerName[], shown: number): string {
  const more = names.length - shown
  const words = names.slice(0, shown).map((name) => bracketed(name))
  return [...words, ...(more > 0 ? [moreWords(names.slice(shown))] : [])].join(' ')
}

/** `+3 more, 1!`: how many do not fit, and what is urgent among them. */
function moreWords(hidden: readonly CornerName[]): string {
  return `+${hidden.length} more${urgentWords(hidden)}`
}

/** `, 1! 2✗`; empty where all is calm. */
function urgentWords(names: readonly CornerName[]): string {
  const words = (['approval', 'error'] as const).flatMap((urgent) => {
    const number = names.filter(({ waitingFor }) => waitingFor === urgent).length
    return number > 0 ? [`${number}${marks[urgent]}`] : []
  })
  return words.length > 0 ? `, ${words.join(' ')}` : ''
}

const marks: Record<WaitingFor, string> = { approval: '!', error: '✗', input: '' }

function bracketed({ name, waitingFor }: CornerName): string {
  return `[${name}${marks[waitingFor]}]`
}

/**
 * Black on yellow is read on any status line, also on tmux's own green one. `default` in a status line is that line's
 * own style, so nothing of the user's colours is touched. A comma would end a part of a conditional format.
 */
export function yellow(text: string): string {
  return `#[fg=black]#[bg=yellow]${text}#[default]`
}
