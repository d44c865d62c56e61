/**
 * Takes out of a text, letter by letter, what is drawn as nothing and has no use there: zero-width spaces, word joiners,
 * byte order marks, tags, fillers, selectors that select nothing. A text in them could be hidden in an answer. Joiners
 * stay between emoji and in scripts that are written with them, selectors behind what they select, tags in the flags of
 * England, Scotland and Wales. Returns what is to be written by now: a letter's fate may hang on the next one.
 */
export function invisible(): (letter: string) => string {
  /** The last letter that is seen; what stands behind it belongs to it. */
  let base = ''
  /** Whether a joiner or a selector stands behind it already. */
  let altered = false
  /** A joiner between emoji, a keycap's selector or a flag's tags: the next letter decides. */
  let held = ''

  return (letter) => {
    const code = letter.codePointAt(0) ?? 0
    if (held !== '' && isTag(held.codePointAt(0) ?? 0) && isTag(code)) return tag(letter, code)
    const kept = held !== '' && completes(held, letter, code) ? held : ''
    held = ''
    if (code < firstIgnorable || !ignorable().test(letter)) {
      base = letter
      altered = false
      return kept + letter
    }
    if (isWaiting(code)) held = letter
    else if (!altered && belongs(base, code)) {
      altered = true
      return letter
    }
    return ''
  }

  function tag(letter: string, code: number): string {
    held += letter
    if (code !== endOfTags && held.length <= maxFlagLength) return ''
    const flag = flags.has(held) ? held : ''
    held = ''
    base = ''
    return flag
  }

  function isWaiting(code: number): boolean {
    if (code === joiner) return emoji().test(base)
    if (code === emojiSelector) return !altered && /[#*\d]/.test(base)
    return isTag(code) && base === '🏴'
  }
}

const joiner = 0x200d
const nonJoiner = 0x200c
const textSelector = 0xfe0e
const emojiSelector = 0xfe0f
const keycap = 0x20e3
const endOfTags = 0xe007f
/** The first character that Unicode says may be ignored: the soft hyphen. */
const firstIgnorable = 0xad

/** Subdivision flags that are recommended for interchange: `gbeng`, `gbsct`, `gbwls`. */
const flags = new Set(['gbeng', 'gbsct', 'gbwls'].map((name) => `${inTags(name)}\u{e007f}`))
const maxFlagLength = 12

function inTags(name: string): string {
  return Array.from(name, (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')
}

function isTag(code: number): boolean {
  return code >= 0xe0020 && code <= endOfTags
}

function completes(held: string, letter: string, code: number): boolean {
  const what = held.codePointAt(0)
  if (what === joiner) return emoji().test(letter)
  return what === emojiSelector && code === keycap
}

function belongs(base: string, code: number): boolean {
  if (base === '') return false
  if (code === joiner || code === nonJoiner) return joining().test(base)
  if (code === textSelector || code === emojiSelector) return emoji().test(base)
  if (code >= 0xfe00 && code <= 0xfe0d)
    return /[\p{Script=Han}\p{Sm}\p{Script=Phags_Pa}\p{Script=Myanmar}]/u.test(base)
  if (code >= 0xe0100 && code <= 0xe01ef) return /\p{Script=Han}/u.test(base)
  return code >= 0x180b && code <= 0x180f && code !== 0x180e && /\p{Script=Mongolian}/u.test(base)
}

// Unicode's properties are read where a function that names them is first called: ASCII has no need.

function ignorable(): RegExp {
  return /[\p{Default_Ignorable_Code_Point}\ufff0-\ufffb]/u
}

function emoji(): RegExp {
  return /[\p{Extended_Pictographic}\p{Emoji_Modifier}]/u
}

/** Scripts in which a joiner changes how letters are written. */
function joining(): RegExp {
  return /[\p{Script_Extensions=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script_Extensions=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Balinese}\p{Script=Javanese}\p{Script=Brahmi}\p{Script=Chakma}]/u
}
