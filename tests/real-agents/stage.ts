import { join } from 'node:path'
import type { SessionView } from '../../src/sessions/list/session-view.ts'
import { type Lab, processesOf, type Result } from '../support/lab.ts'
import type { ModelRequest, ModelServer } from '../support/model-server.ts'
import { until } from '../support/until.ts'
import type { RealAgent } from './agents.ts'
import { childrenOf, isAlive, isHook, treeOf, wordsOf } from './processes.ts'
import { type Doing, mayTake, type Sampler, sampleStates } from './sampler.ts'

/** One session of an agent's program, in a workspace of its own, against the model server. */
export interface Stage {
  agent: RealAgent
  lab: Lab
  server: ModelServer
  name: string
  project: string
  /** The chat of ours beside it. */
  chat: string
  sampler: Sampler
  session(): Promise<SessionView>
  pane(): Promise<string>
  /** `q mux WORDS…`, which must end with 0. */
  q(...words: string[]): Promise<Result>
  /** Until its screen shows this. */
  shows(what: RegExp): Promise<void>
  keys(keys: readonly string[]): Promise<void>
  /** Types a line in its window as somebody does: Enter when the line stands there. */
  type(text: string): Promise<void>
  /** Until the model is asked this, and the request. */
  asked(text: string): Promise<ModelRequest>
  /** Until the model is given the result of a tool that was called after this request. */
  askedAfterTool(since: ModelRequest): Promise<ModelRequest>
  /** Until the last byte went out. */
  answered(request: ModelRequest): Promise<number>
  /** Until it is told to do this. */
  becomes(doing: Doing): Promise<void>
  /** It does this by now, and still does 2 s after it began: file, list and corner say so. */
  holds(doing: Doing, by: string, since?: number): Promise<void>
  /** The program, and the worker that started it. */
  program(): Promise<{ pid: number; worker: number; tree: number[] }>
  /** Until no process of a hook is left. */
  hooksEnded(): Promise<void>
  /** Closes the session, and waits until no process of it is left. */
  close(): Promise<void>
  end: Sampler['end']
}

/** Where sessions of an agent are played: the lab's workspace runs, and shows a chat of ours. */
export interface Theatre {
  agent: RealAgent
  lab: Lab
  server: ModelServer
  project: string
  /** The agent's own flags. */
  words: readonly string[]
}

/** Opens a session and waits until it is at its prompt. */
export async function openStage(
  { agent, lab, server, project, words }: Theatre,
  name: string,
): Promise<Stage> {
  const before = processesOf(lab.home)
  const q = async (...words: string[]): Promise<Result> => {
    const result = await lab.q(['mux', ...words], { cwd: project })
    if (result.code !== 0)
      throw new Error(`q mux ${words.join(' ')} ended with ${result.code}: ${result.stderr || result.stdout}`)
    return result
  }
  await q('new', name, '--agent', agent.kind, '--background', '--', ...words)
  const session = async (): Promise<SessionView> => {
    const found = (await lab.list('--all')).sessions.find((one) => one.name === name)
    if (!found) throw new Error(`Expected a session ${name}`)
    return found
  }
  const { id } = await session()
  const sampler = sampleStates(join(lab.statusDir, `${id}.json`))
  let resting: number[] = []
  const stage: Stage = {
    agent,
    lab,
    server,
    name,
    project,
    chat: 'dev-1',
    sampler,
    session,
    q,
    async pane() {
      return until(async () => (await session()).pane, { what: `a pane of ${name}` })
    },
    async shows(what) {
      const pane = await stage.pane()
      await until(() => what.test(lab.screen(pane)), { what: `${what} on the screen of ${name}` })
    },
    async keys(keys) {
      lab.keys(await stage.pane(), ...keys)
    },
    async type(text) {
      const pane = await stage.pane()
      lab.tmux('send-keys', '-t', pane, '-l', '--', text)
      await until(() => lab.screen(pane).includes(text), { what: `${text} in the line of ${name}` })
      lab.keys(pane, 'Enter')
    },
    asked: (text) =>
      until(() => server.requests.findLast((one) => !one.aside && one.prompt.includes(text))).catch(() => {
        const last = server.requests.slice(-3).map(({ prompt, result }) => prompt || result)
        throw new Error(
          `the model was not asked "${text}", but: ${last.map((one) => one.slice(0, 300)).join(' | ')}`,
        )
      }),
    askedAfterTool: (since) =>
      until(() => server.requests.find((one) => one.afterTool && one.arrived >= since.arrived), {
        what: 'the result of the tool at the model',
      }),
    answered: (request) =>
      until(() => request.lastByte, { what: `the end of the answer to "${request.prompt.slice(-60)}"` }),
    async becomes(doing) {
      await until(() => sampler.now() === doing, { what: `${name} being ${doing}`, patience: 20_000 })
    },
    async holds(doing, by, since = Date.now()) {
      sampler.is(doing, by, since)
      await until(() => Date.now() >= since + mayTake)
      const told = sampler.now()
      const corner = lab.corner()
      const listed = doingOf(await session())
      if (told !== doing || listed !== doing)
        throw new Error(`${by}: should be ${doing}, but the status file says ${told} and the list ${listed}`)
      if (!cornerFits(corner, name, doing)) throw new Error(`${by}: ${doing}, but the corner is "${corner}"`)
    },
    async program() {
      const worker = (await session()).pid ?? 0
      return until(
        () => {
          const [shell] = worker === 0 ? [] : childrenOf(worker)
          const [pid] = shell === undefined ? [] : childrenOf(shell)
          return pid === undefined ? undefined : { pid, worker, tree: treeOf(pid) }
        },
        { what: `the program of ${name}` },
      )
    },
    async hooksEnded() {
      const left = (): number[] =>
        processesOf(lab.home).filter((pid) => !resting.includes(pid) && isAlive(pid) && isHook(pid))
      await until(() => left().length === 0, { patience: 10_000 }).catch(() => {
        throw new Error(`processes of hooks are left: ${left().map(wordsOf).join(' | ')}`)
      })
    },
    async close() {
      sampler.is('open', 'closed')
      if ((await session()).status !== 'Completed') await q('close', name, '--yes')
      const isWorkspace = (pid: number): boolean => {
        const words = wordsOf(pid)
        const [, worker = id] = /\bworker ([0-9a-f-]{36})/.exec(words) ?? []
        return /^tmux |controller/.test(words) || worker !== id
      }
      const left = (): number[] =>
        processesOf(lab.home).filter((pid) => !before.includes(pid) && isAlive(pid) && !isWorkspace(pid))
      await until(() => left().length === 0, { patience: 15_000 }).catch(() => {
        throw new Error(`processes are left after close: ${left().map(wordsOf).join(' | ')}`)
      })
    },
    end: sampler.end,
  }
  try {
    await stage.shows(agent.ready)
    await stage.becomes('new')
    resting = processesOf(lab.home)
    return stage
  } catch (error) {
    stage.end()
    throw error
  }
}

function doingOf({ status, waitingFor, turn }: SessionView): Doing | undefined {
  if (status === 'Paused' || status === 'Completed') return 'exited'
  if (status === 'Processing') return 'processing'
  if (waitingFor === null) return turn === 0 ? 'new' : undefined
  return waitingFor
}

function cornerFits(corner: string, name: string, doing: Doing): boolean {
  const mark = { input: '', approval: '!', error: '✗' }[doing as 'input' | 'approval' | 'error']
  return mark === undefined ? !corner.includes(`[${name}`) : corner.includes(`[${name}${mark}]`)
}
