import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { entry, type Lab } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab } from '../worker/harness.ts'

const sshd = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find((path) => existsSync(path))

let lab: BedrockLab | undefined
afterEach(async () => {
  await lab?.dispose()
  lab = undefined
})

test.skipIf(!sshd)(
  'an SSH connection that is cut in mid-answer costs nothing: logged in again, all is there',
  async () => {
    lab = await openBedrockLab()
    const login = await startSshd(lab)
    const first = openTerminal(lab, login)
    await until(() => first.screen().includes('[dev-1] q>'))
    first.type('hold')
    // The answer's first words are kept: the request has arrived, and is held.
    await until(async () => (await list()).some(({ messages }) => messages === 2))

    first.cut()
    await until(() => lab?.tmux('list-clients', '-F', '#{client_control_mode}') === '1')
    lab.server.release()
    await until(async () => (await list()).some(({ status }) => status === 'WaitingForInput'))

    const second = openTerminal(lab, login)
    await until(() => second.screen().includes('hold') && /\] q> *$/m.test(second.screen()))
    const [session] = await list()
    expect(session).toMatchObject({ messages: 2, waitingFor: 'input' })
  },
)

async function list() {
  if (!lab) throw new Error('the lab is closed')
  return (await lab.list()).sessions
}

/** An sshd of the test's own, with its own keys and port, for the user who runs the test. Returns ssh's words. */
async function startSshd(at: Lab): Promise<string[]> {
  const directory = join(at.home, 'ssh')
  mkdirSync(directory, { mode: 0o700 })
  const file = (name: string): string => join(directory, name)
  for (const key of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)])
  writeFileSync(file('authorized'), execFileSync('cat', [file('user.pub')]), { mode: 0o600 })
  const port = await freePort()
  writeFileSync(
    file('config'),
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${file('host')}
AuthorizedKeysFile ${file('authorized')}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
AllowUsers ${userInfo().username}
AcceptEnv *
`,
  )
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const server = at.start(sshd ?? '', ['-D', '-e', '-f', file('config')])
  let said = ''
  server.stderr?.on('data', (data) => {
    said += String(data)
  })
  await until(() => said.includes('Server listening'), { what: `sshd: ${said}` })
  const options = [
    'StrictHostKeyChecking=no',
    `UserKnownHostsFile=${file('known')}`,
    'LogLevel=ERROR',
    'IdentitiesOnly=yes',
  ]
  return [
    '-t',
    '-F',
    'none',
    '-i',
    file('user'),
    '-p',
    String(port),
    ...options.flatMap((option) => ['-o', option]),
    '127.0.0.1',
  ]
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** A pane of an outer tmux that is logged in by ssh and runs `q mux` there. */
function openTerminal(at: Lab, login: readonly string[]) {
  const outer = `${at.socket}-outer`
  const tmux = (...words: string[]): string =>
    execFileSync('tmux', ['-u', '-L', outer, ...words], {
      env: at.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const name = `ssh${Math.random().toString(36).slice(2, 8)}`
  const env = Object.entries(at.env).filter(([key]) => /^(Q_|XDG_|AWS_|HOME$|PATH$|TMPDIR$|LANG$)/.test(key))
  const remote = [
    'env',
    ...env.map(([key, value]) => `'${key}=${value}'`),
    process.execPath,
    entry,
    'mux',
  ].join(' ')
  tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-s',
    name,
    '-x',
    '100',
    '-y',
    '24',
    '--',
    'ssh',
    ...login,
    remote,
  )
  tmux('set-option', '-t', name, 'remain-on-exit', 'on')
  return {
    screen: (): string => tmux('capture-pane', '-p', '-t', `=${name}:`),
    type(text: string) {
      tmux('send-keys', '-t', `=${name}:`, '-l', '--', text)
      tmux('send-keys', '-t', `=${name}:`, 'Enter')
    },
    /** The connection breaks: the client is gone without a word. */
    cut() {
      const pid = tmux('display-message', '-p', '-t', `=${name}:`, '#{pane_pid}').trim()
      process.kill(Number(pid), 'SIGKILL')
    },
  }
}
