export interface Sequence {
  end: number
  /** Of the key; undefined for what is swallowed. */
  name?: string
  /** For a key that stands for a letter. */
  text?: string
}

/** Reads the escape sequence at `at`. `partial`: it is not all there yet. */
export function readSequence(data: string, at: number): Sequence | 'partial' {
  const kind = data.charAt(at + 1)
  if (kind === '') return 'partial'
  if (kind === '[') return readControl(data, at)
  if (kind === 'O') return readShift3(data, at)
  if (']PX^_'.includes(kind)) return readString(data, at)
  if (kind === esc) return { end: at + 1, name: 'Escape' }
  const code = data.codePointAt(at + 1) ?? 0
  return { end: at + (code > 0xffff ? 3 : 2), name: `M-${metaName(code)}` }
}

const esc = '\u001b'
/** Longer than any reply that is worth waiting for. */
const longest = 8192

const letters: Record<string, string> = {
  A: 'Up',
  B: 'Down',
  C: 'Right',
  D: 'Left',
  F: 'End',
  H: 'Home',
  M: 'Enter',
  Z: 'S-Tab',
}

const numbers: Record<string, string> = {
  1: 'Home',
  3: 'Delete',
  4: 'End',
  5: 'PageUp',
  6: 'PageDown',
  7: 'Home',
  8: 'End',
}

function readControl(data: string, at: number): Sequence | 'partial' {
  // The Linux console's function keys: ESC [ [ A.
  if (data.charAt(at + 2) === '[') return data.length > at + 3 ? { end: at + 4 } : 'partial'
  control.lastIndex = at
  const found = control.exec(data)
  const end = control.lastIndex
  if (!found) return { end: at + 2 }
  const [, params = '', between, final] = found
  if (final === undefined) {
    if (end === data.length && end - at < longest) return 'partial'
    return { end }
  }
  if (between !== '' || /[<=>?]/.test(params)) return { end }
  return { end, ...controlKey(params.split(';'), final) }
}

const control = /\u001b\[([0-?]*)([ -/]*)([@-~])?/y

function controlKey(params: readonly string[], final: string): Omit<Sequence, 'end'> {
  const [first = '', second = ''] = params
  if (final === '~') {
    if (first === '200') return { name: 'PasteBegins' }
    // modifyOtherKeys: ESC [ 27 ; modifier ; code ~
    if (first === '27') return coded(Number(params[2]), second)
    return named(numbers[first], second)
  }
  if (final === 'u') return coded(Number.parseInt(first, 10), second)
  return named(final === 'M' ? undefined : letters[final], second)
}

/** A key that the terminal sends as a code point and modifiers. */
function coded(code: number, modifier: string): Omit<Sequence, 'end'> {
  const bits = (Number.parseInt(modifier, 10) || 1) - 1
  if (code === 13) return { name: bits === 0 ? 'Enter' : 'M-Enter' }
  if (code === 27) return { name: 'Escape' }
  if (code === 9) return { name: bits === 0 ? 'Tab' : 'S-Tab' }
  if (code === 127) return { name: bits & 2 ? 'M-Backspace' : 'Backspace' }
  if (!(code >= 32 && code <= 0x10ffff)) return {}
  const letter = String.fromCodePoint(code)
  if (bits & 4) return { name: `C-${letter.toLowerCase()}` }
  return bits & 2 ? { name: `M-${letter}` } : { text: letter }
}

function named(name: string | undefined, modifier: string): Omit<Sequence, 'end'> {
  if (name === undefined) return {}
  const bits = (Number.parseInt(modifier, 10) || 1) - 1
  return { name: `${bits & 4 ? 'C-' : ''}${bits & 2 ? 'M-' : ''}${name}` }
}

function readShift3(data: string, at: number): Sequence | 'partial' {
  const final = data.charAt(at + 2)
  if (final === '') return 'partial'
  if (final < ' ') return { end: at + 2 }
  return { end: at + 3, ...named(letters[final], '') }
}

/** OSC, DCS, SOS, PM, APC: up to BEL or ST. A control character in one was typed: the sequence ends before it. */
function readString(data: string, at: number): Sequence | 'partial' {
  stringEnd.lastIndex = at + 2
  const found = stringEnd.exec(data)
  if (!found) return data.length - at < longest ? 'partial' : { end: data.length }
  const { index } = found
  if (found[0] === '\u0007' || found[0] === '\u009c') return { end: index + 1 }
  if (found[0] !== esc) return { end: index }
  if (index + 1 === data.length) return 'partial'
  return { end: data.charAt(index + 1) === '\\' ? index + 2 : index }
}

const stringEnd = /[\x00-\x1f\x7f\x9c]/g

function metaName(code: number): string {
  if (code === 13 || code === 10) return 'Enter'
  if (code === 127 || code === 8) return 'Backspace'
  return String.fromCodePoint(code)
}
