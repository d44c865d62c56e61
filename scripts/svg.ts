import stringWidth from 'string-width'

/** Draws a terminal's screen, as `tmux capture-pane -ep` prints it, as an SVG document. */
export function screenToSvg(screen: string, columns: number): string {
  const rows = readScreen(screen)
  const width = columns * cell.width + 2 * margin
  const height = rows.length * cell.height + 2 * margin
  const drawn = rows.flatMap((runs, row) => runs.flatMap((run) => drawRun(run, row)))
  return [
    `<svg xmlns="${namespace}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    `<rect width="${width}" height="${height}" rx="8" fill="${background}"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n')
}

interface Look {
  fg: string | undefined
  bg: string | undefined
  bold: boolean
  dim: boolean
  reverse: boolean
}

/** Letters of one look, side by side. */
interface Run extends Look {
  text: string
  /** Cells. */
  column: number
  width: number
}

const namespace = ['http:', '', 'www.w3.org', '2000', 'svg'].join('/')
const cell = { width: 8.4, height: 18 }
const margin = 12
const foreground = '#d4d4d4'
const background = '#1b1d23'
const plain: Look = { fg: undefined, bg: undefined, bold: false, dim: false, reverse: false }

/** A look lasts beyond the end of a line, as in the terminal. */
function readScreen(screen: string): Run[][] {
  let look = plain
  return screen.split('\n').map((line) => {
    const runs: Run[] = []
    let column = 0
    for (const [part] of line.matchAll(/\u001b\[[\d;]*m|[^\u001b]+/g)) {
      if (part.startsWith('\u001b')) look = changed(look, part.slice(2, -1).split(';').map(Number))
      else {
        const width = stringWidth(part)
        runs.push({ ...look, text: part, column, width })
        column += width
      }
    }
    return runs
  })
}

function changed(look: Look, codes: number[]): Look {
  const next = { ...look }
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0
    if (code === 0) Object.assign(next, plain)
    else if (code === 1) next.bold = true
    else if (code === 2) next.dim = true
    else if (code === 7) next.reverse = true
    else if (code === 22) Object.assign(next, { bold: false, dim: false })
    else if (code === 27) next.reverse = false
    else if (code === 39) next.fg = undefined
    else if (code === 49) next.bg = undefined
    else if (code === 38 || code === 48) {
      const indexed = codes[at + 1] === 5
      const colour = indexed ? palette(codes[at + 2] ?? 0) : rgb(codes.slice(at + 2, at + 5))
      next[code === 38 ? 'fg' : 'bg'] = colour
      at += indexed ? 2 : 4
    } else if (code >= 30 && code <= 37) next.fg = palette(code - 30)
    else if (code >= 40 && code <= 47) next.bg = palette(code - 40)
    else if (code >= 90 && code <= 97) next.fg = palette(code - 82)
    else if (code >= 100 && code <= 107) next.bg = palette(code - 92)
  }
  return next
}

function drawRun(run: Run, row: number): string[] {
  const fg = (run.reverse ? run.bg : run.fg) ?? (run.reverse ? background : foreground)
  const bg = run.reverse ? (run.fg ?? foreground) : run.bg
  const x = round(margin + run.column * cell.width)
  const y = margin + row * cell.height
  const width = round(run.width * cell.width)
  const drawn = bg ? [`<rect x="${x}" y="${y}" width="${width}" height="${cell.height}" fill="${bg}"/>`] : []
  if (run.text.trim() === '') return drawn
  const style = `${run.bold ? ' font-weight="bold"' : ''}${run.dim ? ' opacity="0.6"' : ''}`
  const place = `x="${x}" y="${y + 13}" textLength="${width}" xml:space="preserve"`
  return [...drawn, `<text ${place} fill="${fg}"${style}>${escaped(run.text)}</text>`]
}

const sixteen =
  '1e1e1e cd5c5c 6aae6a d7ba4a 5b8fd6 b07cc6 4fb3bf d4d4d4 6b6b6b f28b82 9ccc65 ffe082 8ab4f8 d7aefb 80deea ffffff'
    .split(' ')
    .map((digits) => `#${digits}`)

/** xterm's 256 colours. */
function palette(index: number): string {
  if (index < 16) return sixteen[index] ?? foreground
  if (index >= 232) return rgb([8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10])
  const level = (step: number): number => (step === 0 ? 0 : 55 + 40 * step)
  const cube = index - 16
  return rgb([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level))
}

function rgb(parts: number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function round(cells: number): number {
  return Math.round(cells * 100) / 100
}
