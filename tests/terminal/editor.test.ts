import { describe, expect, test } from 'vitest'
import { defaultLineKeys, pressedName } from '../../src/domain/line-commands.ts'
import { type Effect, reduce } from '../../src/terminal/editor/editor.ts'
import { type Editor, emptyEditor } from '../../src/terminal/editor/editor-state.ts'
import { searchPrompt } from '../../src/terminal/editor/history-search.ts'
import { defaultBindings, keyBindings } from '../../src/terminal/editor/line-bindings.ts'
import type { HistoryEntry } from '../../src/terminal/editor/line-history.ts'
import { labelOf, textOf } from '../../src/terminal/editor/units.ts'
import { decode, nothingRead } from '../../src/terminal/keys/key.ts'
import { lineOf } from '../../src/terminal/sent-line.ts'

const C = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) & 31)
const M = (letter: string): string => `\u001b${letter}`
const [up, down, right, left] = ['\u001b[A', '\u001b[B', '\u001b[C', '\u001b[D']
const back = '\u007f'
const paste = (text: string): string => `\u001b[200~${text}\u001b[201~`
const undo = '\u001f'

/** The text with `|` where the cursor is. */
const cases: [what: string, typed: string, shown: string][] = [
  ['to the start and the end', `abc${C('a')}x${C('e')}y`, 'xabcy|'],
  ['by letters', `abc${C('b')}${C('b')}${C('f')}x${left}${left}y${right}`, 'ayb|xc'],
  ['by words', `one two-three${M('b')}${M('b')}x${M('f')}y`, 'one xtwoy|-three'],
  [
    'over an emoji sequence, a flag, an accent',
    `a👨‍👩‍👧🇩🇪e\u0301${left}${left}${left}x`,
    'ax|👨‍👩‍👧🇩🇪e\u0301',
  ],
  ['deleting by letters as people see them', `a👨‍👩‍👧🇩🇪e\u0301${back}${back}`, 'a👨‍👩‍👧|'],
  ['an accent typed after its letter joins it', `e${'\u0301'}x${back}${back}`, '|'],
  ['two halves of a flag become one', `🇩x${back}🇪${back}`, '|'],
  ['Ctrl-D deletes what follows', `abc${C('a')}${C('d')}`, '|bc'],
  ['kill to the end and yank', `one two${M('b')}${C('k')}${C('a')}${C('y')}`, 'two|one '],
  ['kill to the start', `one two${M('b')}${C('u')}`, '|two'],
  ['kills in a row are one text', `one two three${M(back)}${M(back)}${C('a')}${C('y')}`, 'two three|one '],
  ['kill a word of any letters', `ls /a/b-c${C('w')}`, 'ls |'],
  ['kill the next word', `one two${C('a')}${M('d')}`, '| two'],
  ['transpose', `ab${C('t')}c${C('b')}${C('t')}`, 'bca|'],
  ['undo takes a run of typing back at once', `one two${C('w')}${undo}${undo}`, '|'],
  ['undo a kill', `one two${C('w')}${undo}`, 'one two|'],
  ['Ctrl-J and Alt-Enter begin a line', `a${C('j')}b${M('\r')}c`, 'a\nb\nc|'],
  [
    'up and down move inside the text and keep the column',
    `long line${C('j')}x${C('j')}another${up}${up}`,
    'long li|ne\nx\nanother',
  ],
  ['start and end are of the line', `one${C('j')}two${C('a')}x${up}${C('e')}y`, 'oney|\nxtwo'],
  ['a backslash at the end goes on', 'one\\\rtwo', 'one\ntwo|'],
  ['two backslashes at the end do not', 'one\\\\\r', 'one\\\\| submit'],
  ['an open fence goes on', '```js\rlet a\r', '```js\nlet a\n|'],
  ['a closed fence is sent', '```js\rlet a\r```\r', '```js\nlet a\n```| submit'],
  ['Enter in the middle sends all', `abc${C('b')}\r`, 'abc| submit'],
  ['a short paste is text', `a${paste('b\rc')}d`, 'ab\ncd|'],
  [
    'a long paste is one block',
    `a${paste('x\r'.repeat(12345))}d${left}${left}${back}`,
    '|[pasted 12,345 lines]d',
  ],
  [
    'a block is deleted at once, and comes back',
    `${paste('x'.repeat(2000))}${back}${undo}`,
    '[pasted 2,000 characters]|',
  ],
  [
    'half a fence in a folded paste does not keep Enter',
    `${paste('```\r1\r2\r3\r4\r5\r6')}\r`,
    '[pasted 7 lines]| submit',
  ],
  ['control characters in a paste do nothing', paste('a\u0003\u0004\u0015b'), 'a\u0003\u0004\u0015b|'],
  ['Ctrl-C', `ab${C('c')}`, 'ab| interrupt'],
  ['Ctrl-D on an empty line', C('d'), '| end'],
  ['Tab', '/s\t', '/s| complete'],
]

describe('the line', () => {
  for (const [what, typed, shown] of cases)
    test(what, () => {
      const { editor, effect } = type(typed)
      expect(show(editor) + (effect ? ` ${effect}` : '')).toBe(shown)
    })
})

describe('the history', () => {
  const history = ['git status', 'npm test', 'git push', 'git push', 'two\nlines']
  const cases: [string, string, string][] = [
    ['up goes back, and down to the draft', `${up}${down}`, '|'],
    ['the newest first', up, 'two\nlines|'],
    ['up goes on above the first of several lines', `${up}${up}${up}`, 'git push|'],
    ['only what begins as the draft does, each once', `git${up}${up}`, 'git status|'],
    ['the draft comes back', `git${up}${up}${down}${down}`, 'git|'],
    ['nothing begins so', `zz${up}`, 'zz|'],
    ['Ctrl-R finds the newest', `${C('r')}pus`, 'git |push'],
    ['again, an older one', `${C('r')}t${C('r')}${C('r')}`, 'npm |test'],
    ['Backspace widens', `${C('r')}statu${back}${back}${back}`, 'npm te|st'],
    ['Enter sends what was found', `${C('r')}npm\r`, 'npm test| submit'],
    ['other keys take it', `${C('r')}npm${C('e')}!`, 'npm test!|'],
    ['Ctrl-G brings the draft back', `draft${C('r')}npm${C('g')}`, 'draft|'],
    ['a search without a find sends nothing', `draft${C('r')}zzzz${C('c')}`, 'draft|'],
  ]
  for (const [what, typed, shown] of cases)
    test(what, () => {
      const { editor, effect } = type(typed, history)
      expect(show(editor) + (effect ? ` ${effect}` : '')).toBe(shown)
    })

  test('the prompt says what is searched, and that there is nothing', () => {
    const search = (typed: string) => type(typed, history).editor.search
    const words = [search(`${C('r')}npm`), search(`${C('r')}zzz`)].map(
      (found) => found && searchPrompt(found),
    )
    expect(words).toEqual(['(history) npm: ', '(nothing in the history for) zzz: '])
  })
})

describe('keys that the user bound', () => {
  const bound = keyBindings({
    ...defaultLineKeys,
    'word-left': ['C-o', 'F5', 'BTab', 'C-Space', 'M-PPage'],
    'history-search': ['C-x'],
    'transpose-chars': [],
  })
  test.each([
    ['one two\u000f', 'one |two'],
    ['one two\u001b[15~', 'one |two'],
    ['one two\u001b[Z', 'one |two'],
    ['one two\u0000', 'one |two'],
    ['one two\u001b[5;3~', 'one |two'],
    ['one two\u001bb', 'one two|'],
    ['one two\u0014', 'one two|'],
    ['\u0018fi\u0018', '|fine'],
    ['\u0012fi', 'fi|'],
  ])('%j leads to %s', (typed, shown) => {
    expect(show(type(typed, ['fine', 'five'], bound).editor)).toBe(shown)
  })

  test.each(['x', 'X', '1', 'Space', 'S-Left', 'Enter', 'Escape', 'C-c', 'C-z'])('%s is none', (key) => {
    expect(pressedName(key)).toBeUndefined()
  })

  test('every default is a key that the line hears, and no two commands have the same', () => {
    const keys = Object.values(defaultLineKeys).flat()
    expect(keys.filter((key) => pressedName(key) === undefined)).toEqual([])
    expect(defaultBindings.size).toBe(keys.length)
  })
})

function type(
  typed: string,
  history: readonly HistoryEntry[] = [],
  bindings = defaultBindings,
): { editor: Editor; effect: Effect | undefined } {
  let editor = emptyEditor
  let effect: Effect | undefined
  // Letter by letter, as typed; a paste whole.
  for (const chunk of typed.match(/\u001b\[200~.*?\u001b\[201~|\u001b\[[0-9;]*.|\u001b.|!x{1000,}|./gsu) ??
    []) {
    for (const key of decode(nothingRead, chunk).keys) {
      const next = reduce(editor, key, () => history, bindings)
      editor = next.editor
      effect = next.effect
    }
  }
  return { editor, effect }
}

function show({ units, at }: Editor): string {
  const shown = units.map((unit) => (typeof unit === 'string' ? unit : labelOf(unit)))
  return `${shown.slice(0, at).join('')}|${shown.slice(at).join('')}`
}

describe('no command is', () => {
  const pasted: [what: string, typed: string, history?: HistoryEntry[]][] = [
    ['a paste', paste('!ls')],
    ['a paste behind blanks that were typed', ` ${paste('!ls')}`],
    ['a paste behind blanks of its own', paste(' /quit')],
    ['a pasted word that is typed on', `${paste('/qu')}it`],
    ['a paste before which a letter was typed and deleted', `x${paste('!ls')}${C('a')}${C('d')}`],
    ['a paste that was killed and yanked', `${paste('!ls')}${C('u')}x${C('y')}${C('a')}${C('d')}`],
    ['a paste that comes back by undo', `${paste('!ls')}${C('u')}${undo}`],
    ['a pasted sign that was swapped to the front', `l${paste('!')}${C('t')}s`],
    ['a pasted sign that a typed accent joins', `${paste('/')}\u0301x`],
    ['a long paste', paste(`!${'x'.repeat(2000)}`)],
    ['a text too long to have been typed', `!${'x'.repeat(2000)}`],
    ['a recalled paste', up, [{ text: '!ls', typed: 0 }]],
    [
      'a recalled paste without what was typed before it',
      `${up}${C('a')}${C('d')}`,
      [{ text: 'x!ls', typed: 1 }],
    ],
    ['a paste that was searched for', `${C('r')}ls${C('e')}`, [{ text: '!ls', typed: 0 }]],
  ]
  for (const [what, typed, history] of pasted)
    test(what, () => expect(lineOf(type(typed, history).editor.units)).toMatchObject({ onlyPrompt: true }))

  const commands: [what: string, typed: string, history?: HistoryEntry[]][] = [
    ['a typed line', '!ls'],
    ['a typed line with a paste in it', `/save ${paste('notes.md')}`],
    ['a pasted word behind which a command was typed', `${paste('x')}${C('u')}/quit`],
    ['a recalled line', up, ['!ls']],
    ['a long recalled line', up, [`!${'x'.repeat(2000)}`]],
    ['a recalled line with a paste in it', up, [{ text: '/save notes.md', typed: 6 }]],
  ]
  for (const [what, typed, history] of commands)
    test(`… but ${what} is one`, () =>
      expect(lineOf(type(typed, history).editor.units)).not.toHaveProperty('onlyPrompt'))
})

test('what is sent is what was pasted', () => {
  const text = 'line\n'.repeat(100)
  expect(textOf(type(`a${paste(text)}b`).editor.units)).toBe(`a${text}b`)
})
