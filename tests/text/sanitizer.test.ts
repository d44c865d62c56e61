import { describe, expect, test } from 'vitest'
import { sanitize, sanitizer } from '../../src/text/sanitizer.ts'
import { random } from '../support/random.ts'

const ESC = '\u001b'
const BEL = '\u0007'
const ST = `${ESC}\\`

/** Sequences by which an answer could act on a terminal, each to vanish whole. */
const attacks: [string, string][] = [
  ['OSC 52, which writes the clipboard', `${ESC}]52;c;b3duZWQ=${BEL}`],
  ['OSC 52 that ends with ST', `${ESC}]52;c;b3duZWQ=${ST}`],
  ['OSC 8, a link with another target', `${ESC}]8;;https://evil.example${ST}`],
  ['OSC 2, the title', `${ESC}]2;owned${BEL}`],
  ['OSC 0, the title and icon', `${ESC}]0;owned${ST}`],
  ['OSC 1337, a file', `${ESC}]1337;File=name=eA==:AAAA${BEL}`],
  ['CSI 21t, which types the title', `${ESC}[21t`],
  ['CSI 6n, which types the position', `${ESC}[6n`],
  ['CSI c, which types what terminal it is', `${ESC}[c`],
  ['CSI >0c', `${ESC}[>0c`],
  ['CSI 2J, which clears the screen', `${ESC}[2J`],
  ['CSI with intermediates', `${ESC}[0 q`],
  ['SGR, colours', `${ESC}[38;5;196m`],
  ['a private mode', `${ESC}[?1049h`],
  ['bracketed paste', `${ESC}[201~`],
  ['DCS, passed through tmux', `${ESC}Ptmux;${ESC}${ESC}]52;c;b3duZWQ=${BEL}${ST}`],
  ['DCS, a request of settings', `${ESC}P$qm${ST}`],
  ['APC', `${ESC}_Gf=100;AAAA${ST}`],
  ['PM', `${ESC}^private${ST}`],
  ['SOS', `${ESC}Xstart${ST}`],
  ['a reset', `${ESC}c`],
  ['a character set', `${ESC}(0`],
  ['the 8-bit CSI', '\u009b31m'],
  ['the 8-bit OSC that ends with the 8-bit ST', '\u009d0;owned\u009c'],
  ['the 8-bit DCS', `\u0090q${ST}`],
  ['the 8-bit SOS, PM and APC', `\u0098a\u009c\u009eb\u009c\u009fc\u009c`],
  ['an OSC that a second one breaks off', `${ESC}]0;a${ESC}]0;b${BEL}`],
  ['a CSI that an OSC breaks off', `${ESC}[3${ESC}]0;b${BEL}`],
  ['a doubled ESC', `${ESC}${ESC}[31m`],
  ['a cancelled CSI', `${ESC}[31\u0018`],
  ['controls', '\u0000\u0001\u0007\b\u000b\u000c\r\u000e\u000f\u007f\u0080\u0085'],
  ['bidi overrides', '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c'],
  ['line and paragraph separators', '\u2028\u2029'],
]

/** No ESC, no C0 but tab and newline, no DEL, no C1. */
const active = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/

describe('a sanitizer', () => {
  test.each(attacks)('takes out %s, whole, and leaves what stands around it', (_, attack) => {
    expect(sanitize(`before ${attack}after`)).toBe('before after')
  })

  test.each(attacks)('takes out %s however it is cut into two or three pieces', (_, attack) => {
    const text = `a${attack}b`
    for (let first = 0; first <= text.length; first += 1) {
      for (let second = first; second <= text.length; second += 1) {
        const clean = sanitizer()
        const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)].map(clean)
        expect(pieces.join(''), `cut at ${first} and ${second}`).toBe('ab')
      }
    }
  })

  test.each([
    ['tabs and newlines', 'a\tb\n\n\tc\n'],
    ['letters of all kinds', 'naïve Straße 日本語 עברית العربية ไทย ½ € “quoted” — …'],
    ['emoji, also joined and flagged', '🦊 👩‍👩‍👧 🇩🇪 ❤️'],
    ['boxes and powerline glyphs', '┌──┐ █ \ue0b0'],
    ['what looks like a sequence without its ESC', '[31m ]0;title ^[[0m \\033[31m'],
    ['nothing', ''],
  ])('leaves %s as they are', (_, text) => {
    expect(sanitize(text)).toBe(text)
    const clean = sanitizer()
    expect([...text].map(clean).join('')).toBe(text)
  })

  test('leaves the newline of a carriage return and newline', () => {
    expect(sanitize('a\r\nb\r\n')).toBe('a\nb\n')
  })

  test.each([
    ['CSI', `${ESC}[`],
    ['CSI with numbers', `${ESC}[12;`],
    ['OSC', `${ESC}]0;never ends`],
    ['DCS', `${ESC}Pnever ends`],
    ['8-bit OSC', '\u009dnever ends'],
    ['OSC with half an ST', `${ESC}]0;never ends${ESC}`],
    ['ESC', ESC],
    ['ESC and an intermediate', `${ESC}(`],
  ])('ends an unfinished %s with its line, and keeps the newline and all that follows', (_, start) => {
    expect(sanitize(`one ${start}\ntwo\n`)).toBe('one \ntwo\n')
  })

  test('holds nothing back: an unfinished sequence does not swallow the text of another sanitizer', () => {
    expect(sanitize(`a${ESC}]0;x`)).toBe('a')
    expect(sanitize('b')).toBe('b')
  })

  test('lets nothing active through, whatever is thrown at it in whatever pieces', () => {
    const { below, pick } = random(21)
    const parts = [...attacks.map(([, attack]) => attack), ESC, '\u009b', '\u009d', '[', ']', '\\', 'm', '\n']
    for (let run = 0; run < 3000; run += 1) {
      let text = ''
      for (let length = below(12); length >= 0; length -= 1) {
        const part = pick(parts)
        const kind = below(3)
        if (kind === 0) text += part.slice(below(part.length))
        else if (kind === 1) text += part.slice(0, below(part.length) + 1)
        else text += String.fromCharCode(below(0x100))
      }
      const clean = sanitizer()
      let pieces = ''
      for (let at = 0; at < text.length; ) {
        const next = at + 1 + below(4)
        pieces += clean(text.slice(at, next))
        at = next
      }
      expect(pieces, JSON.stringify(text)).not.toMatch(active)
      expect(pieces, JSON.stringify(text)).toBe(sanitize(text))
      expect(pieces.split('\n').length, JSON.stringify(text)).toBe(text.split('\n').length)
      expect(sanitize(pieces), JSON.stringify(text)).toBe(pieces)
    }
  })
})

test('a text in whole plain pieces comes out as it does letter by letter, whatever stands before and behind them', () => {
  const parts = [
    'plain words\n',
    'a',
    '1',
    '\t',
    '\u200d',
    '\u200b',
    '👩',
    '\ufe0f',
    '\u20e3',
    '\u0301',
    ESC,
    '[31m',
    ']0;x',
    BEL,
    '\ud83d',
    '\udc69',
    'é',
  ]
  for (let seed = 1; seed <= 3000; seed += 1) {
    const { below, pick } = random(seed)
    const pieces = Array.from({ length: 1 + below(8) }, () => pick(parts))
    const whole = sanitizer()
    const single = sanitizer()
    const together = pieces.map(whole).join('')
    const apart = pieces
      .flatMap((piece) => piece.split(''))
      .map(single)
      .join('')
    expect(together, JSON.stringify(pieces)).toBe(apart)
  }
})
