import { invisible } from './invisible.ts'

/**
 * Takes terminal control out of a stream of untrusted text, whatever way it is cut into pieces: escape sequences (CSI,
 * OSC, DCS, …) vanish whole, other control characters (C0 but tab and newline, DEL, C1) and bidi overrides one by one,
 * and so does what nobody can see and no script needs (`invisible.ts`). A sequence that does not end ends with its line:
 * the newline stays.
 * What is left can be written to a terminal and moves nothing but the cursor along the line and to the next.
 */
export function sanitizer(): (piece: string) => string {
  let state: State = 'text'
  /** The first half of a character whose second half comes with the next piece. */
  let half = ''
  const seen = invisible()
  return (piece) => {
    if (state === 'text' && half === '' && plain.test(piece)) return plainText(piece)
    let clean = ''
    const text = half + piece
    half = /[\ud800-\udbff]$/.exec(text)?.[0] ?? ''
    for (const letter of half === '' ? text : text.slice(0, -1)) {
      const next = step(state, letter)
      const outside = next === 'text' && (state === 'text' || letter === '\n')
      if (outside && isHarmless(letter)) clean += seen(letter)
      state = next
    }
    return clean
  }

  /** The first letter decides about what stands before it, and the last is what stands before what comes. */
  function plainText(piece: string): string {
    return piece.length < 2 ? seen(piece) : seen(piece.charAt(0)) + piece.slice(1, -1) + seen(piece.slice(-1))
  }
}

/** Most of what models say: nothing in it has to be looked at letter by letter. */
const plain = /^[\n\t\x20-\x7e]+$/

/** One whole text through a sanitizer of its own. */
export function sanitize(text: string): string {
  return sanitizer()(text)
}

/** `string`: inside OSC, DCS, SOS, PM or APC, which end with BEL or ST. `stringEscape`: after an ESC inside one. */
type State = 'text' | 'escape' | 'intermediate' | 'csi' | 'string' | 'stringEscape'

const ESC = '\u001b'

function step(state: State, letter: string): State {
  const code = letter.codePointAt(0) ?? 0
  if (code === 0x18 || code === 0x1a) return 'text'
  switch (state) {
    case 'text':
      if (letter === ESC) return 'escape'
      if (code === 0x9b) return 'csi'
      return isStringStart(code) ? 'string' : 'text'
    case 'escape':
      if (letter === '[') return 'csi'
      if (']PX^_'.includes(letter)) return 'string'
      if (letter === ESC) return 'escape'
      return code >= 0x20 && code <= 0x2f ? 'intermediate' : 'text'
    case 'intermediate':
      if (letter === ESC) return 'escape'
      return code >= 0x20 && code <= 0x2f ? 'intermediate' : 'text'
    case 'csi':
      if (letter === ESC) return 'escape'
      if (letter === '\n') return 'text'
      return code >= 0x40 && code <= 0x7e ? 'text' : 'csi'
    case 'string':
      if (letter === ESC) return 'stringEscape'
      return code === 0x07 || code === 0x9c || letter === '\n' ? 'text' : 'string'
    case 'stringEscape':
      if (letter === '\\') return 'text'
      return letter === ESC ? 'stringEscape' : step('escape', letter)
  }
}

function isStringStart(code: number): boolean {
  return code === 0x90 || code === 0x98 || (code >= 0x9d && code <= 0x9f)
}

function isHarmless(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0
  if (letter === '\n' || letter === '\t') return true
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return false
  return !bidi.test(letter)
}

const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufff9-\ufffb]/
