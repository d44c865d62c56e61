import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab({ EDITOR: 'sh $HOME/editor.sh' })
  await lab.q(['mux', '--detach'])
  await until(() => lab.screen().includes('[dev-1] q>'))
})
afterEach(() => lab.dispose())

test('!command runs in the shell and says how it ended; sent from elsewhere it is a prompt', async () => {
  lab.type('=q:', '!echo made by $0; exit 4')
  await until(() => /made by \/bin\/sh\n\(exit code 4\)\n\[dev-1\] q>/.test(lab.screen()))
  await lab.q(['mux', 'send', 'dev-1', `!touch ${lab.home}/sent`])
  await until(() => lab.screen().includes('(sent)'))
  await until(async () => ((await lab.list()).sessions[0]?.messages ?? 0) > 0)
  expect(existsSync(join(lab.home, 'sent'))).toBe(false)
})

test('/editor sends what was written in the editor', async () => {
  writeFileSync(join(lab.home, 'editor.sh'), 'printf "%s in the editor\\n" "$(cat "$1")" > "$1"\n')
  lab.type('=q:', '/editor written')
  await until(() => lab.screen().includes('q> written in the editor'))
  await until(async () => ((await lab.list()).sessions[0]?.messages ?? 0) > 0)
  writeFileSync(join(lab.home, 'editor.sh'), 'exit 1\n')
  lab.type('=q:', '/editor again')
  await until(() => lab.screen().includes('nothing to send'))
})

test('lines are kept for other workers and after a restart, private', async () => {
  lab.type('=q:', '/help')
  await until(() => lab.screen().includes('this list'))
  await lab.q(['mux', 'new', 'other'])
  await until(() => lab.screen().includes('[other] q>'))
  lab.keys('=q:', 'Up')
  await until(() => lab.screen().includes('[other] q> /help'))
  expect(readFileSync(join(lab.home, '.local/state/q-mux/history'), 'utf8')).toBe('"/help"\n')
})

test('/close and a yes that arrive at once close nothing: they are a paste, which an Enter of its own sends', async () => {
  lab.tmux('send-keys', '-t', '=q:', '-l', '--', '/close\ry\r')
  await until(() => /q> \/close\ny$/.test(lab.screen().trimEnd()))
  lab.keys('=q:', 'Enter')
  await until(async () => ((await lab.list()).sessions[0]?.messages ?? 0) > 0)
  expect(lab.screen()).toContain('(sent as a prompt: what has several lines is not a command)')
  expect(lab.screen()).not.toContain('Close dev-1?')
  expect((await lab.list()).sessions[0]?.status).not.toBe('Completed')
})

test('a key of the line that the user bound does what it is bound to, also after a change in a session that runs', async () => {
  lab.type('=q:', 'say hi')
  const bind = async (keys: string) => {
    expect(await lab.q(['config', 'set', 'keys.line.kill-to-line-start', keys])).toMatchObject({ code: 0 })
    await lab.q(['mux', 'send', 'dev-1', 'say hi'])
  }
  await bind('C-o')
  await until(
    () => {
      lab.keys('=q:', 'C-o', 'x')
      return /q> x$/m.test(lab.screen())
    },
    { every: 300 },
  )
  // Its usual key is none any more.
  lab.keys('=q:', 'y', 'C-u', 'z')
  await until(() => /q> x*yz$/m.test(lab.screen()))
})
