import { describe, expect, test } from 'vitest'
import { canonicalTmuxKey } from '../../src/config/checks/tmux-key.ts'

describe('a key has one name', () => {
  test.each([
    ['a', 'a'],
    ['A', 'A'],
    ['ä', 'ä'],
    ['-', '-'],
    ['%', '%'],
    ['C-a', 'C-a'],
    ['C-A', 'C-a'],
    ['M-A', 'M-A'],
    ['M--', 'M--'],
    ['C-M-a', 'C-M-a'],
    ['M-C-a', 'C-M-a'],
    ['C-m', 'Enter'],
    ['M-C-i', 'M-Tab'],
    ['C-[', 'Escape'],
    ['C-@', 'C-Space'],
    ['enter', 'Enter'],
    ['PageUp', 'PPage'],
    ['Delete', 'DC'],
    ['S-Up', 'S-Up'],
    ['F1', 'F1'],
    ['f12', 'F12'],
  ])('%s is %s', (text, name) => {
    expect(canonicalTmuxKey(text)).toBe(name)
  })
})

describe('what may not stand in a binding is no key', () => {
  const hostile = [
    '',
    ' ',
    ';',
    '#',
    '{',
    '}',
    "'",
    '"',
    '\\',
    '$',
    '~',
    'C-;',
    'M-#',
    'a;',
    'a b',
    '#(touch x)',
  ]
  const wrong = [
    'C-%',
    'C-M-|',
    'C-',
    'C-C-a',
    'S-a',
    'c-a',
    '^a',
    'ab',
    'F0',
    'F13',
    'None',
    'Any',
    'User0',
    'MouseDown1Pane',
  ]
  const invisible = [
    '\n',
    '\t',
    '\0',
    '\x1b',
    '\x9b',
    '\u202e',
    '\u200b',
    '😀',
    'a\u0301',
    'a\n',
    'Enter\n',
    'constructor',
  ]
  test.each([...hostile, ...wrong, ...invisible].map((text) => [text]))('%j', (text) => {
    expect(canonicalTmuxKey(text)).toBeUndefined()
  })
})
