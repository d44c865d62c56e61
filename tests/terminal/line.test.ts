import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTerminalLab, type Pane, type TerminalLab } from '../support/terminal-lab.ts'
import { until } from '../support/until.ts'

let lab: TerminalLab
beforeEach(() => {
  lab = openTerminalLab()
})
afterEach(() => lab.dispose())

const line = (text: string) => ({ type: 'line', text })

test('wide letters: the cursor stands where the next letter goes, and deleting takes whole ones', async () => {
  const pane = await reading()
  pane.type('a日本👨‍👩‍👧🇩🇪❤️é')
  await until(() => pane.screen().startsWith('q> a日本'))
  await until(() => pane.cursor() === '15,0')
  pane.keys('Left', 'Left', 'BSpace', 'BSpace')
  await until(() => pane.cursor() === '8,0')
  pane.keys('End')
  pane.type('!')
  pane.keys('Enter')
  expect(await pane.line).toEqual(line('a日本❤️é!'))
})

test('several lines by Ctrl-J, Alt-Enter, a backslash and a fence; Enter sends', async () => {
  const pane = await reading()
  pane.type('a')
  pane.keys('C-j')
  pane.type('b')
  pane.keys('M-Enter')
  for (const text of ['c\\', '```', 'd']) {
    await typed(pane, () => pane.type(text))
    await typed(pane, () => pane.keys('Enter'))
  }
  pane.type('```')
  await until(() => pane.screen() === 'q> a\nb\nc\n```\nd\n```')
  pane.keys('Up', 'Up', 'Up', 'Up')
  await until(() => pane.cursor() === '1,1')
  pane.keys('Enter')
  expect(await pane.line).toEqual(line('a\nb\nc\n```\nd\n```'))
  await until(() => pane.cursor() === '0,6')
})

test('5 MB pasted are shown folded, edited around and sent whole', async () => {
  const pane = await reading()
  const text = Array.from(
    { length: 70_000 },
    (_, index) => `${index}\t\u0003\u001b[A ${'x'.repeat(64)}`,
  ).join('\n')
  expect(text.length).toBeGreaterThan(5_000_000)
  pane.type('<')
  pane.paste(text)
  await until(() => pane.screen() === 'q> <[pasted 70,000 lines]')
  await afterPaste()
  pane.keys('Home')
  pane.type('look: ')
  await until(() => pane.screen() === 'q> look: <[pasted 70,000 lines]')
  pane.keys('End')
  pane.type('>')
  pane.keys('Enter')
  const read = await pane.line
  expect(read.text === `look: <${text}>`).toBe(true)
})

test('a paste that holds its own end and an Enter sends nothing, however it is cut', async () => {
  const pane = await reading()
  pane.paste(`rm -rf\u001b[201~\ry\r${'z\u001b[201~\r'.repeat(3000)}`)
  await until(() => pane.screen().includes('[pasted'))
  await afterPaste()
  expect(pane.screen().split('\n')[0]).toMatch(/^q> /)
  expect(pane.lineIs()).toBe(undefined)
  pane.keys('C-u')
  await until(() => pane.screen().endsWith('q>'))
  pane.type('next')
  pane.keys('Enter')
  expect(await pane.line).toEqual(line('next'))
})

test('what is typed while an answer streams is in the line afterwards, and lines go in order', async () => {
  const pane = await lab.pane()
  await pane.act('stream')
  await pane.act('write', 'the answer ')
  await typed(pane, () => pane.type('first'))
  await typed(pane, () => pane.keys('Enter'))
  await typed(pane, () => pane.type('second half'))
  await pane.act('write', 'ends.\n')
  await pane.act('end')
  expect(await pane.act('read', 'q> ')).toEqual(line('first'))
  const second = pane.act('read', 'q> ')
  await until(() => pane.screen() === 'the answer ends.\nq> first\nq> second half')
  pane.keys('Enter')
  expect(await second).toEqual(line('second half'))
})

test('after Ctrl-C while an answer streams nothing typed ahead is lost, and nothing is sent by itself', async () => {
  const pane = await lab.pane()
  const tokens = pane.act('tokens')
  pane.type('ahead')
  pane.keys('Enter')
  pane.keys('C-c')
  await until(() => pane.events.includes('interrupt'))
  await pane.act('end')
  await tokens
  const read = pane.act('read', 'q> ')
  await until(() => pane.screen().endsWith('q> ahead'))
  pane.type('x')
  pane.keys('Enter')
  expect(await read).toEqual(line('ahead\nx'))
})

test('Ctrl-C reaches us within 100 ms at 500 tokens a second', async () => {
  const pane = await lab.pty()
  const tokens = pane.act('tokens')
  await until(() => pane.output().includes('token token'))
  const times: number[] = []
  for (let round = 1; round <= 20; round++) {
    const start = performance.now()
    pane.write('\u0003')
    await until(() => pane.events.filter((event) => event === 'interrupt').length === round, { every: 1 })
    times.push(performance.now() - start)
  }
  await pane.act('end')
  await tokens
  expect(times.sort((a, b) => a - b)[10]).toBeLessThan(100)
})

test('what is said stands above the prompt, and a half-typed text of several lines stays', async () => {
  const pane = await reading()
  pane.type('one')
  pane.keys('C-j')
  pane.type('two')
  pane.keys('Left')
  await until(() => pane.cursor() === '2,1')
  await pane.act('say', 'news')
  await until(() => pane.screen() === 'news\nq> one\ntwo' && pane.cursor() === '2,2')
  await pane.act('suspend')
  await until(() => pane.screen() === 'news')
  await pane.act('say', 'more')
  const read = pane.act('read', 'other> ')
  await until(() => pane.screen() === 'news\nmore\nother> one\ntwo' && pane.cursor() === '2,3')
  pane.keys('Enter')
  expect(await read).toEqual(line('one\ntwo'))
})

test('what is said during an answer comes in order, on a line of its own', async () => {
  const pane = await lab.pane()
  await pane.act('stream')
  await pane.act('write', 'begins ')
  await pane.act('say', '(queued)')
  await pane.act('write', 'goes on\n\u001b[31m\u001b]0;title\u0007red')
  await pane.act('end')
  await until(() => pane.screen() === 'begins\n(queued)\ngoes on\nred')
})

test('the spinner counts the seconds and leaves no trace', async () => {
  const pane = await lab.pane()
  await pane.act('say', 'asked')
  await pane.act('stream')
  await pane.act('wait', 'thinking')
  await until(() => /^asked\n[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] thinking 1 s$/.test(pane.screen()))
  await pane.act('say', 'a notice')
  await until(() => /^asked\na notice\n. thinking \d s$/.test(pane.screen()))
  await pane.act('write', 'text\n')
  await until(() => pane.screen() === 'asked\na notice\ntext')
  await pane.act('end')
})

test('Tab completes what all have in common, lists at the second, and keeps what is typed meanwhile', async () => {
  const pane = await reading()
  pane.bytes('/s\t\t')
  await until(() => pane.screen() === '/switch    /sessions\nq> /s')
  pane.bytes('w\tdemo')
  await until(() => pane.screen() === '/switch    /sessions\nq> /switchdemo')
  pane.keys('C-u')
  pane.bytes('/he\tx')
  await until(() => pane.screen().endsWith('q> /help x'))
})

test('the history is shared and found with Ctrl-R', async () => {
  const history = join(lab.home, 'history')
  writeFileSync(history, '"from another worker"\n"and its newest"\n')
  const pane = await reading({ history })
  pane.type('draft')
  pane.keys('C-r')
  pane.type('other')
  await until(() => pane.screen() === '(history) other: from another worker')
  pane.keys('C-g')
  await until(() => pane.screen() === 'q> draft')
  pane.keys('C-r')
  pane.type('ano')
  pane.keys('Enter')
  expect(await pane.line).toEqual(line('from another worker'))
  expect(readFileSync(history, 'utf8')).toMatch(/newest"\n"from another worker"\n$/)
  const next = pane.act('read', 'q> ')
  pane.keys('Up', 'Up')
  await until(() => pane.screen().endsWith('q> and its newest'))
  pane.keys('Down', 'Down')
  await until(() => pane.screen().endsWith('q>'))
  pane.type(' hidden')
  pane.keys('Enter')
  await next
  expect(readFileSync(history, 'utf8')).not.toContain('hidden')
})

test('Ctrl-C leaves a text on the screen, and on an empty line is an event, as Ctrl-D is', async () => {
  const pane = await reading()
  pane.type('abc')
  pane.keys('C-c')
  await until(() => pane.screen() === 'q> abc^C\nq>')
  pane.keys('C-y')
  await until(() => pane.screen() === 'q> abc^C\nq> abc')
  pane.keys('C-u', 'C-c')
  expect(await pane.line).toEqual({ type: 'interrupt' })
  const next = pane.act('read', 'q> ')
  pane.keys('C-d')
  expect(await next).toEqual({ type: 'end' })
})

test("the terminal's replies are not typed, and bytes that are no UTF-8 kill nobody", async () => {
  const pane = await reading()
  pane.bytes('a\u001b[12;40R\u001b[?62;22c\u001b]11;rgb:00/00/00\u0007\u001bP>|tmux\u001b\\b')
  await until(() => pane.screen() === 'q> ab')
  pane.bytes(Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x80]))
  await until(() => /^q> ab\ufffd+\(\ufffd+$/.test(pane.screen()))
  pane.keys('Enter')
  expect((await pane.line).text).toMatch(/^ab/)
})

test('200 resizes leave the text and what is above it as they were', async () => {
  const pane = await lab.pane({ columns: 80, rows: 24 })
  await pane.act('say', 'above one')
  await pane.act('say', 'above two')
  const read = pane.act('read', 'q> ')
  const text = 'the quick brown fox jumps over the lazy dog 日本語 and goes on and on'
  pane.type(text)
  await until(() => pane.screen().endsWith('on and on'))
  for (let round = 0; round < 200; round++)
    pane.resize([80, 41, 23, 60, 35][round % 5] ?? 80, [24, 10, 16][round % 3] ?? 24)
  pane.resize(80, 24)
  await until(() => pane.screen().endsWith('on and on'))
  await new Promise((resolve) => setTimeout(resolve, 200))
  const rows = pane.screen().split('\n')
  expect(rows.at(-1)).toBe(`q> ${text}`)
  expect(rows.slice(0, 2)).toEqual(['above one', 'above two'])
  expect(rows.length).toBeLessThanOrEqual(4)
  pane.keys('Enter')
  expect(await read).toEqual(line(text))
})

for (const [name, env] of [
  ['screen', { TERM: 'screen' }],
  ['screen-256color', { TERM: 'screen-256color' }],
  ['tmux-256color', { TERM: 'tmux-256color' }],
  ['xterm-256color in the C locale', { TERM: 'xterm-256color', LANG: 'C', LC_ALL: 'C' }],
] as const) {
  test(`typing, editing and sending as ${name}`, async () => {
    const pane = await reading({ env })
    pane.type('one twoé')
    pane.keys('M-b', 'C-k')
    pane.type('three')
    await until(() => pane.screen() === 'q> one three' && pane.cursor() === '12,0')
    pane.keys('Enter')
    expect(await pane.line).toEqual(line('one three'))
  })
}

test('raw mode and bracketed paste are undone when it is closed, ended by a signal or dies of a fault', async () => {
  for (const end of ['close', 'signal', 'throw']) {
    const pane = await lab.pane({ shell: 'stty -a > before; $CHILD; stty -a > after; echo ENDED; cat' })
    void pane.act('read', 'q> ')
    await until(() => pane.screen().includes('q>'))
    if (end === 'signal') {
      const target = lab.tmux('list-panes', '-a', '-F', '#{pane_pid}').split('\n').at(-1) ?? ''
      const children = readFileSync(`/proc/${target}/task/${target}/children`, 'utf8').trim()
      process.kill(Number(children), 'SIGTERM')
    } else void pane.act(end).catch(() => {})
    await until(() => pane.screen().includes('ENDED'))
    expect(readFileSync(join(lab.home, 'after'), 'utf8')).toBe(readFileSync(join(lab.home, 'before'), 'utf8'))
    pane.paste('plain')
    await until(() => pane.screen().endsWith('plain'))
  }
})

test('Ctrl-Z stops where a shell takes over, and fg brings line and modes back', async () => {
  const pane = await reading({ jobs: true, shell: 'set -m; $CHILD; echo STOPPED; fg; cat' })
  pane.type('half')
  await until(() => pane.screen().endsWith('half'))
  pane.keys('C-z')
  await until(() => pane.screen().includes('STOPPED'))
  await until(() => pane.screen().endsWith('q> half'))
  pane.type(' typed')
  pane.keys('Enter')
  expect(await pane.line).toEqual(line('half typed'))
})

test('Ctrl-Z does nothing in a window of the workspace', async () => {
  const pane = await reading()
  pane.keys('C-z')
  pane.type('on')
  pane.keys('Enter')
  expect(await pane.line).toEqual(line('on'))
})

test('another program gets the terminal and gives it back; what is said meanwhile comes afterwards', async () => {
  const pane = await lab.pane()
  const ending = pane.act('run', 'echo begun; read -r x; printf "got $x"; exit 3')
  await until(() => pane.screen() === 'begun')
  await pane.act('say', 'meanwhile')
  pane.type('input')
  pane.keys('Enter')
  expect(await ending).toEqual({ code: 3 })
  await until(() => pane.screen() === 'begun\ninput\ngot input\nmeanwhile')
  const interrupted = pane.act('run', 'echo sleeps; sleep 100')
  await until(() => pane.screen().endsWith('sleeps'))
  pane.keys('C-c')
  expect(await interrupted).toEqual({ signal: 'SIGINT' })
  const read = pane.act('read', 'q> ')
  pane.paste('pasted\nlines')
  await until(() => pane.screen().endsWith('q> pasted\nlines'))
  await afterPaste()
  pane.keys('Enter')
  expect(await read).toEqual(line('pasted\nlines'))
})

test("the user's editor gets a private file, which is gone afterwards", async () => {
  const script = join(lab.home, 'editor.sh')
  writeFileSync(script, 'stat -c %a "$2" > mode; cat "$2" > seen; echo "$1 written" > "$2"; touch "$2~"\n')
  const pane = await lab.pane({ env: { EDITOR: `sh ${script} --flag` } })
  expect(await pane.act('edit', 'begin')).toBe('--flag written')
  expect(readFileSync(join(lab.home, 'seen'), 'utf8')).toBe('begin')
  expect(readFileSync(join(lab.home, 'mode'), 'utf8')).toBe('600\n')
  expect(readdirSync(lab.home).filter((name) => name.startsWith('q-editor'))).toEqual([])
  const failing = await lab.pane({ env: { VISUAL: 'false', EDITOR: 'true' } })
  expect(await failing.act('edit', 'x')).toBe(undefined)
})

test('what a terminal pastes without marks is one block until an Enter comes alone, and is no command', async () => {
  const pane = await lab.pty()
  const read = pane.act('read', 'q> ')
  await until(() => pane.output().includes('q> '))
  pane.write('!touch one\rtwo\rthree')
  await until(() => pane.output().includes('three'))
  pane.write('\r')
  expect(await read).toEqual(line('!touch one\ntwo\nthree'))
  const next = pane.act('read', 'q> ')
  await new Promise((resolve) => setTimeout(resolve, 300))
  pane.write('/close\r\ny\r')
  await until(() => pane.output().includes('/close'))
  await new Promise((resolve) => setTimeout(resolve, 300))
  pane.write('z')
  pane.write('\r')
  expect(await next).toEqual(line('/close\ny\nz'))
  const long = pane.act<{ text: string }>('read', 'q> ')
  const lines = Array.from({ length: 3000 }, (_, index) => `line ${index}`)
  pane.write(`${lines.join('\r')}\r`)
  await until(() => pane.output().endsWith('3,000 lines]'))
  await afterPaste()
  pane.write('\r')
  expect((await long).text.trimEnd()).toBe(lines.join('\n'))
})

test('a line that is pasted from its first character says so, also out of the history; one that was begun by typing does not', async () => {
  const history = join(lab.home, 'history')
  const pane = await reading({ history })
  pane.paste('/quit now')
  await until(() => pane.screen() === 'q> /quit now')
  await afterPaste()
  pane.keys('Enter')
  expect(await pane.line).toEqual({ ...line('/quit now'), onlyPrompt: true })
  const recalled = pane.act('read', 'q> ')
  pane.keys('Up')
  await until(() => pane.screen().endsWith('q> /quit now'))
  pane.keys('Enter')
  expect(await recalled).toEqual({ ...line('/quit now'), onlyPrompt: true })
  const begun = pane.act('read', 'q> ')
  pane.type('/save ')
  await until(() => pane.screen().endsWith('q> /save'))
  pane.paste('notes.md')
  await until(() => pane.screen().endsWith('q> /save notes.md'))
  await afterPaste()
  pane.keys('Enter')
  expect(await begun).toEqual(line('/save notes.md'))
  expect(readFileSync(history, 'utf8')).toBe('["/quit now",0]\n["/quit now",0]\n["/save notes.md",6]\n')
})

/** Resolves when what was typed was read: what is read at once with an Enter before it is a paste. */
async function typed(pane: Pane, type: () => void): Promise<void> {
  const before = await pane.act<number>('bytesRead')
  type()
  await until(async () => (await pane.act<number>('bytesRead')) > before)
}

/** Keys that come right behind a paste count as pasted. */
function afterPaste(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300))
}

interface ReadingPane extends Pane {
  line: Promise<{ type: string; text: string }>
  lineIs(): unknown
}

async function reading(options: Parameters<TerminalLab['pane']>[0] = {}): Promise<ReadingPane> {
  const pane = await lab.pane(options)
  const read = pane.act<{ type: string; text: string }>('read', 'q> ')
  let result: unknown
  void read.then((value) => {
    result = value
  })
  await until(() => pane.screen().endsWith('q>'))
  return { ...pane, line: read, lineIs: () => result }
}
