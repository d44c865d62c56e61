import { expect, test } from 'vitest'
import { stripped } from '../../src/render/flow.ts'
import { createRenderer } from '../../src/render/renderer.ts'
import { cellsOf } from '../../src/text/cells.ts'
import { createStyle } from '../../src/text/style.ts'

const plainStyle = createStyle(false)
const colour = createStyle(true)

function render(text: string, width = 60, style = plainStyle, size = text.length || 1): string {
  const renderer = createRenderer({ columns: () => width, style })
  let out = ''
  for (let at = 0; at < text.length; at += size) out += renderer.write(text.slice(at, at + size))
  return out + renderer.end()
}

test.each([
  ['text', 'one two\nthree', 'one two\nthree\n'],
  ['paragraphs, however many blank lines stand between', '\n\na\n\n\n\nb\n\n', 'a\n\nb\n'],
  ['headings', '# One `x`\n## Two ##\n#three', 'One x\nTwo\n#three\n'],
  ['rules', 'a\n\n---\n* * *\n___\n--', `a\n\n${`${'─'.repeat(40)}\n`.repeat(3)}--\n`],
  ['the line below a heading', 'Title\n=====\na = b\n====x', `Title\n${'─'.repeat(40)}\na = b\n====x\n`],
  ['lists', '- a\n- b\n  - c\n    * d\n- e', '• a\n• b\n  • c\n    • d\n• e\n'],
  ['numbered lists', '1. a\n2. b\n   - c\n10) d', '1. a\n2. b\n   • c\n10) d\n'],
  ['task lists', '- [ ] a\n- [x] b', '• [ ] a\n• [x] b\n'],
  ['text inside an item', '- a\n\n  more\n\nout', '• a\n\n  more\n\nout\n'],
  ['quotes', '> a\n> - b\n> - c\n>\n> > d\nout', '│ a\n│ • b\n│ • c\n│\n│ │ d\nout\n'],
  ['a quote in an item', '- a\n  > b\n  > c\n- d', '• a\n  │ b\n  │ c\n• d\n'],
  ['emphasis', 'a **b *c* d** _e_ ~~f~~ ***g***', 'a b c d e f g\n'],
  ['what is no emphasis', 'a * b * c snake_case_name 2*3*4 ** x', 'a * b * c snake_case_name 234 ** x\n'],
  ['marks without a partner', '**a `b [c](d *e _f ~~g', '**a `b [c](d *e _f ~~g\n'],
  ['code spans', '`a*b*` ``c`d`` `` ` ``', 'a*b* c`d `\n'],
  ['escapes', '\\*a\\* \\d \\', '*a* \\d \\\n'],
  ['links', '[a](http://b) <http://c> ![d](e) http://f_g_h.', 'a (http://b) http://c d (e) http://f_g_h.\n'],
  ['a link that is its own text', '[http://a](http://a)', 'http://a\n'],
  ['indented code', 'a\n\n    b  *c*\n      d\n\ne', 'a\n\n  b  *c*\n    d\n\ne\n'],
  ['a fence', 'a\n```js\nlet  x = "*"\n\n```\nb', 'a\n  js\n  let  x = "*"\n\nb\n'],
  ['a fence that never closes', '~~~\na\n```\n**b**', '  a\n  ```\n  **b**\n'],
  ['a fence in an item', '- a\n  ```\n    x\n  ```\n- b', '• a\n      x\n• b\n'],
  ['a fence in a quote that ends', '> ```\n> x\ny', '│   x\ny\n'],
  ['pipes that are no table', '| a\nb', '| a\nb\n'],
  ['an item without text', '-\n- a', '• \n• a\n'],
])('%s', (_what, text, expected) => expect(render(text)).toBe(expected))

test('a table has columns as wide as they must be, aligned', () => {
  const table = '| a | bb |  c |\n|:--|:--:|--:|\n| 日本 | x | 1 |\n| y \\| z | `q` | 100 |\nafter'
  expect(render(table)).toBe(
    'a     │ bb │   c\n──────┼────┼────\n日本  │ x  │   1\ny | z │ q  │ 100\nafter\n',
  )
})

test('a table that is too wide is wrapped, and where that is no use becomes lines', () => {
  const table = '| name | text |\n|--|--|\n| one | some words that are long |\n'
  expect(render(table, 22)).toBe(
    'name │ text\n─────┼────────────────\none  │ some words that\n     │ are long\n',
  )
  expect(render(table, 12)).toBe('name: one\ntext: some\n  words that\n  are long\n────────\n')
})

test('a long table begins to appear after 200 rows', () => {
  const renderer = createRenderer({ columns: () => 40, style: plainStyle })
  expect(renderer.write(`|a|\n|-|\n${'|x|\n'.repeat(199)}`)).toBe('')
  expect(renderer.write('|x|\n').split('\n')).toHaveLength(203)
  expect(renderer.write('|y|\n')).toBe('y\n')
})

test('lines wrap by words, hang, and cut what is too long', () => {
  expect(render('- aaa bbb ccc ddd', 10)).toBe('• aaa bbb\n  ccc ddd\n')
  expect(render('> aaa bbb ccc', 10)).toBe('│ aaa bbb\n│ ccc\n')
  expect(render(`a ${'x'.repeat(25)} b`, 10)).toBe('a\nxxxxxxxxxx\nxxxxxxxxxx\nxxxxx b\n')
  expect(render('日本語のテキスト、です。', 10)).toBe('日本語のテ\nキスト、で\nす。\n')
  expect(render('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 10)).toBe(`${'👨‍👩‍👧'.repeat(5)}\n👨‍👩‍👧\n`)
  expect(render('```\nlet abc = 12345\n```', 12)).toBe('  let abc = \n  12345\n')
})

test('a word is there as soon as it is complete, a heading with its line', () => {
  const renderer = createRenderer({ columns: () => 60, style: plainStyle })
  const steps = ['Hel', 'lo wor', 'ld, it', ' **is', ' so** x\n', '# He', 'ad\n', '- a b', ' c']
  expect(steps.map((step) => renderer.write(step))).toEqual([
    '',
    'Hello',
    ' world,',
    ' it',
    ' is so x\n',
    '',
    'Head\n',
    '• a',
    ' b',
  ])
  expect(renderer.end()).toBe(' c\n')
})

test('plain goes through as it is', () => {
  const renderer = createRenderer({ columns: () => 10, style: colour, plain: true })
  expect(renderer.write('# **a** |b') + renderer.end()).toBe('# **a** |b')
})

test('a style begins and ends at its letter', () => {
  expect(render('a**b**c', 20, colour)).toBe('a\u001b[1mb\u001b[22mc\n')
})

test('a diff has what goes in red and what comes in green', () => {
  const out = render('```diff\n@@ -1 +1 @@\n-old\n+new\n same\n```\n', 40, colour)
  expect(out).toContain('\u001b[31m-old\u001b[39m')
  expect(out).toContain('\u001b[32m+new\u001b[39m')
})

test('styles are closed on every line', () => {
  const out = render(
    '# Head\n**bold words that wrap over lines** `code`\n```ts\nconst a = "b" // c\n```',
    20,
    colour,
  )
  expect(out).toContain('\u001b[36mcode\u001b[39m')
  expect(out).toContain('\u001b[35mconst\u001b[39m')
  expect(out).toContain('\u001b[32m"b"\u001b[39m')
  for (const line of out.split('\n')) {
    const opened = line.match(/\u001b\[(?:[1-4]|3\d)m/g)?.filter((code) => code !== '\u001b[39m').length ?? 0
    expect(line.match(/\u001b\[(?:2[2-4]|39)m/g)?.length ?? 0).toBe(opened)
  }
})

const bits = [
  'word',
  'two words',
  ' ',
  '\n',
  '\n\n',
  '# ',
  '## ',
  '- ',
  '* ',
  '1. ',
  '  ',
  '    ',
  '\t',
  '> ',
  '>',
  '```',
  '```js\n',
  '~~~\n',
  '`',
  '``',
  '**',
  '*',
  '_',
  '__',
  '~~',
  '[',
  ']',
  '(',
  ')',
  '](',
  '<',
  '>',
  '|',
  '|---|',
  '| a | b |\n',
  '|-|-|\n',
  '---',
  '===',
  '\\',
  '\\*',
  '!',
  'http://a.b/c_d',
  '<http://x>',
  '日本語',
  '👩‍💻',
  'e\u0301',
  '\ud83d\ude00',
  '"',
  "'",
  '// c',
  '/* ',
  '*/',
  '#',
  '=',
  '-',
  '+ ',
  '12',
  '9) ',
  'x'.repeat(70),
  '- [ ] ',
  ': ',
  '**bold**',
  '`code`',
  '*it*',
]

function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function anyText(next: () => number): string {
  return Array.from(
    { length: 1 + Math.floor(next() * 40) },
    () => bits[Math.floor(next() * bits.length)],
  ).join('')
}

test('however the text is cut, the same comes out', () => {
  const next = random(1)
  for (let round = 0; round < 1500; round++) {
    const text = anyText(next)
    const width = 12 + Math.floor(next() * 60)
    const whole = render(text, width, colour)
    expect(render(text, width, colour, 1), JSON.stringify(text)).toBe(whole)
    expect(render(text, width, colour, 1 + Math.floor(next() * 9)), JSON.stringify(text)).toBe(whole)
  }
})

test('no letter and no digit is ever lost or moved', () => {
  const next = random(2)
  const letters = (text: string) => text.replaceAll(/[^\p{L}\p{N}\p{Extended_Pictographic}]/gu, '')
  for (let round = 0; round < 3000; round++) {
    const text = anyText(next)
    expect(letters(stripped(render(text, 400, colour))), JSON.stringify(text)).toBe(letters(text))
  }
})

test('no line is wider than the terminal', () => {
  const next = random(3)
  for (let round = 0; round < 1500; round++) {
    const text = anyText(next).replaceAll(/^[\s>*+\-\d.)]+/gm, '')
    const width = 24 + Math.floor(next() * 50)
    for (const line of stripped(render(text, width, colour)).split('\n')) {
      expect(cellsOf(line), JSON.stringify([text, line, width])).toBeLessThanOrEqual(width)
    }
  }
})

test('the worst lines come through in small pieces, with nothing lost', () => {
  const worst = [
    'x',
    '*a',
    '`',
    '[a](',
    '-',
    '> ',
    '#a',
    '日本',
    '| a ',
    '**a `b [c ',
    '```js\n/*a',
    '_~~',
    '<h',
    '\\\\',
  ]
  const letters = (text: string) => text.replaceAll(/[^\p{L}]/gu, '')
  for (const part of worst) {
    const text = part.repeat(20_000 / part.length)
    expect(letters(render(text, 80, plainStyle, 7))).toBe(letters(text))
  }
})
