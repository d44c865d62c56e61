import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../support/lab.ts'
import { until } from '../support/until.ts'
import type { MessagesServer } from './messages-server.ts'
import type { Referee } from './referee.ts'

interface Play {
  lab: Lab
  server: MessagesServer
  referee: Referee
  /** How many short turns in a row. */
  turns: number
}

/** A day with Claude Code, in short. */
export async function playClaude({ lab, server, referee, turns }: Play): Promise<void> {
  const project = prepare(lab, server)
  const { changes, session } = referee
  const pane = async (): Promise<string> => (await session()).pane ?? ''
  const key = async (...keys: string[]): Promise<void> => lab.keys(await pane(), ...keys)
  const say = async (text: string): Promise<void> => {
    const { code, stderr } = await lab.q(['mux', 'send', 'agent', text])
    if (code !== 0) throw new Error(stderr)
  }
  const shows = async (words: RegExp): Promise<boolean> => words.test(lab.screen(await pane()))
  const idle = (): boolean => server.streaming() === 0
  const answered = async (text: string, turn: () => Promise<void>, what: string): Promise<void> => {
    const before = server.ended()
    await turn()
    await changes(what, () => server.ended() > before && idle(), 'waiting input')
    if (text !== '') await until(() => shows(new RegExp(text)))
  }
  let file = 0
  const ask = async (): Promise<string> => {
    const name = `made-${++file}`
    await say(`runtool ${name}`)
    await changes('asks for permission', () => shows(/Do you want to proceed/), 'waiting approval')
    return join(project, name)
  }

  await lab.q(['mux', '--detach'])
  const words = ['mux', 'new', 'agent', '--agent', 'claude', '--background', '--cwd', project]
  const { code, stderr } = await lab.q([...words, '--', '--model', 'claude-sonnet-4-5'])
  if (code !== 0) throw new Error(stderr)
  await changes('starts', () => shows(/❯/), 'waiting input')
  if (lab.corner() !== '') throw new Error(`new, and in the corner: ${lab.corner()}`)

  await answered('word4', () => say('hello'), 'a prompt from elsewhere is answered')
  await answered(
    '',
    async () => {
      lab.tmux('send-keys', '-t', await pane(), '-l', 'typed here')
      await until(() => shows(/typed here/))
      await key('Enter')
    },
    'a prompt typed there is answered',
  )

  await say('slow')
  await changes('streams', () => server.streaming() === 1, 'processing')
  await key('Escape')
  await changes('Esc in mid-answer', idle, 'waiting input')

  let made = await ask()
  await lab.q(['mux', 'approve', 'agent', '--yes'])
  await changes('a yes from elsewhere', () => existsSync(made) && idle(), 'waiting input')
  made = await ask()
  await key('Enter')
  await changes('a yes there', () => existsSync(made) && idle(), 'waiting input')
  made = await ask()
  await Promise.all([lab.q(['mux', 'approve', 'agent', '--yes']), key('Enter')])
  await changes('a yes from both at once', () => existsSync(made) && idle(), 'waiting input')
  let before = server.ended()
  made = await ask()
  await lab.q(['mux', 'deny', 'agent', 'use', 'another', 'name'])
  await changes(
    'a no from elsewhere, with words',
    () => server.ended() > before + 1 && idle(),
    'waiting input',
  )
  made = await ask()
  await key('Escape')
  await changes('Esc at the dialog', async () => !(await shows(/Do you want to proceed/)), 'waiting input')
  await until(() => hooksOf(lab) === 0, { what: 'the end of all hooks that wait' })

  for (const status of [401, 429, 500]) {
    before = server.ended()
    await say(`fail${status}`)
    await changes(
      `an error ${status}`,
      () => shows(new RegExp(`API Error[\\s\\S]*${status}`)),
      'waiting error',
    )
  }

  for (let turn = 0; turn < turns; turn += 1) await answered('', () => say(`turn ${turn}`), 'a turn of many')

  await say('slow')
  await changes('streams', () => server.streaming() === 1, 'processing')
  kill(lab, 'claude')
  await changes('kill -9 of the program', () => programsOf(lab, 'claude').length === 0, 'exited')
  await until(() => shows(/Press Enter to bring it back/))
  await key('Enter')
  await changes('Enter brings it back', () => shows(/❯/), 'waiting error')
  await answered('', () => say('go on'), 'it goes on')

  const { pid } = await session()
  process.kill(pid ?? 0, 'SIGKILL')
  await until(() => programsOf(lab, 'claude').length === 0, {
    what: 'the end of the program with its worker',
  })
  await until(() => shows(/Press Enter to go on/))
  await key('Enter')
  await changes('kill -9 of our worker', () => shows(/❯/), 'waiting input')

  await lab.q(['mux', 'stop'])
  await until(() => programsOf(lab, 'claude').length === 0, {
    what: 'the end of the program with its workspace',
  })
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'switch', 'agent'])
  await changes('stop and restore', () => shows(/❯/), 'waiting input')
  await answered('', () => say('and now'), 'it goes on')

  await sleep(500)
  lab.tmux('send-keys', '-t', await pane(), '-l', '/exit')
  await until(() => shows(/\/exit/))
  await key('Enter')
  await changes('it is left', () => programsOf(lab, 'claude').length === 0, 'exited')
}

/** A home in which Claude Code asks nothing first. Returns where it works. */
function prepare(lab: Lab, server: MessagesServer): string {
  const project = join(lab.home, 'project')
  mkdirSync(project)
  const trusted = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true }
  const settings = { hasCompletedOnboarding: true, theme: 'dark', projects: { [project]: trusted } }
  writeFileSync(join(lab.home, '.claude.json'), JSON.stringify(settings))
  Object.assign(lab.env, {
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_AUTH_TOKEN: 'x',
    CLAUDE_CODE_MAX_RETRIES: '0',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  })
  return project
}

/** Processes of the lab whose program is called so. */
function programsOf(lab: Lab, name: string): number[] {
  return processes(lab, (words) => words[0]?.split('/').at(-1) === name)
}

function hooksOf(lab: Lab): number {
  return processes(lab, (words) => words.join(' ').includes('PermissionRequest')).length
}

function kill(lab: Lab, name: string): void {
  for (const pid of programsOf(lab, name)) process.kill(pid, 'SIGKILL')
}

function processes(lab: Lab, which: (words: string[]) => boolean): number[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map(Number)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
        return (
          environment.includes(`HOME=${lab.home}`) &&
          which(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'))
        )
      } catch {
        // It ended in this moment.
        return false
      }
    })
}
