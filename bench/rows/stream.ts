import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../tests/support/lab.ts'
import { until } from '../../tests/support/until.ts'
import { openClient } from '../client.ts'
import { cpuOf } from '../machine.ts'
import { type Line, median, type Row } from '../measure.ts'
import { startPlainTmux, startSessions, withLab, withModelLab } from '../workspace.ts'

const windows = 10
const tokens = 200
const seconds = 6
const rounds = 3
/** As often as a worker writes at most, in ms. */
const batch = 33

/** Shares of one core, in %. */
interface Used {
  tmux: number
  programs: number
}

export const row: Row = {
  about: `${windows} windows at ${tokens} tokens/s each`,
  run: () => withLab((plain) => withModelLab((lab) => measure(plain, lab))),
}

async function measure(plain: Lab, lab: Lab): Promise<Line[]> {
  const cats = await openCats(plain)
  const names = Array.from({ length: windows }, (_, at) => `stream-${at}`)
  await startSessions(lab, names)
  await openClient(lab, 'q')
  const { sessions } = await lab.list()
  const pids = sessions.map(({ pid }) => pid ?? 0)
  const rest = async (): Promise<boolean> =>
    (await lab.list()).sessions.every(({ status }) => status !== 'Processing')
  const ask = (prompt: string): void => {
    for (const { window } of sessions) lab.type(window ?? '', prompt)
  }
  // What a first answer loads is no part of streaming.
  ask('say hello')
  await until(async () => (await lab.list()).sessions.every(({ messages }) => messages === 2), {
    patience: 60_000,
  })
  const samples: { single: Used; batches: Used; ours: Used }[] = []
  for (let round = 0; round < rounds; round += 1) {
    await until(rest, { patience: 60_000 })
    const single = await cats.use(1000 / tokens)
    const batches = await cats.use(batch)
    ask(`rate ${tokens} ${seconds + 4}`)
    await sleep(2000)
    samples.push({ single, batches, ours: await used(lab, pids, () => sleep(seconds * 1000)) })
  }
  cats.close()
  const of = (pick: (sample: (typeof samples)[number]) => number): number => median(samples.map(pick))
  return [
    {
      what: `${row.about}: tmux (floor: token by token)`,
      unit: '%',
      floor: of(({ single }) => single.tmux),
      ours: of(({ ours }) => ours.tmux),
      budget: { ratio: 1 },
      note: `cat that writes in batches: ${of(({ batches }) => batches.tmux).toFixed(1)} %`,
    },
    {
      what: `${row.about}: all (floor: cat in batches)`,
      unit: '%',
      floor: of(({ batches }) => batches.tmux + batches.programs),
      ours: of(({ ours }) => ours.tmux + ours.programs),
      note: 'of one core; a worker also reads HTTP/2 and keeps what was said',
    },
  ]
}

/** As many windows in which `cat` shows what we write, as it comes. */
async function openCats(lab: Lab) {
  const session = startPlainTmux(lab)
  const paths = Array.from({ length: windows }, (_, at) => join(lab.home, `pipe-${at}`))
  execFileSync('mkfifo', paths)
  for (const path of paths) lab.tmux('new-window', '-t', `=${session}:`, '--', 'cat', path)
  const pipes = paths.map((path) => openSync(path, constants.O_WRONLY))
  await openClient(lab, session)
  const pids = lab.tmux('list-panes', '-s', '-t', `=${session}`, '-F', '#{pane_pid}').split('\n').map(Number)
  return {
    /** Our tokens at our pace: those of `every` ms in one write. */
    use: (every: number): Promise<Used> =>
      used(lab, pids, async () => {
        const piece = 'token '.repeat(Math.round((every * tokens) / 1000))
        const begin = performance.now()
        for (let at = every; at <= seconds * 1000; at += every) {
          // Who fell behind writes piece by piece all the same.
          const left = begin + at - performance.now()
          if (left > 0) await sleep(left)
          for (const pipe of pipes) writeSync(pipe, piece)
        }
      }),
    close: () => {
      for (const pipe of pipes) closeSync(pipe)
    },
  }
}

async function used(lab: Lab, pids: readonly number[], work: () => Promise<unknown>): Promise<Used> {
  const server = Number(lab.tmux('display-message', '-p', '#{pid}'))
  const programs = (): number => pids.reduce((sum, pid) => sum + cpuOf(pid), 0)
  const before = { at: performance.now(), tmux: cpuOf(server), programs: programs() }
  await work()
  const share = (ms: number): number => (ms / (performance.now() - before.at)) * 100
  return { tmux: share(cpuOf(server) - before.tmux), programs: share(programs() - before.programs) }
}
