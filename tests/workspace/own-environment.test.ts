import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { entry } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, promptUp, query, startWorkspace } from '../worker/harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
})
afterEach(() => lab.dispose())

const theirs = 'us.theirs-v1:0'
const own = 'us.own-v1:0'

/** Which model answered the prompt of a session, by what that says. */
async function modelOf(words: string): Promise<string> {
  return until(() => {
    const seen = lab.server.requests.filter(({ body }) => JSON.stringify(body).includes(words))
    return seen[0] && decodeURIComponent(seen[0].model)
  })
}

/** Runs `q WORDS…` in a shell of its own in the workspace, as a user who split a window does. */
async function inPane(before: string, ...words: string[]): Promise<void> {
  const done = join(lab.home, `done-${before.length}-${words.length}`)
  const script = join(lab.home, 'in-pane')
  const quoted = [process.execPath, entry, ...words].map((word) => `'${word}'`).join(' ')
  writeFileSync(script, `${before} ${quoted} >${done}.out 2>&1; echo $? >${done}\n`)
  lab.tmux('split-window', '-d', '-t', '=q:', `sh ${script}`)
  await until(() => {
    try {
      return readFileSync(done, 'utf8') === '0\n'
    } catch {
      return false
    }
  })
}

test('a session that is opened from a shell in the workspace has the model that the others have', async () => {
  await lab.q(['mux', '--detach'], { env: { Q_MODEL_ID: theirs } })
  await promptUp(lab, 'dev-1')
  await inPane('', 'mux', 'new', 'inside', '-b', '--prompt', 'say from inside')
  expect(await modelOf('say from inside')).toBe(theirs)
})

/** A tmux server that the user had before, with an environment that the workspace does not have. */
async function startOtherServer(): Promise<void> {
  const server = { Q_MODEL_ID: 'us.of-the-server-v1:0', AWS_PROFILE: 'of-the-server' }
  lab.start('tmux', ['-L', lab.socket, '-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'sh'], server)
  await until(() => lab.tmux('list-sessions').startsWith('mine'))
}

test('so does one where the tmux server has another environment, and the others keep theirs', async () => {
  await startOtherServer()
  await lab.q(['mux', '--detach'], { env: { Q_MODEL_ID: theirs } })
  await promptUp(lab, 'dev-1')
  await inPane('', 'mux', 'new', 'inside', '-b', '--prompt', 'say from inside')
  expect(await modelOf('say from inside')).toBe(theirs)
  await lab.q(['mux', 'send', 'dev-1', 'say as before'])
  expect(await modelOf('say as before')).toBe(theirs)
  expect(readFileSync(join(lab.runtimeDir, 'environment.json'), 'utf8')).not.toContain('of-the-server')
})

test('one from outside without the variables has them, and one with variables of its own has its own', async () => {
  await lab.q(['mux', '--detach'], { env: { Q_MODEL_ID: theirs } })
  await lab.q(['mux', 'new', 'outside', '-b', '--prompt', 'say from outside'])
  expect(await modelOf('say from outside')).toBe(theirs)
  await inPane(`Q_MODEL_ID=${own}`, 'mux', 'new', 'mine', '-b', '--prompt', 'say of my own')
  expect(await modelOf('say of my own')).toBe(own)
})

test('what a command that was refused brought along reaches nobody', async () => {
  await lab.q(['mux', '--detach'], { env: { Q_MODEL_ID: theirs } })
  const refused = await lab.q(['mux', 'new', 'dev-1', '-b'], { env: { Q_MODEL_ID: own } })
  expect(refused.code).toBe(2)
  await lab.q(['mux', 'send', 'dev-1', 'say as before'])
  expect(await modelOf('say as before')).toBe(theirs)
})

test('/new and the key open sessions with it, too', async () => {
  await startOtherServer()
  lab.env.Q_MODEL_ID = theirs
  const terminal = lab.terminal()
  await until(() => terminal.screen().includes('[dev-1] q>'))
  terminal.type('/new by-command')
  await until(() => terminal.screen().includes('[by-command] q>'))
  terminal.type('say by command')
  expect(await modelOf('say by command')).toBe(theirs)
  terminal.keys('C-b', 'N')
  await until(() => terminal.screen().includes('[dev-2] q>'))
  terminal.type('say by key')
  expect(await modelOf('say by key')).toBe(theirs)
})

test('variables of a workspace never make a command about another one out of it', async () => {
  await startWorkspace(lab)
  await lab.q(['mux', '--workspace', 'q', '--detach'], { env: { Q_WORKSPACE: 'other' } })
  expect((await lab.q(['mux', 'new', 'here', '-b'])).code).toBe(0)
  expect(query(lab, 'SELECT DISTINCT workspace FROM conversations')).toEqual([{ workspace: 'q' }])
})
