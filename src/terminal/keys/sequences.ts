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
  if (kind === esc) return readMeta(data, at)
  const code = data.codePointAt(at + 1) ?? 0
  return { end: at + (code > 0xffff ? 3 : 2), name: `M-${metaName(code)}` }
}

const esc = '\u001b'
/** Longer than any reply that is worth waiting for. */
const maxLength = 8192

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

/** Keys of the keypad as the kitty protocol numbers them. */
const keypad: Record<number, { name: string } | { text: string }> = {
  ...Object.fromEntries([...'0123456789./*-+'].map((text, index) => [57399 + index, { text }])),
  57414: { name: 'Enter' },
  57415: { text: '=' },
  57416: { text: ',' },
  57417: { name: 'Left' },
  57418: { name: 'Right' },
  57419: { name: 'Up' },
  57420: { name: 'Down' },
  57421: { name: 'PageUp' },
  57422: { name: 'PageDown' },
  57423: { name: 'Home' },
  57424: { name: 'End' },
  57426: { name: 'Delete' },
}

const numbers: Record<string, string> = {
  1: 'Home',
  2: 'Insert',
  3: 'Delete',
  4: 'End',
  5: 'PageUp',
  6: 'PageDown',
  7: 'Home',
  8: 'End',
  ...Object.fromEntries(
    [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24].map((number, at) => [number, `F${at + 1}`]),
  ),
}

/** Only behind ESC O: behind ESC [, an R ends the answer to where the cursor is. */
const functionKeys: Record<string, string> = { P: 'F1', Q: 'F2', R: 'F3', S: 'F4' }

function readControl(data: string, at: number): Sequence | 'partial' {
  // The Linux console's function keys: ESC [ [ A.
  if (data.charAt(at + 2) === '[') return data.length > at + 3 ? { end: at + 4 } : 'partial'
  control.lastIndex = at
  const found = control.exec(data)
  const end = control.lastIndex
  if (!found) return { end: at + 2 }
  const [, params = '', between, final] = found
  if (final === undefined) {
    if (end === data.length && end - at < maxLength) return 'partial'
    return { end }
  }
  if (between !== '' || /[<=>?]/.test(params)) return { end }
  if (final === 'M' && params === '') return readMouse(data, end)
  return { end, ...controlKey(params.split(';'), final) }
}

const control = /\u001b\[([0-?]*)([ -/]*)([@-~])?/y

/** A report of the mouse in its oldest form: three bytes, which the reader of bytes keeps apart. A control character was typed. */
function readMouse(data: string, from: number): Sequence | 'partial' {
  for (let at = from; at < from + 3; at++) {
    if (at === data.length) return 'partial'
    if (data.charAt(at) < ' ') return { end: at }
  }
  return { end: from + 3 }
}

/** Alt and a key that is a sequence of its own. */
function readMeta(data: string, at: number): Sequence | 'partial' {
  const kind = data.charAt(at + 2)
  if (kind === '') return 'partial'
  const pressed = { end: at + 1, name: 'Escape' }
  if (kind !== '[' && kind !== 'O') return pressed
  const inner = readSequence(data, at + 1)
  if (inner === 'partial') return inner
  const { end, name } = inner
  if (name === undefined || name === 'PasteBegins') return pressed
  return { end, name: name.includes('M-') ? name : name.replace(/^(C-)?/, '$1M-') }
}

function controlKey(params: readonly string[], final: string): Omit<Sequence, 'end'> {
  const [first = '', second = ''] = params
  const held = modifiers(second)
  if (held.released) return {}
  if (final === '~') {
    if (first === '200') return { name: 'PasteBegins' }
    // modifyOtherKeys: ESC [ 27 ; modifier ; code ~
    if (first === '27') return coded(params[2] ?? '', held, '')
    return named(numbers[first], held)
  }
  if (final === 'u') return coded(first, held, params[2] ?? '')
  return named(final === 'M' ? undefined : letters[final], held)
}

interface Modifiers {
  shift: boolean
  alt: boolean
  control: boolean
  /** Super, Hyper, Meta: with one of these, a letter is no text. */
  other: boolean
  capsLock: boolean
  released: boolean
}

/** `bits + 1`, and behind a colon whether the key goes down, repeats or comes up. The locks count as bits. */
function modifiers(field: string): Modifiers {
  const [mask = '', event = ''] = field.split(':')
  const bits = (Number.parseInt(mask, 10) || 1) - 1
  return {
    shift: (bits & 1) !== 0,
    alt: (bits & 2) !== 0,
    control: (bits & 4) !== 0,
    other: (bits & (8 | 16 | 32)) !== 0,
    capsLock: (bits & 64) !== 0,
    released: event === '3',
  }
}

/**
 * A key that the terminal sends as a code point, with another one behind a colon for what Shift makes of it; `typed`: the
 * code points that it types, where the terminal says so.
 */
function coded(codes: string, held: Modifiers, typed: string): Omit<Sequence, 'end'> {
  const [code = Number.NaN, shifted] = codes.split(':').map((word) => Number.parseInt(word, 10))
  const plain = !held.shift && !held.alt && !held.control && !held.other
  if (held.other) return {}
  const pad = keypad[code]
  if (pad && 'name' in pad)
    return pad.name === 'Enter' ? { name: plain ? 'Enter' : 'M-Enter' } : named(pad.name, held)
  if (code === 13) return { name: plain ? 'Enter' : 'M-Enter' }
  if (code === 27) return { name: 'Escape' }
  if (code === 9) return { name: plain ? 'Tab' : 'S-Tab' }
  if (code === 127 || code === 8) return { name: held.alt || held.control ? 'M-Backspace' : 'Backspace' }
  const letter = pad ? pad.text : letterOf(code)
  if (held.control) return letter === undefined ? {} : { name: `C-${letter.toLowerCase()}` }
  if (held.alt) return letter === undefined ? {} : { name: `M-${letter}` }
  const said = typed.split(':').map((word) => letterOf(Number.parseInt(word, 10)))
  if (typed !== '') return said.includes(undefined) ? {} : { text: said.join('') }
  if (letter === undefined) return {}
  if (held.shift && shifted) return textOf(letterOf(shifted))
  return { text: held.shift !== held.capsLock ? letter.toUpperCase() : letter }
}

function textOf(text: string | undefined): Omit<Sequence, 'end'> {
  return text === undefined ? {} : { text }
}

/** undefined for what is no letter: control characters, halves of one, and the numbers of keys that type nothing. */
function letterOf(code: number): string | undefined {
  const isLetter = code >= 32 && code <= 0x10ffff && !(code >= 0x7f && code < 0xa0)
  const isKey = code >= 0xd800 && code <= 0xf8ff
  return isLetter && !isKey ? String.fromCodePoint(code) : undefined
}

function named(
  name: string | undefined,
  { alt, control }: Pick<Modifiers, 'alt' | 'control'>,
): Omit<Sequence, 'end'> {
  return name === undefined ? {} : { name: `${control ? 'C-' : ''}${alt ? 'M-' : ''}${name}` }
}

function readShift3(data: string, at: number): Sequence | 'partial' {
  shift3.lastIndex = at
  const [, modifier = '', final] = shift3.exec(data) ?? []
  const end = shift3.lastIndex
  if (final === undefined) return end === data.length && end - at < maxLength ? 'partial' : { end }
  return { end, ...named(letters[final] ?? functionKeys[final], modifiers(modifier)) }
}

const shift3 = /\u001bO([0-9;:]*)([@-~])?/y

/** OSC, DCS, SOS, PM, APC: up to BEL or ST. A control character in one was typed: the sequence ends before it. */
function readString(data: string, at: number): Sequence | 'partial' {
  stringEnd.lastIndex = at + 2
  const found = stringEnd.exec(data)
  if (!found) return data.length - at < maxLength ? 'partial' : { end: data.length }
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
