/** A name in the corner; `approval` gets the mark `!`. */
export interface CornerName {
  name: string
  approval: boolean
}

export interface Corner {
  /** The whole corner, as on a client that is wide enough: `[s3-debug] [lambda-deploy!] +3 more`; empty when none waits. */
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
  let fit = yellow(`${names.length} waiting`)
  for (let shown = 1; shown <= most; shown += 1) {
    const text = cornerText(names, shown)
    fit = `#{?#{e|>=:#{client_width},${Math.max(narrow, text.length * share)}},${yellow(text)},${fit}}`
  }
  return { full: yellow(cornerText(names, most)), fit }
}

/** One name for each line of the stacked layout; the last line says how many more there are. */
export function renderLines(names: readonly CornerName[], lines: number): string[] {
  const shown = names.slice(0, lines).map((name) => bracketed(name))
  const more = names.length - shown.length
  return shown.map((text, index) => yellow(more > 0 && index === lines - 1 ? `${text} +${more} more` : text))
}

function cornerText(names: readonly CornerName[], shown: number): string {
  const more = names.length - shown
  const words = names.slice(0, shown).map((name) => bracketed(name))
  return [...words, ...(more > 0 ? [`+${more} more`] : [])].join(' ')
}

function bracketed({ name, approval }: CornerName): string {
  return `[${name}${approval ? '!' : ''}]`
}

/**
 * Black on yellow is read on any status line, also on tmux's own green one. `default` in a status line is that line's
 * own style, so nothing of the user's colours is touched. A comma would end a part of a conditional format.
 */
export function yellow(text: string): string {
  return `#[fg=black]#[bg=yellow]${text}#[default]`
}
