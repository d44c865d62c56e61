import { readFileSync } from 'node:fs'
import { errorCode } from '../../src/base/errors.ts'
import { isAlive } from './processes.ts'

/**
 * What a session does, in one word. `new`: it is at its prompt and nothing was said; `gone`: it has no worker; `open`: what
 * it should be is not known now.
 */
export type Doing = 'starting' | 'new' | 'input' | 'approval' | 'error' | 'processing' | 'exited' | 'gone'

/** What a session should do from some moment on, by what the model server and the processes show. */
export interface Truth {
  /** ms since the epoch. */
  at: number
  doing: Doing | 'open'
  /** What shows it, in words. */
  by: string
}

export interface Wrong {
  at: number
  /** How long, in ms, beyond the time that a change may take. */
  lasted: number
  told: Doing
  truth: Truth
}

/** How long a change may take to be told, in ms. */
export const mayTake = 2000
const every = 50

export interface Sampler {
  /** It should do this from then on; moments may be told late, in order. */
  is(doing: Truth['doing'], by: string, at?: number): void
  now(): Doing
  /** What it was told to do at a moment. */
  at(time: number): Doing | undefined
  /** From when on it was told to do this, not before a moment. */
  since(doing: Doing, from: number): number | undefined
  /** Ends the sampling: how often the truth changed, and what was told beside it. */
  end(): { changes: number; wrong: Wrong[] }
}

/** Reads a status file over and over, as any program may. */
export function sampleStates(file: string): Sampler {
  const samples: { at: number; doing: Doing }[] = []
  const truths: Truth[] = [{ at: Date.now(), doing: 'open', by: 'nothing yet' }]
  const sample = (): Doing => {
    const doing = read(file)
    samples.push({ at: Date.now(), doing })
    return doing
  }
  const timer = setInterval(sample, every)
  return {
    is: (doing, by, at = Date.now()) => void truths.push({ at, doing, by }),
    now: sample,
    at: (time) => samples.findLast(({ at }) => at <= time)?.doing,
    since: (doing, from) => samples.find((one) => one.at >= from && one.doing === doing)?.at,
    end() {
      clearInterval(timer)
      const changes = truths.filter(({ doing }) => doing !== 'open').length
      return { changes, wrong: compare(samples, truths) }
    },
  }
}

function compare(samples: readonly { at: number; doing: Doing }[], truths: readonly Truth[]): Wrong[] {
  const wrong: Wrong[] = []
  for (const [place, truth] of truths.entries()) {
    if (truth.doing === 'open') continue
    const end = truths[place + 1]?.at ?? Number.POSITIVE_INFINITY
    let last: Wrong | undefined
    for (const { at, doing } of samples) {
      if (at < truth.at + mayTake || at >= end) continue
      if (doing === truth.doing) last = undefined
      else if (last?.told === doing) last.lasted = at - last.at
      else {
        last = { at, lasted: 0, told: doing, truth }
        wrong.push(last)
      }
    }
  }
  return wrong
}

function read(file: string): Doing {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'gone'
    throw error
  }
  const { state, waitingFor, turn, pid } = JSON.parse(text)
  if (state === 'exited') return 'exited'
  if (!isAlive(pid)) return 'gone'
  if (state !== 'waiting') return state
  return waitingFor === 'input' && turn === 0 ? 'new' : waitingFor
}
