import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readMessages } from '../../src/store/messages.ts'
import { answerQuestion } from '../support/answer.ts'
import { type Lab, openLab, type Terminal } from '../support/lab.ts'
import { openStoreAt } from '../support/store.ts'
import { until } from '../support/until.ts'

let lab: Lab
let terminal: Terminal
beforeEach(async () => {
  lab = openLab()
  await lab.q(['chat', 'first # heading', '--name', 'talk'])
  terminal = lab.terminal(['chat', '--resume', 'talk'], { columns: 140, rows: 50 })
  await until(() => terminal.screen().includes('[talk] q>'))
})
afterEach(() => lab.dispose())

test('/history shows who said what when, /history N the last of it', async () => {
  terminal.type('/history')
  await until(() =>
    /── you, \d{4}-\d\d-\d\d \d\d:\d\d ──\n *first # heading[\s\S]*── answer,/.test(terminal.screen()),
  )
  terminal.tmux('clear-history')
  terminal.keys('C-l')
  terminal.type('/history 1')
  await until(() => /── answer,/.test(terminal.screen()) && !terminal.screen().includes('── you'))
  terminal.type('/history 0')
  await until(() => terminal.screen().includes('usage: /history [N]'))
})

test.each(['talk.md', 'talk.json'])(
  '/save %s and /load bring a conversation to another session',
  async (file) => {
    terminal.type(`/save ~/${file}`)
    await until(() => terminal.screen().includes(`saved 2 messages to ${join(lab.home, file)}`))
    expect(statSync(join(lab.home, file)).mode & 0o777).toBe(0o600)
    terminal.type(`/load ${file}`)
    await until(() => terminal.screen().includes('open a session for it: /new'))
    const other = lab.terminal(['chat', '--name', 'copy'], { columns: 140, rows: 50 })
    await until(() => other.screen().includes('[copy] q>'))
    other.type(`/load ~/${file}`)
    await until(() => other.screen().includes('loaded 2 messages from'))
    expect(other.screen()).toContain('> first # heading')
    const { talk, copy } = await stored()
    expect(copy).toHaveLength(2)
    expect(copy).toEqual(talk)
  },
)

test('/save overwrites only when it is told to, and replaces a link instead of following it', async () => {
  writeFileSync(join(lab.home, 'mine.md'), 'precious')
  symlinkSync(join(lab.home, 'mine.md'), join(lab.home, 'link.md'))
  terminal.type('/save mine.md')
  await until(() => terminal.screen().includes('mine.md exists. Overwrite it? [y/N]:'))
  await answerQuestion(terminal, 'n')
  await until(() => terminal.screen().includes('not saved'))
  terminal.type('/save link.md')
  await until(() => terminal.screen().includes('link.md exists. Overwrite it? [y/N]:'))
  await answerQuestion(terminal, 'y')
  await until(() => terminal.screen().includes('saved 2 messages to'))
  expect(readFileSync(join(lab.home, 'mine.md'), 'utf8')).toBe('precious')
  expect(readFileSync(join(lab.home, 'link.md'), 'utf8')).toContain('first # heading')
})

test('what cannot be saved or loaded is said, and the prompt is there again', async () => {
  mkdirSync(join(lab.home, 'folder'))
  writeFileSync(join(lab.home, 'notes.md'), '# Notes\n')
  writeFileSync(join(lab.home, 'bad.json'), '{\n"format": 1 }')
  writeFileSync(join(lab.home, 'latin.md'), Buffer.from([0xe9, 0x0a]))
  for (const [line, words] of [
    ['/save no/where.md', 'there is no directory'],
    ['/save folder', 'folder is a directory'],
    ['/save', 'usage: /save FILE'],
    ['/load missing.md', 'missing.md cannot be read: ENOENT'],
    ['/load folder', 'folder is not a file'],
    ['/load notes.md', 'notes.md, line 1: this is not a conversation that /save wrote'],
    ['/load bad.json', 'bad.json, line 1: v is missing'],
    ['/load latin.md', 'latin.md is not UTF-8 text'],
    ['/load /dev/zero', '/dev/zero is not a file'],
  ] as const) {
    terminal.type(line)
    await until(() => terminal.screen().includes(words), { what: words })
  }
  terminal.type('still here')
  await until(async () => (await stored()).talk?.length === 4)
})

test('@session/ in /save makes the private directory and in /load reads from it', async () => {
  terminal.type('/save @session/sub/a.md')
  await until(() => terminal.screen().includes('saved 2 messages to'))
  const id = (await lab.list('--all')).sessions.find(({ name }) => name === 'talk')?.id ?? ''
  const directory = join(lab.home, '.amazonq/sessions', id, 'sub')
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  expect(statSync(join(lab.home, '.amazonq')).mode & 0o777).toBe(0o700)
  terminal.type('/save @session/../../../out.md')
  await until(() => terminal.screen().includes('does not name a file of this session'))
})

async function stored() {
  const store = await openStoreAt(lab.database)
  try {
    const { sessions } = await lab.list('--all')
    return Object.fromEntries(sessions.map(({ id, name }) => [name, readMessages(store, id)]))
  } finally {
    store.close()
  }
}
