import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, openShell, q, query, said } from '../worker/harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
})
afterEach(() => lab.dispose())

/** `q WORDS…` in a terminal of its own, which says afterwards how it ended. */
const inTerminal = (words: string) => openShell(lab, `${q} ${words}; echo "exit $?"`)

const names = () => query<{ name: string }>(lab, 'SELECT session_name AS name FROM conversations')

test('echo x | q chat prints one answer without decoration', async () => {
  const answered = await lab.q(['chat'], { input: 'say **plain** text' })
  expect(answered).toMatchObject({ code: 0, stdout: '**plain** text\n' })
  expect(answered.stderr).not.toContain('\u001b')
  const both = await lab.q(['chat', 'say', 'this:'], { input: 'piped\n' })
  expect(both.stdout).toBe('this:\n\npiped\n')
})

test('an answer that fails ends with exit code 1: what came on stdout, the reason on stderr', async () => {
  const { code, stdout, stderr } = await lab.q(['chat', 'fail', 'cut'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'so far \n' })
  expect(stderr).toMatch(/^q: .+$/m)
  expect(stderr).not.toContain('this should not happen')
  const refused = await lab.q(['chat', 'fail', 'access'])
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(said(lab, names()[0]?.name ?? '')).toEqual([
    { role: 'user', text: 'fail cut', partial: false },
    { role: 'assistant', text: 'so far ', partial: true },
  ])
})

test('nothing to answer is wrong usage', async () => {
  expect(await lab.q(['chat'], { input: ' \n' })).toMatchObject({ code: 2, stdout: '' })
})

test('control sequences of a model do not reach a pipe', async () => {
  const { stdout } = await lab.q(['chat'], { input: 'say a\u001b]52;c;aGk=\u0007b\u001b[31mc\u009b6nd' })
  expect(stdout).toBe('abcd\n')
})

test('q chat in a terminal needs no tmux: it streams, and --resume goes on with the history', async () => {
  const terminal = inTerminal('chat --name talk')
  await until(() => terminal.screen().includes('[talk] q>'))
  terminal.type('hold')
  await until(() => terminal.screen().includes('\nholding'))
  lab.server.release()
  await until(() => terminal.screen().includes('holding and released'))
  terminal.type('/quit')
  await until(() => terminal.screen().includes('exit 0'))
  expect(terminal.screen()).toContain('talk stays open; come back: q chat --resume talk')
  expect(() => lab.tmux('list-sessions')).toThrow(/no server running|error connecting/)

  const again = inTerminal('chat --resume tal')
  await until(() => again.screen().includes('[talk] q>'))
  again.type('say again')
  await until(() => said(lab, 'talk').length === 4)
  const sent = lab.server.requests.at(-1)?.body.messages
  expect(sent?.map(({ role, content }) => [role, content[0]?.text])).toEqual([
    ['user', 'hold'],
    ['assistant', 'holding and released'],
    ['user', 'say again'],
  ])
})

test.each(['--plain', '', 'Q_UI_PLAIN=true'])(
  'with %j the answer is the raw text, or rendered',
  async (how) => {
    const [setting, flag] = how.startsWith('Q_') ? [`export ${how};`, ''] : ['', how]
    const terminal = openShell(lab, `${setting} ${q} chat ${flag} --name talk 'say # Title with **bold**'`)
    await until(() => /Title with[\s\S]*\[talk\] q>/.test(terminal.screen()))
    if (how === '') expect(terminal.screen()).toMatch(/^Title with bold$/m)
    else expect(terminal.screen()).toMatch(/^# Title with \*\*bold\*\*$/m)
    // Our own words keep their colours.
    expect(terminal.screen(true)).toMatch(/\u001b\[(0;)?1m(\u001b\[[34]9m)*\[talk\]/)
  },
)

test('q chat PROMPT says it at once and then reads on', async () => {
  const terminal = inTerminal("chat 'say hello to you'")
  await until(() => /^hello to you$[\s\S]*^\[dev-1\] q>/m.test(terminal.screen()))
  terminal.type('say and more')
  await until(() => /^and more$/m.test(terminal.screen()))
  expect(said(lab, 'dev-1').map(({ text }) => text)).toEqual([
    'say hello to you',
    'hello to you',
    'say and more',
    'and more',
  ])
})

test('without a workspace its commands say so', async () => {
  const terminal = inTerminal('chat')
  await until(() => terminal.screen().includes('[dev-1] q>'))
  for (const [at, command] of ['/sessions', '/switch x', '/new x'].entries()) {
    terminal.type(command)
    await until(() => terminal.screen().match(/a single session, without a workspace/g)?.length === at + 1)
  }
  terminal.keys('C-d', 'C-d')
  await until(() => terminal.screen().includes('exit 0'))
})

test('a session that is open in a window is not opened a second time, and it is said where it is', async () => {
  await lab.q(['mux', 'new', 'open', '--background'])
  await until(() => lab.screen('=q:open').includes('[open] q>'))
  const [owner] = query<{ pid: number }>(lab, 'SELECT owner_pid AS pid FROM conversations')
  const terminal = inTerminal('chat --resume open')
  await until(() => terminal.screen().includes('exit 1'))
  expect(terminal.screen()).toContain(`open is open already, in process ${owner?.pid}`)
  expect(terminal.screen()).toContain('go there: q mux switch open')
  expect(said(lab, 'open')).toEqual([])
  lab.type('=q:open', 'say still mine')
  await until(() => said(lab, 'open').length === 2)
})

test('a single answer does not write into a session that is open in a window either', async () => {
  await lab.q(['mux', 'new', 'open', '--background'])
  await until(() => lab.screen('=q:open').includes('[open] q>'))
  const piped = await lab.q(['chat', '--resume', 'open', 'say twice'])
  expect(piped).toMatchObject({ code: 1, stdout: '' })
  expect(piped.stderr).toContain('open is open already, in process')
  expect(said(lab, 'open')).toEqual([])
})
