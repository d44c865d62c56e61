import { readSequence } from './sequences.ts'

/** What a person did at the keyboard. Presses have Emacs names: `C-a`, `M-b`, `Enter`, `Up`, `C-Left`, `M-Enter`. */
export type Key =
  | { type: 'text'; text: string }
  | { type: 'press'; name: string }
  /** `more`: goes on with the paste before it. */
  | { type: 'paste'; text: string; more?: boolean }

/** What was read and is not a whole key yet. */
export interface Decoding {
  readonly pending: string
  /** What came of a bracketed paste; undefined outside one. */
  readonly paste: string | undefined
}

export interface Decoded {
  keys: Key[]
  state: Decoding
}

export const nothingRead: Decoding = { pending: '', paste: undefined }

/**
 * Reads keys from what the terminal sent, whatever way it is cut into pieces. A bracketed paste is one key; replies
 * of the terminal (cursor position, device attributes, colours) and unknown sequences vanish.
 */
export function decode(state: Decoding, chunk: string): Decoded {
  const keys: Key[] = []
  let { pending, paste } = state
  let data = pending + chunk
  for (;;) {
    if (paste !== undefined) {
      const end = data.indexOf(pasteEnd)
      if (end === -1) {
        const kept = data.length - beginningOf(pasteEnd, data)
        return { keys, state: { pending: data.slice(kept), paste: paste + data.slice(0, kept) } }
      }
      keys.push({ type: 'paste', text: unixLines(paste + data.slice(0, end)) })
      paste = undefined
      data = data.slice(end + pasteEnd.length)
    }
    const read = readKeys(data, keys)
    if (!read.pasteBegins) return { keys, state: { pending: read.rest, paste: undefined } }
    paste = ''
    pending = ''
    data = read.rest
  }
}

/** Nothing came after what is pending: ESC alone was the key, half a sequence is dropped. */
export function settle(state: Decoding): Decoded {
  if (state.paste !== undefined) return { keys: [], state }
  const escapes = isOnlyEscapes(state) ? [...state.pending] : []
  return { keys: escapes.map(() => ({ type: 'press', name: 'Escape' })), state: nothingRead }
}

/** The terminal stopped in the middle of a paste, and its user wants out: what came is the paste. */
export function endPaste(state: Decoding): Decoded {
  const text = unixLines((state.paste ?? '') + state.pending)
  return { keys: text === '' ? [] : [{ type: 'paste', text }], state: nothingRead }
}

/** How long to wait for the rest, in ms: a person presses ESC; half a reply comes from a slow line. */
export function settleMs(state: Decoding): number {
  return isOnlyEscapes(state) ? 50 : 1000
}

function isOnlyEscapes({ pending }: Decoding): boolean {
  return pending === esc || pending === esc + esc
}

const esc = '\u001b'
const pasteEnd = '\u001b[201~'

function readKeys(data: string, keys: Key[]): { rest: string; pasteBegins: boolean } {
  let at = 0
  while (at < data.length) {
    const letter = data.charAt(at)
    if (letter === esc) {
      const sequence = readSequence(data, at)
      if (sequence === 'partial') return { rest: data.slice(at), pasteBegins: false }
      at = sequence.end
      if (sequence.name === 'PasteBegins') return { rest: data.slice(at), pasteBegins: true }
      if (sequence.text !== undefined) keys.push({ type: 'text', text: sequence.text })
      else if (sequence.name !== undefined) keys.push({ type: 'press', name: sequence.name })
    } else if (isControl(letter)) {
      keys.push({ type: 'press', name: controlName(letter) })
      at++
    } else {
      plain.lastIndex = at
      const text = plain.exec(data)?.[0] ?? letter
      keys.push({ type: 'text', text })
      at += text.length
    }
  }
  return { rest: '', pasteBegins: false }
}

const plain = /[^\x00-\x1f\x7f]+/y

function isControl(letter: string): boolean {
  return letter < ' ' || letter === '\u007f'
}

function controlName(letter: string): string {
  if (letter === '\r') return 'Enter'
  if (letter === '\t') return 'Tab'
  if (letter === '\u007f' || letter === '\b') return 'Backspace'
  return `C-${String.fromCharCode(letter.charCodeAt(0) + 64).toLowerCase()}`
}

/** The length of the longest end of `data` that `marker` begins with. */
function beginningOf(marker: string, data: string): number {
  for (let length = Math.min(marker.length - 1, data.length); length > 0; length--)
    if (data.endsWith(marker.slice(0, length))) return length
  return 0
}

/** Terminals send a pasted newline as a carriage return. */
function unixLines(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n')
}

/** Whether a key is a press of one of these names. */
export function isPress(key: Key, ...names: readonly string[]): boolean {
  return key.type === 'press' && names.includes(key.name)
}
