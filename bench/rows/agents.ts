import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { installAgent } from '../../tests/support/installed-agents.ts'
import { entry, type Lab } from '../../tests/support/lab.ts'
import { type ModelServer, startModelServer } from '../../tests/support/model-server.ts'
import { until } from '../../tests/support/until.ts'
import { openClient } from '../client.ts'
import { cpuOf, memoryOf } from '../machine.ts'
import { type Line, median, type Row, timeUntil } from '../measure.ts'
import { connect, endWindow, paneProcess, printing, startPlainTmux, withLab } from '../workspace.ts'

const turns = 3
const perSecond = 200
const seconds = 10

interface Agent {
  npm: string
  command: string
  /** What stands on the first screen that takes input, in one style: what lies between two styles is not text. */
  ready: RegExp
  /** Makes its home such that it asks nothing first; what to start it with, and with which environment. */
  prepare(place: Place): { words: string[]; env: Record<string, string> }
}

interface Place {
  home: string
  /** Where it works. */
  project: string
  /** The model server. */
  url: string
}

const agents: Agent[] = [
  {
    npm: '@anthropic-ai/claude-code',
    command: 'claude',
    ready: /❯/,
    prepare({ home, project, url }) {
      const trusted = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true }
      const settings = { hasCompletedOnboarding: true, theme: 'dark', projects: { [project]: trusted } }
      writeFileSync(join(home, '.claude.json'), JSON.stringify(settings))
      return {
        words: ['--permission-mode', 'default', '--model', 'claude-sonnet-4-5'],
        env: {
          ANTHROPIC_BASE_URL: url,
          ANTHROPIC_AUTH_TOKEN: 'x',
          DISABLE_AUTOUPDATER: '1',
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        },
      }
    },
  },
  {
    npm: '@openai/codex',
    command: 'codex',
    ready: /Ask Codex/,
    prepare: ({ project, url }) => ({
      words: ['--no-daemon', ...codexSettings(project, url).flatMap((setting) => ['-c', setting])],
      env: { FAKE_KEY: 'x' },
    }),
  },
  {
    npm: '@mariozechner/pi-coding-agent',
    command: 'pi',
    ready: /interrupt/,
    prepare({ home, url }) {
      mkdirSync(join(home, '.pi', 'agent'), { recursive: true })
      const fake = {
        baseUrl: `${url}/v1`,
        api: 'openai-completions',
        apiKey: 'x',
        models: [{ id: 'fake-model' }],
      }
      writeFileSync(join(home, '.pi', 'agent', 'models.json'), JSON.stringify({ providers: { fake } }))
      // Without --offline it first looks for tools to download.
      return { words: ['--offline', '--provider', 'fake', '--model', 'fake-model'], env: {} }
    },
  },
]

function codexSettings(project: string, url: string): string[] {
  return [
    'model="fake-model"',
    'model_provider="fake"',
    `model_providers.fake={name="fake",base_url="${url}/v1",wire_api="responses",env_key="FAKE_KEY"}`,
    `projects={"${project}"={trust_level="trusted"}}`,
  ]
}

/** A program as it is started in a window. */
interface Program {
  name: string
  argv(): string[]
  ready: RegExp
}

/**
 * Other agents beside ours in one run, each with the same local model server: start, memory, and processor time for a
 * token of Markdown. Each has a home of its own at each start.
 */
export const row: Row = {
  about: 'other agents',
  onlyNamed: true,
  run: async () => {
    const server = await startModelServer()
    try {
      return await withLab((lab) => compareAll(lab, server))
    } finally {
      server.close()
    }
  },
}

async function compareAll(lab: Lab, server: ModelServer): Promise<Line[]> {
  const session = startPlainTmux(lab)
  const client = await openClient(lab, session)
  const tmux = connect(lab, session)
  let homes = 0
  const newHome = (): Place => {
    const home = join(lab.home, `home-${++homes}`)
    const project = join(home, 'project')
    mkdirSync(project, { recursive: true })
    return { home, project, url: server.url }
  }
  const programs: Program[] = [{ name: 'q chat', argv: () => ours(newHome()), ready: /q>/ }]
  for (const agent of agents) {
    try {
      const { program, version } = await installAgent(agent.command, agent.npm, agent.command)
      const argv = (): string[] => {
        const place = newHome()
        const { words, env } = agent.prepare(place)
        return ['env', '-C', place.project, `HOME=${place.home}`, ...pairs(env), program, ...words]
      }
      programs.push({ name: `${agent.npm} ${version}`, argv, ready: agent.ready })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      process.stderr.write(`agents: ${agent.npm} is left out: ${reason.split('\n')[0]}\n`)
    }
  }
  const open = async (argv: string[], ready: RegExp): Promise<number> => {
    await client.quiet(100)
    const shown = client.next(ready, 60_000)
    return timeUntil(shown, () =>
      tmux.run(['new-window', '-t', `=${session}:9`, '-n', 'bench', '--', ...argv]),
    )
  }
  const close = () => endWindow(lab, `=${session}:9`)
  const lines: Line[] = []
  for (const { name, argv, ready } of programs) {
    const starts: { floor: number; ours: number }[] = []
    // The first of each fills caches and is not counted.
    for (let turn = 0; turn <= turns; turn += 1) {
      const floor = await open([process.execPath, '-e', printing('ready')], /ready/)
      await close()
      const start = await open(argv(), ready)
      if (turn > 0) starts.push({ floor, ours: start })
      if (turn < turns) await close()
    }
    lines.push({
      what: `${name}: window → first screen that takes input`,
      unit: 'ms',
      floor: median(starts.map(({ floor }) => floor)),
      ours: median(starts.map(({ ours }) => ours)),
    })
    lines.push(...(await talk(lab, server, `=${session}:9`, name)))
    await close()
  }
  tmux.close()
  return lines
}

/** Memory at the prompt, then the cost of a long answer. */
async function talk(lab: Lab, server: ModelServer, window: string, name: string): Promise<Line[]> {
  const pid = paneProcess(lab, window)
  await sleep(3000)
  const memory = sum(treeOf(pid).map((one) => memoryOf(one).rss))
  const say = async (prompt: string): Promise<void> => {
    lab.tmux('send-keys', '-t', window, '-l', prompt)
    // Some take what comes at once for a paste, and its Enter for a part of it.
    await sleep(500)
    lab.tmux('send-keys', '-t', window, 'Enter')
  }
  const answer = async (length: number): Promise<void> => {
    const before = server.answered()
    await say(`markdown ${perSecond} ${length}`)
    await until(() => server.answered() > before, { patience: 60_000 })
    await sleep(1500)
  }
  await answer(1)
  const used = () => sum(treeOf(pid).map(cpuOf))
  const before = used()
  await answer(seconds)
  return [
    { what: `${name}: memory at its prompt (RSS, all its processes)`, unit: 'MB', ours: memory },
    { what: `${name}: CPU a token`, unit: 'ms', ours: (used() - before) / (perSecond * seconds) },
  ]
}

function ours({ home, project, url }: Place): string[] {
  const env = { Q_MODEL_PROVIDER: 'openai', OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: 'x' }
  return ['env', '-C', project, `HOME=${home}`, ...pairs(env), process.execPath, entry, 'chat']
}

function pairs(env: Record<string, string>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`)
}

/** A process and all that it started (proc(5): children). */
function treeOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(treeOf)]
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
