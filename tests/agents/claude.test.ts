import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SessionView } from '../../src/sessions/list/session-view.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  const bin = join(lab.home, 'bin')
  mkdirSync(bin)
  const program = fileURLToPath(new URL('fake-claude.ts', import.meta.url))
  const script = `#!/bin/sh\n[ "$1" = --version ] && exec echo '2.1.332 (Claude Code)'\nexec '${process.execPath}' '${program}' "$@"\n`
  writeFileSync(join(bin, 'claude'), script)
  chmodSync(join(bin, 'claude'), 0o755)
  lab.env.PATH = `${bin}:${lab.env.PATH}`
  await lab.q(['mux', '--detach'])
})
afterEach(() => lab.dispose())

async function openClaude(...words: string[]): Promise<SessionView> {
  expect(await lab.q(['mux', 'new', 'cc', '--agent', 'claude', '--background', ...words])).toMatchObject({
    code: 0,
  })
  return until(async () => {
    const cc = await session()
    return cc.status === 'WaitingForInput' && cc
  })
}

async function session(): Promise<SessionView> {
  const found = (await lab.list()).sessions.find(({ name }) => name === 'cc')
  if (!found) throw new Error('Expected a session cc')
  return found
}

/** Until it is so, and returns it. */
function becomes(facts: Partial<SessionView>): Promise<SessionView> {
  return until(async () => {
    const cc = await session()
    return Object.entries(facts).every(([name, value]) => cc[name as keyof SessionView] === value) && cc
  })
}

const say = (text: string): Promise<unknown> => lab.q(['mux', 'send', 'cc', text])

/** Until it takes a line as what ends its work. */
async function works({ pane }: SessionView): Promise<void> {
  await until(() => lab.screen(pane ?? '').includes('working …'))
}

function said(): unknown[] {
  const db = new Database(lab.database, { readonly: true })
  try {
    const rows = db
      .prepare<[], { role: string; content: string }>(
        `SELECT role, content FROM messages JOIN conversations USING (conversation_id)
         WHERE session_name = 'cc' ORDER BY seq`,
      )
      .all()
    return rows.map(({ role, content }) => `${role}: ${JSON.parse(content)[0].text}`)
  } finally {
    db.close()
  }
}

test('it starts in its window, waits for nobody, and is started with what the user wrote behind --', async () => {
  const cc = await openClaude('--', '--model', 'some model')
  expect(cc).toMatchObject({ waitingFor: null, turn: 0, agent: 'claude', agentSession: null })
  expect(cc.declares).toContain('interrupt')
  expect(lab.corner()).toBe('')
  expect((await lab.q(['mux', 'list'])).stdout).toMatch(/cc .*development {2}claude\n/)
  const shown = lab.screen(cc.pane ?? '').replaceAll('\n', '')
  expect(shown).toContain('fake claude --settings --permission-mode --session-id --model')
})

test('it has what the user set for it where it was opened, and nothing of one that ran there', async () => {
  lab.env.ANTHROPIC_BASE_URL = 'http://127.0.0.1:9'
  lab.env.CLAUDECODE = '1'
  lab.tmux('set-environment', '-g', 'CLAUDECODE', '1')
  const cc = await openClaude()
  expect(lab.screen(cc.pane ?? '')).toContain('asks http://127.0.0.1:9\n')
})

test('a mode that the user chose is left alone', async () => {
  mkdirSync(join(lab.home, '.claude'))
  writeFileSync(join(lab.home, '.claude/settings.json'), '{"permissions":{"defaultMode":"plan"}}')
  const cc = await openClaude()
  expect(lab.screen(cc.pane ?? '').replaceAll('\n', '')).toContain('--settings --session-id')
})

test('a prompt that was sent is said to it, and what was said on both sides is kept', async () => {
  await openClaude()
  const sent = await lab.q(['mux', 'send', 'cc', 'why does the login fail'])
  expect(sent).toMatchObject({ code: 0, stdout: expect.stringContaining('it starts now') })
  await becomes({ status: 'WaitingForInput', waitingFor: 'error', detail: 'API Error: fake 429' })
  expect(lab.corner()).toBe('[cc✗]')
  await say('again')
  const cc = await becomes({ status: 'WaitingForInput', waitingFor: 'input', turn: 2 })
  expect(cc.agentSession).toBe(cc.id)
  expect(said()).toEqual(['user: why does the login fail', 'user: again', 'assistant: answer to again'])
})

test('what is typed in its window counts as what was sent', async () => {
  const cc = await openClaude()
  lab.type(cc.pane ?? '', 'slow thing')
  await becomes({ status: 'Processing', turn: 1 })
  await works(cc)
  lab.type(cc.pane ?? '', 'esc')
  await becomes({ status: 'WaitingForInput', waitingFor: 'input', detail: 'interrupted' })
})

test('prompts that are sent while it works are said one after the other', async () => {
  const cc = await openClaude()
  await say('slow one')
  await becomes({ status: 'Processing' })
  for (const text of ['two', 'three']) await say(text)
  await works(cc)
  lab.type(cc.pane ?? '', 'go on')
  await becomes({ status: 'WaitingForInput', turn: 3, messages: 6 })
  expect(said().filter((line) => String(line).startsWith('user'))).toEqual([
    'user: slow one',
    'user: two',
    'user: three',
  ])
})

test('nothing is pasted between what somebody types there: it waits, and says so', async () => {
  const cc = await openClaude()
  const terminal = lab.terminal()
  await lab.q(['mux', 'switch', 'cc'])
  await until(() => terminal.screen().includes('fake claude'))
  terminal.keys('h', 'a', 'l', 'f')
  await until(() => lab.screen(cc.pane ?? '').includes('half'))
  const sent = await lab.q(['mux', 'send', 'cc', 'from elsewhere'])
  expect(sent.stdout).toContain('number 1 in its queue: somebody types in its window')
  terminal.keys('Enter')
  await becomes({ turn: 2, waitingFor: 'input' })
  expect(said().filter((line) => String(line).startsWith('user'))).toEqual([
    'user: half',
    'user: from elsewhere',
  ])
})

test('what it asks is shown whole, and a yes from elsewhere is its answer', async () => {
  await openClaude()
  await say('tool')
  await becomes({ waitingFor: 'approval', detail: 'execute_bash: touch it' })
  expect(lab.corner()).toBe('[cc!]')
  const approved = await lab.q(['mux', 'approve', 'cc', '--yes'])
  expect(approved).toMatchObject({ code: 0 })
  expect(approved.stdout).toMatch(/touch it\n.*rm "a b"\n.*description: "make a file"/)
  await becomes({ status: 'WaitingForInput', waitingFor: 'input' })
  expect(said()).toContain('assistant: allow: null')
})

test('a no from elsewhere reaches it with its words, and a yes for all of the kind as a rule of this session', async () => {
  await openClaude()
  await say('tool')
  await becomes({ waitingFor: 'approval' })
  expect(await lab.q(['mux', 'deny', 'cc', 'use mkdir'])).toMatchObject({ code: 0 })
  await becomes({ waitingFor: 'input' })
  await say('tool')
  await becomes({ waitingFor: 'approval' })
  expect(await lab.q(['mux', 'approve', 'cc', '--trust'])).toMatchObject({ code: 0 })
  await becomes({ waitingFor: 'input', turn: 2 })
  expect(said().slice(1)).toEqual([
    'assistant: deny: use mkdir',
    'user: tool',
    'assistant: allow: [{"type":"addRules","behavior":"allow","destination":"session","rules":[{"toolName":"Bash","ruleContent":"touch *"}]}]',
  ])
})

test.each([
  ['y', 'assistant: allowed there'],
  ['esc', undefined],
])(
  'a question that is answered there with %s is none elsewhere any more, and its hook ends',
  async (key, answer) => {
    const cc = await openClaude()
    await say('tool')
    await becomes({ waitingFor: 'approval' })
    lab.type(cc.pane ?? '', key)
    await becomes({ status: 'WaitingForInput', waitingFor: 'input' })
    expect(said()[1]).toBe(answer)
    // What was answered there nobody told us.
    expect(verdicts()).toEqual([])
    expect(await lab.q(['mux', 'approve', 'cc', '--yes'])).toMatchObject({ code: 1 })
    await until(() => filesOfRun(cc).every((name) => !name.includes('PermissionRequest')))
  },
)

test('a dialog of its own is answered in its window only, and says so', async () => {
  const cc = await openClaude()
  await say('dialog')
  await becomes({ waitingFor: 'approval', detail: 'asks in its own window: dialog open' })
  expect(lab.corner()).toBe('[cc!]')
  const approved = await lab.q(['mux', 'approve', 'cc', '--yes'])
  expect(approved.code).toBe(1)
  expect(approved.stderr).toContain('can be answered in its window only')
  lab.type(cc.pane ?? '', 'ok')
  await becomes({ waitingFor: 'input' })
})

test('what a subagent or another one that it runs reports is not taken for its own', async () => {
  const cc = await openClaude()
  await say('subagent nested slow')
  await works(cc)
  lab.type(cc.pane ?? '', 'go on')
  await becomes({ waitingFor: 'input' })
  expect(said()).toEqual(['user: subagent nested slow', 'assistant: answer to subagent nested slow'])
})

test('while a subagent works in the background it is at work, and what that found is no prompt of the user', async () => {
  const cc = await openClaude()
  await say('look in the background')
  await becomes({ status: 'Processing', detail: 'its subagents work' })
  await works(cc)
  expect(lab.corner()).toBe('')
  lab.type(cc.pane ?? '', 'go on')
  await becomes({ waitingFor: 'input', turn: 1 })
  expect(said()).toEqual([
    'user: look in the background',
    'assistant: a subagent looks',
    'assistant: answer to look in the background',
  ])
})

test('one that ends by a fault keeps its window with the reason, and Enter brings its conversation back', async () => {
  const cc = await openClaude()
  await say('hello')
  await becomes({ waitingFor: 'input' })
  lab.type(cc.pane ?? '', 'crash')
  await becomes({ status: 'Paused', detail: 'Claude Code ended: exit 3' })
  await until(() => lab.screen(cc.pane ?? '').includes('Press Enter to bring it back'))
  lab.keys(cc.pane ?? '', 'Enter')
  await becomes({ status: 'WaitingForInput', waitingFor: 'input' })
  expect(lab.screen(cc.pane ?? '').replaceAll('\n', '')).toContain('--resume')
})

test('a flag that chose its conversation is not given again: it goes on with the one that it told of', async () => {
  const cc = await openClaude('--', '--continue', '--model', 'some-model')
  const starts = (): string[] =>
    lab
      .screen(cc.pane ?? '')
      .replaceAll('\n', '')
      .split('fake claude')
      .slice(1)
  expect(starts()).toEqual([expect.stringContaining('--continue --model')])
  await say('hello')
  await becomes({ waitingFor: 'input', agentSession: '00000000-0000-4000-8000-000000000001' })
  lab.type(cc.pane ?? '', 'crash')
  await until(() => lab.screen(cc.pane ?? '').includes('Press Enter to bring it back'))
  lab.keys(cc.pane ?? '', 'Enter')
  await until(() => starts().length === 2)
  expect(starts()[1]).toContain('--resume --model')
  expect(starts()[1]).not.toContain('--continue')
})

test('one that was left takes its window along, and its session can be brought back', async () => {
  const cc = await openClaude()
  await say('hello')
  await becomes({ waitingFor: 'input' })
  lab.type(cc.pane ?? '', '/exit')
  await becomes({ status: 'Paused', window: null })
  expect(await lab.q(['mux', 'switch', 'cc'])).toMatchObject({ code: 0 })
  const back = await becomes({ status: 'WaitingForInput', waitingFor: 'input' })
  expect(lab.screen(back.pane ?? '').replaceAll('\n', '')).toContain('--resume')
})

test('a killed worker takes the program along, and the session comes back with its conversation', async () => {
  const cc = await openClaude()
  await say('slow')
  await becomes({ status: 'Processing' })
  process.kill(cc.pid ?? 0, 'SIGKILL')
  await until(() => lab.screen(cc.pane ?? '').includes('Press Enter to go on'))
  lab.keys(cc.pane ?? '', 'Enter')
  await becomes({ status: 'WaitingForInput', waitingFor: 'error', detail: 'cut off in mid-answer' })
  expect(programs()).toBe(1)
})

test('one that outlives its worker is ended before another one goes on with its conversation', async () => {
  const cc = await openClaude('--', '--stays')
  await say('hello')
  await becomes({ waitingFor: 'input' })
  process.kill(cc.pid ?? 0, 'SIGKILL')
  await until(() => lab.screen(cc.pane ?? '').includes('Press Enter to go on'))
  lab.keys(cc.pane ?? '', 'Enter')
  const most: number[] = []
  await until(() => {
    most.push(programs())
    return lab
      .screen(cc.pane ?? '')
      .replaceAll('\n', '')
      .includes('--resume')
  })
  await becomes({ status: 'WaitingForInput', waitingFor: 'input' })
  expect(Math.max(...most)).toBe(1)
})

test('after a restore it sleeps until it is looked at, and then goes on with its conversation', async () => {
  await openClaude()
  await say('hello')
  await becomes({ waitingFor: 'input' })
  await lab.q(['mux', 'new', 'other', '--background'])
  await lab.q(['mux', 'send', 'other', 'count to 1'])
  await until(() => lab.corner().includes('[other]'))
  expect(await lab.q(['mux', 'stop'])).toMatchObject({ code: 0 })
  await until(() => programs() === 0)
  await lab.q(['mux', '--detach'])
  expect(await session()).toMatchObject({
    asleep: true,
    pid: null,
    status: 'WaitingForInput',
    waitingFor: 'input',
  })
  expect(programs()).toBe(0)
  await say('once more')
  await becomes({ asleep: false, turn: 2, waitingFor: 'input' })
  expect(said().slice(2)).toEqual(['user: once more', 'assistant: answer to once more'])
})

test('a closed one ends, and leaves nothing behind', async () => {
  const cc = await openClaude()
  expect(await lab.q(['mux', 'close', 'cc', '--yes'])).toMatchObject({ code: 0 })
  await until(() => programs() === 0 && filesOfRun(cc).length === 0)
})

test('Ctrl-Z gives way to one line, and Enter goes on', async () => {
  const cc = await openClaude()
  lab.keys(cc.pane ?? '', 'C-z')
  await until(() => lab.screen(cc.pane ?? '').includes('stopped; Enter goes on'))
  lab.keys(cc.pane ?? '', 'Enter')
  lab.type(cc.pane ?? '', 'hello')
  await becomes({ waitingFor: 'input', turn: 1 })
})

test('a hook does nothing, and says nothing, where q mux is gone', async () => {
  const cc = await openClaude()
  const settings = JSON.parse(
    readFileSync(join(lab.runtimeDir, 'a', cc.id.slice(0, 8), 'settings.json'), 'utf8'),
  )
  for (const event of ['Stop', 'PermissionRequest']) {
    const [{ command }] = settings.hooks[event][0].hooks
    for (const spool of ['', join(lab.home, 'gone')]) {
      const child = lab.start('/bin/sh', ['-c', command], { Q_MUX_SPOOL: spool })
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (said += data))
      // It may end without reading.
      child.stdin?.on('error', () => {})
      child.stdin?.end('{}')
      expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
      expect(said).toBe('')
    }
  }
})

/** What was recorded of answers to questions. */
function verdicts(): unknown[] {
  const db = new Database(lab.database, { readonly: true })
  try {
    return db.prepare("SELECT facts FROM events WHERE event = 'verdict'").pluck().all()
  } finally {
    db.close()
  }
}

function filesOfRun({ id }: SessionView): string[] {
  try {
    return readdirSync(join(lab.runtimeDir, 'a', id.slice(0, 8)))
  } catch {
    return []
  }
}

/** How many of it run. */
function programs(): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return (
        words.some((word) => word.endsWith('fake-claude.ts')) &&
        readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${lab.home}\0`)
      )
    } catch {
      return false
    }
  }).length
}
