import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { entry, type Lab } from '../../tests/support/lab.ts'
import { openClient, promptOf } from '../client.ts'
import { commandLine } from '../machine.ts'
import { type Line, median, type Row, timeUntil } from '../measure.ts'
import { connect, endWindow, paneProcess, printing, startSessions, windowOf, withLab } from '../workspace.ts'

const turns = 5

interface Agent {
  npm: string
  command: string
  /** What stands on the first screen that takes input, in one style: what lies between two styles is not text. */
  ready: RegExp
  words?: string[]
  note: string
}

const agents: Agent[] = [
  { npm: '@openai/codex', command: 'codex', ready: /ChatGPT/, note: 'its question how to sign in' },
  { npm: '@google/gemini-cli', command: 'gemini', ready: /╭─/, note: 'its first box' },
  {
    npm: '@mariozechner/pi-coding-agent',
    command: 'pi',
    ready: /interrupt/,
    words: ['--offline'],
    note: 'its input line; --offline, or it first looks for tools to download',
  },
  {
    npm: 'opencode-ai',
    command: 'opencode',
    ready: /\d+\.\d+\.\d+/,
    words: ['--version'],
    note: 'only --version: without a network it shows no screen',
  },
]

/**
 * Each with a home of its own, empty at each start; what they cannot do without a login is not counted. Without a
 * network some wait for it first: read their figures as upper limits then.
 */
export const row: Row = {
  about: 'window → first screen that takes input',
  onlyNamed: true,
  run: () =>
    withLab(async (lab) => {
      await startSessions(lab, ['stays', 'starts'])
      const window = await windowOf(lab, 'starts')
      const worker = commandLine(paneProcess(lab, window))
      const client = await openClient(lab, 'q')
      const tmux = connect(lab, 'q')
      await endWindow(lab, window)
      const lines: Line[] = []
      let starts = 0
      const open = async (argv: string[], ready: RegExp, empty: boolean): Promise<number> => {
        await client.quiet(50)
        const home = join(lab.home, `home-${++starts}`)
        mkdirSync(home)
        const env = empty ? ['-e', `HOME=${home}`, '-e', `XDG_CONFIG_HOME=${home}/.config`, '-c', home] : []
        const shown = client.next(ready, 60_000)
        try {
          return await timeUntil(shown, () =>
            tmux.run(['new-window', ...env, '-t', '=q:9', '-n', 'bench', '--', 'env', ...argv]),
          )
        } finally {
          const back = client.next(promptOf('stays'))
          await endWindow(lab, '=q:9')
          await back
        }
      }
      const floor = (): Promise<number> => open([process.execPath, '-e', printing('ready')], /ready/, true)
      const compare = async (what: string, run: () => Promise<number>, note = ''): Promise<void> => {
        const samples: { floor: number; ours: number }[] = []
        // The first of each fills caches and is not counted.
        for (let turn = 0; turn <= turns; turn += 1) {
          const sample = { floor: await floor(), ours: await run() }
          if (turn > 0) samples.push(sample)
        }
        const of = (name: 'floor' | 'ours'): number => median(samples.map((sample) => sample[name]))
        lines.push({ what: `${row.about}: ${what}`, unit: 'ms', floor: of('floor'), ours: of('ours'), note })
      }
      await compare('q worker', () => open(worker, promptOf('starts'), false))
      await compare('q chat', () => open([process.execPath, entry, 'chat'], /q>/, true))
      for (const agent of agents) {
        try {
          const program = await install(lab, agent)
          await compare(
            agent.npm,
            () => open([...program, ...(agent.words ?? [])], agent.ready, true),
            agent.note,
          )
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error)
          process.stderr.write(`agents: ${agent.npm} is left out: ${reason.split('\n')[0]}\n`)
        }
      }
      tmux.close()
      return lines
    }),
}

/** The agent's program; it is fetched once, into a directory outside of this repository, and used offline from then on. */
async function install(lab: Lab, { npm, command }: Agent): Promise<string[]> {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const prefix = join(caches, 'q-mux-bench', `for-${npm.replaceAll(/[/@]/g, '_')}`)
  const program = join(prefix, 'node_modules', '.bin', command)
  if (!existsSync(program)) {
    mkdirSync(prefix, { recursive: true })
    const words = ['install', '--no-audit', '--no-fund', '--prefix', prefix, npm]
    await promisify(execFile)('npm', words, { cwd: prefix, timeout: 300_000 })
  }
  // One that stays when the agent has ended: a window that closes at once is never drawn.
  const stay = `"$0" "$@"; exec sleep 60`
  return command === 'opencode' ? ['sh', '-c', stay, program] : [`PATH=${lab.env.PATH}`, program]
}
