import { hasBar } from '../../text/bar.ts'

/** Whether two texts, set side by side, may become one letter. */
export function mayJoin(left: string, right: string): boolean {
  return beyondAscii.test(left) || beyondAscii.test(right)
}

/** Letters whose width terminals do not agree on: where the next one goes must be said, not left to the terminal. */
export function isRisky(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0
  if (letter.length > (code > 0xffff ? 2 : 1)) return true
  return code >= 0x2300 && !/[\u2e80-\ua4c6\uac00-\ud7a3\uf900-\ufaff\uff00-\uffe6]/.test(letter)
}

/**
 * A letter in a form that moves nothing but the cursor, and is no bar: control and invisible format characters are
 * spelled out.
 */
export function visible(letter: string): string {
  const code = letter.codePointAt(0) ?? 0
  if (code < 0x20) return `^${String.fromCharCode(code + 64)}`
  if (code === 0x7f) return '^?'
  return code < 0x80 ? letter : visibleBeyondAscii(letter)
}

const beyondAscii = /[^\x00-\x7f]/

// Unicode's properties are read where a function that names them is first called: that costs 2 ms, and ASCII has no need.

function visibleBeyondAscii(letter: string): string {
  const code = letter.codePointAt(0) ?? 0
  if (/^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(letter) || hasBar(letter))
    return `<${code.toString(16).padStart(4, '0')}>`
  return letter.replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}
