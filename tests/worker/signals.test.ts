import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Terminal } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, fakeKeys, openBedrockLab, promptUp, session, startWorkspace } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab({ GITHUB_TOKEN: 'a-secret-of-the-environment' })
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const file = (name: string) => join(lab.home, name)
const send = (text: string, name = 'dev-1') => lab.q(['mux', 'send', name, text])
const waits = (waitingFor: string, turn: number, name = 'dev-1') =>
  until(async () => {
    const found = await session(lab, name)
    return found.waitingFor === waitingFor && found.messages >= turn
  })

/** A session beside the one that is asked: what is current in tmux gets no flag. */
async function startTwo(): Promise<void> {
  await startWorkspace(lab)
  await lab.q(['mux', 'new', 'other'])
  await promptUp(lab, 'other')
}

/** Writes a line for each call, `argv | facts`, and all of its environment and its terminal beside it. */
function program(name = 'ring'): string {
  const path = file(name)
  writeFileSync(
    path,
    `#!/bin/sh
printf '%s,' "$@" >> ${file('calls')}
printf ' | %s,%s,%s,%s,%s\\n' "$Q_SESSION_NAME" "$Q_WAITING_FOR" "$Q_DETAIL" "$Q_WORKSPACE" "$Q_CWD" >> ${file('calls')}
env > ${file('environment')}
ps -o tty= -o sid= -p $$ > ${file('terminal')}
echo $$ >> ${file('terminal')}
`,
  )
  chmodSync(path, 0o755)
  return path
}

const calls = () =>
  existsSync(file('calls')) ? readFileSync(file('calls'), 'utf8').trimEnd().split('\n') : []

test('the bell rings in the window of a session that begins to wait, once, and tmux marks it', async () => {
  lab.config('[ui]\nbell = true\n')
  await startTwo()
  const rings = () =>
    lab
      .tmux('list-windows', '-t', '=q', '-F', '#{window_name}|#{window_bell_flag}')
      .split('\n')
      .filter((line) => line.endsWith('|1'))
      .map((line) => line.slice(0, -2))
  expect(rings()).toEqual([])
  await send('say one')
  await until(() => rings().join() === 'dev-1', { what: 'the bell' })

  lab.tmux('select-window', '-t', pane)
  lab.tmux('select-window', '-t', '=q:other')
  expect(rings()).toEqual([])
  await lab.q(['mux', 'rename', 'dev-1', 'first'])
  await promptUp(lab, 'first')
  expect(rings()).toEqual([])

  await send('tool execute_bash {"command":"true"}', 'first')
  await waits('approval', 3, 'first')
  await until(() => rings().join() === 'first', { what: 'the bell of a question' })
  await lab.q(['mux', 'new', 'third', '--background', '--prompt', 'fail expired'])
  await waits('error', 1, 'third')
  await until(() => rings().join() === 'first,third', { what: 'the bell of an error' })
})

test('nothing rings for a session that comes back, nor for an answer behind which a prompt is queued', async () => {
  lab.config(`[ui]\non_waiting = "${program()} x"\n`)
  await startWorkspace(lab)
  expect(calls()).toEqual([])
  lab.type(pane, 'hold')
  await until(() => lab.screen(pane).includes('\nholding'))
  await send('say second')
  await until(() => lab.screen(pane).includes('(1 prompt queued)'))
  lab.server.release()
  await waits('input', 4)
  await until(() => calls().length === 1)
  await lab.q(['mux', 'stop'])
  await lab.q(['mux', '--detach'])
  await promptUp(lab, 'dev-1')
  expect((await session(lab, 'dev-1')).waitingFor).toBe('input')
  await send('say third')
  await until(() => calls().length > 1)
  expect(calls()).toHaveLength(2)
})

test('on_waiting gets its words, the facts and no secrets, without a shell and a terminal', async () => {
  lab.config(`[ui]\non_waiting = "'${program('my ring')}' --name 'two words' '' $HOME"\n`)
  await startWorkspace(lab)
  await send('say one')
  await until(
    () => existsSync(file('terminal')) && readFileSync(file('terminal'), 'utf8').split('\n').length > 2,
  )
  expect(calls()).toEqual([`--name,two words,,$HOME, | dev-1,input,,q,${lab.home}`])
  const [[tty, group] = [], [pid] = []] = readFileSync(file('terminal'), 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  expect(tty).toBe('?')
  expect(group).toBe(pid)
  const environment = readFileSync(file('environment'), 'utf8')
  expect(environment).toContain(`Q_SESSION_ID=${(await session(lab, 'dev-1')).id}\n`)
  expect(environment).toContain(`\nHOME=${lab.home}\n`)
  for (const secret of [fakeKeys.AWS_SECRET_ACCESS_KEY, 'a-secret-of-the-environment'])
    expect(environment).not.toContain(secret)
})

test('a hostile detail is one line of text to the program, and runs nothing', async () => {
  lab.config(`[ui]\non_waiting = "${program()}"\n`)
  await startWorkspace(lab)
  const command = `echo "$(touch ${file('x')})"; touch ${file('y')}\n\`touch ${file('z')}\` \u202e'`
  await send(`tool execute_bash ${JSON.stringify({ command })}`)
  await until(() => calls().length === 1)
  expect(calls()[0]).toContain(
    `dev-1,approval,execute_bash: echo "$(touch ${file('x')})"; touch ${file('y')}`,
  )
  expect(['x', 'y', 'z'].filter((name) => existsSync(file(name)))).toEqual([])
})

test('a program that is missing or fails is named once, and the session goes on', async () => {
  lab.config('[ui]\non_waiting = "no-such-program x"\n')
  await startWorkspace(lab)
  const said = (words: string) => lab.screen(pane).split(words).length - 1
  await send('say one')
  await until(() => said('(ui.on_waiting: no-such-program was not found)') === 1)
  await send('say two')
  await waits('input', 4)
  writeFileSync(file('fails'), '#!/bin/sh\nexit 3\n', { mode: 0o755 })
  lab.config(`[ui]\non_waiting = "${file('fails')}"\n`)
  await send('say three')
  // However the path's length wraps it.
  await until(() => /failsendedwithexitstatus3\)/.test(lab.screen(pane).replaceAll(/\s/g, '')))
  expect(said('was not found')).toBe(1)
})

/** The workspace on a real terminal, whose bytes are kept. */
async function attached(): Promise<{ terminal: Terminal; bytes(): string }> {
  const terminal = lab.terminal()
  await until(() => terminal.screen().includes('[dev-1] q>'))
  const record = file('bytes')
  rmSync(record, { force: true })
  terminal.tmux('pipe-pane', '-t', terminal.tmux('list-panes', '-a', '-F', '#{pane_id}'), `cat >> ${record}`)
  return { terminal, bytes: () => (existsSync(record) ? readFileSync(record, 'utf8') : '') }
}

const focus = (terminal: Terminal, to: 'in' | 'out') =>
  terminal.keys('-H', '1b', '5b', to === 'in' ? '49' : '4f')

test('notify reaches the outer terminal through tmux where that is allowed, and only while nobody looks', async () => {
  lab.config(`[ui]\nnotify = true\non_waiting = "${program()}"\n`)
  const { terminal, bytes } = await attached()
  lab.tmux('set-option', '-g', 'focus-events', 'on')
  lab.tmux('set-option', '-g', 'allow-passthrough', 'on')
  const isFocused = () =>
    lab
      .tmux('list-clients', '-F', '#{client_control_mode} #{client_flags}')
      .split('\n')
      .some((line) => line.startsWith('0 ') && line.includes('focused'))
  focus(terminal, 'in')
  await until(isFocused, { what: 'the focus' })
  lab.tmux('set-hook', '-g', 'after-list-clients', 'set-option -g @looked yes')
  lab.type(pane, 'say looked at')
  await waits('input', 2)
  // Whether somebody looks is asked when the wait has begun.
  await until(() => lab.tmux('show-options', '-gqv', '@looked'), { what: 'the question who looks' })
  focus(terminal, 'out')
  await until(() => !isFocused(), { what: 'the end of the focus' })
  await send('tool execute_bash {"command":"echo \\"$(id)\\"; true"}')
  await until(() => bytes().includes('\u001b]9;dev-1 asks: execute_bash: echo "$(id)"; true\u0007'), {
    what: 'the notification',
  })
  expect(bytes().split('\u001b]9;')).toHaveLength(2)
  await until(() => calls().length === 1)
  expect(calls()[0]).toContain('dev-1,approval')

  lab.tmux('set-option', '-g', 'allow-passthrough', 'off')
  lab.keys(pane, 'C-c')
  await waits('input', 5)
  await send('say more')
  await until(() => calls().length === 2)
  expect(bytes().split('\u001b]9;')).toHaveLength(2)
})

test('without focus-events what is displayed counts as looked at; another window does not', async () => {
  lab.config(`[ui]\non_waiting = "${program()}"\n`)
  await attached()
  lab.type(pane, 'say shown')
  await waits('input', 2)
  await lab.q(['mux', 'new', 'other'])
  await promptUp(lab, 'other')
  await send('say hidden')
  await until(() => calls().length > 0)
  await waits('input', 4)
  expect(calls()).toHaveLength(1)
})

test('q mux doctor says whether tmux hands notifications on, and whether the program is there', async () => {
  lab.config('[ui]\nnotify = true\non_waiting = "no-such-program x"\n')
  await startWorkspace(lab)
  const doctor = async () => (await lab.q(['mux', 'doctor'])).stdout
  const first = await doctor()
  expect(first).toMatch(/notify +tmux keeps the notifications[\s\S]*set -g allow-passthrough (on|all)/)
  expect(first).toMatch(/on_waiting +no-such-program is not an executable program/)
  lab.tmux('set-option', '-g', 'allow-passthrough', 'on')
  lab.config(`[ui]\nnotify = true\non_waiting = "'${program('my ring')}'"\n`)
  const second = await doctor()
  expect(second).toMatch(/notify +tmux.* the shown window/)
  expect(second).toMatch(/on_waiting +\S+\/my ring/)
})

test('in a terminal without tmux the notification goes out as it is', async () => {
  lab.config('[ui]\nnotify = true\nbell = true\n')
  const script = lab.start('script', ['-qfc', `${process.execPath} bin/q.js chat --name plain`, '/dev/null'])
  let output = ''
  script.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  await until(() => output.includes('q> '))
  expect(output).not.toContain('\u0007')
  script.stdin?.write('say hello\r')
  await until(() => output.includes('\u001b]9;plain has its answer\u0007'))
})
