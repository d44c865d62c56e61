import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Declared } from '../../src/domain/worker-status.ts'
import { endProcess } from '../support/lab.ts'
import type { ModelRequest } from '../support/model-server.ts'
import { until } from '../support/until.ts'
import { isAlive, largestOf, wordsOf } from './processes.ts'
import { NotPlayed } from './report.ts'
import type { Doing } from './sampler.ts'
import type { Stage } from './stage.ts'

/** What comes of a play besides that it held. */
export interface Notes {
  say(words: string): void
  /** One measured time, in ms. */
  measure(what: string, ms: number | undefined): void
}

export interface Play {
  title: string
  /** What an agent must be able to tell for this to be asked of it. */
  needs: readonly Declared[]
  /** Throws with what did not hold. The session is at its prompt, and nothing was said in it. */
  run(stage: Stage, notes: Notes): Promise<void>
}

/** So many turns has the longest play. */
const turns = Number(process.env.Q_MUX_AGENT_TURNS || 200)
/** How often what may go two ways is played. */
const races = 6

export const plays: readonly Play[] = [
  {
    title: 'starts: waits at its prompt, and is not in the corner',
    needs: ['starting'],
    run: (stage) => stage.holds('new', 'its prompt is on the screen'),
  },
  {
    title: '`q mux send`: at work while the model streams, then waits',
    needs: ['processing', 'input'],
    async run(stage, notes) {
      const sent = await stage.q('send', stage.name, 'slow 24 sent')
      if (!sent.stdout.includes('it starts now')) throw new Error(`send says: ${sent.stdout.trim()}`)
      await answersIn(stage, 'slow 24 sent', notes)
    },
  },
  {
    title: 'a prompt that is typed in its window',
    needs: ['processing', 'input'],
    async run(stage, notes) {
      await stage.type('slow 24 typed')
      await answersIn(stage, 'slow 24 typed', notes)
    },
  },
  {
    title: 'prompts that are sent while it works are said one after the other, each once',
    needs: ['processing', 'input'],
    async run(stage) {
      await stage.q('send', stage.name, 'slow 24 queued-0')
      await stage.asked('queued-0')
      for (const number of [1, 2, 3]) await stage.q('send', stage.name, `hello queued-${number}`)
      await stage.answered(await stage.asked('queued-3'))
      await stage.becomes('input')
      await stage.holds('input', 'the last one is answered')
      const asked = stage.server.requests.filter((one) => !one.aside && /queued-\d$/.test(one.prompt.trim()))
      const order = asked.map(({ prompt }) => prompt.trim().slice(-1)).join('')
      if (order !== '0123') throw new Error(`the model was asked in the order ${order}`)
    },
  },
  {
    title: 'a tool: its dialog is answered in its window',
    needs: ['approval'],
    async run(stage) {
      const request = await asksForTool(stage, 'there')
      await stage.shows(stage.agent.dialog)
      stage.sampler.is('open', 'yes in its window')
      await stage.keys(stage.agent.yes)
      await toolRan(stage, request, 'there')
    },
  },
  {
    title: 'a tool: approved from afar',
    needs: ['approval'],
    async run(stage) {
      const request = await asksForTool(stage, 'afar')
      stage.sampler.is('open', 'yes from afar')
      await stage.q('approve', stage.name, '--yes')
      await toolRan(stage, request, 'afar')
    },
  },
  {
    title: 'a tool: answered in its window and from afar at once',
    needs: ['approval'],
    async run(stage, notes) {
      let afar = 0
      for (let race = 0; race < races; race += 1) {
        const request = await asksForTool(stage, `race-${race}`, false)
        await stage.shows(stage.agent.dialog)
        stage.sampler.is('open', 'yes on both sides')
        const pane = await stage.pane()
        const [answer] = await Promise.all([
          stage.lab.q(['mux', 'approve', stage.name, '--yes']),
          // A command takes its time to start: now one is faster, now the other.
          sleep(race * 100).then(() => stage.lab.keys(pane, ...stage.agent.yes)),
        ])
        if (answer.code === 0) afar += 1
        await toolRan(stage, request, `race-${race}`)
        const results = stage.server.requests.filter((one) => one.afterTool && one.arrived >= request.arrived)
        if (results.length !== 1) throw new Error(`the result came ${results.length} times`)
      }
      notes.say(`${afar} of ${races} times the answer from afar was first`)
    },
  },
  {
    title: 'a tool: denied from afar with words, which reach the model',
    needs: ['approval'],
    async run(stage) {
      const request = await asksForTool(stage, 'denied')
      stage.sampler.is('open', 'no from afar')
      await stage.q('deny', stage.name, 'use the staging bucket instead')
      const after = await until(
        () => stage.server.requests.find(({ aside, arrived }) => !aside && arrived > request.arrived),
        { what: 'what came of the no at the model' },
      )
      // With the result of the tool, or said as a prompt.
      if (!`${after.prompt}${after.result}`.includes('use the staging bucket instead'))
        throw new Error(`the model was told: ${(after.prompt || after.result).slice(0, 200)}`)
      await stage.holds('input', 'what came of the no was answered', await stage.answered(after))
      await stage.hooksEnded()
      if (existsSync(join(stage.project, 'denied'))) throw new Error('the tool ran')
    },
  },
  {
    title: 'a tool: its dialog is left with Esc',
    needs: ['approval', 'interrupt'],
    async run(stage) {
      await asksForTool(stage, 'left')
      await stage.shows(stage.agent.dialog)
      await stage.keys(stage.agent.leave)
      await stage.holds('input', 'its dialog was left')
      await stage.hooksEnded()
      if (existsSync(join(stage.project, 'left'))) throw new Error('the tool ran')
      await goesOn(stage)
    },
  },
  {
    title: 'Esc in mid-answer',
    needs: ['interrupt', 'input'],
    async run(stage, notes) {
      await stage.q('send', stage.name, 'slow 100 interrupted')
      const request = await stage.asked('slow 100 interrupted')
      await stage.holds('processing', 'the model streams', request.arrived)
      const closed = await leavesAnswer(stage, request)
      notes.measure('Esc → told', since(stage, 'input', closed))
      await goesOn(stage)
    },
  },
  {
    title: 'Esc in mid-answer at once after the prompt',
    needs: ['interrupt', 'input'],
    async run(stage) {
      await stage.type('slow 100 at-once')
      const request = await stage.asked('slow 100 at-once')
      await leavesAnswer(stage, request)
      await goesOn(stage)
    },
  },
  ...[401, 429, 500].map(
    (status): Play => ({
      title: `the model answers with ${status}`,
      needs: ['error'],
      async run(stage) {
        await stage.q('send', stage.name, `fail ${status} now`)
        const request = await stage.asked(`fail ${status} now`)
        await stage.answered(request)
        await stage.becomes('error')
        await stage.holds('error', `the model failed with ${status}`)
        await goesOn(stage)
      },
    }),
  ),
  {
    title: 'a task of its own for a subagent',
    needs: ['processing', 'input'],
    async run(stage) {
      await stage.type('subagent please')
      const request = await stage.asked('subagent please')
      if (request.answer !== 'call')
        throw new NotPlayed('its tool for that is none that the model server can call')
      const inner = await stage.asked('of another')
      await stage.holds('processing', 'its subagent works', inner.arrived)
      const last = await stage.answered(inner)
      const found = await until(
        () => stage.server.requests.find(({ aside, arrived }) => !aside && arrived >= last),
        { what: 'that the model hears what the subagent found' },
      )
      await stage.holds('input', 'what the subagent found was answered', await stage.answered(found))
      const { turn } = await stage.session()
      if (turn !== 1) throw new Error(`it counts ${turn} prompts`)
    },
  },
  {
    title: `${turns} short turns`,
    needs: ['processing', 'input'],
    async run(stage, notes) {
      for (let turn = 1; turn <= turns; turn += 1) await shortTurn(stage, notes, turn)
      const { turn } = await stage.session()
      if (turn !== turns) throw new Error(`it counts ${turn} prompts`)
    },
  },
  {
    title: 'kill -9 of the program: its window stays with the reason, Enter brings its conversation back',
    needs: ['exited'],
    async run(stage) {
      await saysFirst(stage)
      const { tree } = await stage.program()
      endProcess(largestOf(tree))
      const ended = Date.now()
      await stage.becomes('exited')
      await stage.holds('exited', 'it was killed', ended)
      await stage.shows(/What was said is kept/)
      stage.sampler.is('open', 'Enter')
      await stage.keys(['Enter'])
      await isBack(stage)
    },
  },
  {
    title: 'kill -9 of the program in mid-answer: it comes back as an error',
    needs: ['exited', 'error'],
    async run(stage) {
      await stage.q('send', stage.name, 'slow 100 cut')
      await stage.holds('processing', 'the model streams', (await stage.asked('slow 100 cut')).arrived)
      const { tree } = await stage.program()
      endProcess(largestOf(tree))
      await stage.holds('exited', 'it was killed')
      stage.sampler.is('open', 'Enter')
      await stage.keys(['Enter'])
      await stage.shows(stage.agent.ready)
      await stage.becomes('error')
      await goesOn(stage)
    },
  },
  {
    title: 'kill -9 of its worker: the program ends, too, and the session comes back',
    needs: ['exited'],
    async run(stage) {
      await saysFirst(stage)
      const { worker, tree } = await stage.program()
      stage.sampler.is('open', 'kill -9 of the worker')
      endProcess(worker)
      await until(() => !tree.some(isAlive), { patience: 10_000 }).catch(() => {
        throw new Error(`the program runs on: ${tree.filter(isAlive).map(wordsOf).join(' | ')}`)
      })
      await stage.q('switch', stage.name)
      await isBack(stage)
    },
  },
  {
    title: '`q mux stop` and start: asleep until it is looked at, then its conversation',
    needs: ['input'],
    async run(stage) {
      await saysFirst(stage)
      const { tree } = await stage.program()
      stage.sampler.is('open', 'the workspace is stopped')
      // The session that was used last comes back with a program.
      await stage.q('send', '--wait', stage.chat, 'count to 1')
      await stage.q('stop')
      await until(() => !tree.some(isAlive), { patience: 10_000, what: 'the end of the program' })
      await stage.q('--detach')
      const back = await stage.session()
      if (!back.asleep || back.pid !== null || back.waitingFor !== 'input')
        throw new Error(`it came back as ${JSON.stringify(back)}`)
      await until(() => stage.lab.corner().includes(`[${stage.name}]`), { what: 'it in the corner' })
      stage.lab.terminal()
      await until(() => stage.lab.tmux('list-clients', '-t', '=q'), { what: 'a terminal on the workspace' })
      await stage.q('switch', stage.name)
      await stage.shows(stage.agent.ready)
      await isBack(stage)
      stage.lab.tmux('detach-client', '-s', '=q')
    },
  },
  {
    title: 'left by its own command: Paused, and its window is gone',
    needs: [],
    async run(stage) {
      await saysFirst(stage)
      const { tree } = await stage.program()
      const window = (await stage.session()).window ?? ''
      stage.sampler.is('open', 'it is left')
      await stage.type(stage.agent.exit)
      await until(() => !tree.some(isAlive), { what: 'the end of the program' })
      await until(
        () => !stage.lab.tmux('list-windows', '-a', '-F', '#{window_id}').split('\n').includes(window),
      )
      const { status } = await stage.session()
      if (status !== 'Paused') throw new Error(`it is ${status}`)
    },
  },
]

/** It answers a prompt of 6 s that it was given. */
async function answersIn(stage: Stage, text: string, notes: Notes): Promise<void> {
  const request = await stage.asked(text)
  await stage.holds('processing', 'the model streams', request.arrived)
  const last = await stage.answered(request)
  await stage.holds('input', 'the last byte is out', last)
  notes.measure('last byte → told', since(stage, 'input', last))
}

function since(stage: Stage, doing: Doing, from: number): number | undefined {
  stage.sampler.now()
  const told = stage.sampler.since(doing, from)
  return told === undefined ? undefined : told - from
}

async function asksForTool(stage: Stage, file: string, looks = true): Promise<ModelRequest> {
  stage.sampler.is('open', 'a prompt')
  await stage.q('send', stage.name, `tool ${file}`)
  const request = await stage.asked(`tool ${file}`)
  const last = await stage.answered(request)
  if (request.answer !== 'call') throw new Error('it offers no shell')
  if (looks) await stage.holds('approval', 'a tool was called', last)
  else await stage.becomes('approval')
  return request
}

/** It was allowed: it ran once, and the turn came to its end. */
async function toolRan(stage: Stage, request: ModelRequest, file: string): Promise<void> {
  const after = await stage.askedAfterTool(request)
  await stage.holds('input', 'what the tool gave was answered', await stage.answered(after))
  await stage.hooksEnded()
  if (!existsSync(join(stage.project, file))) throw new Error('the tool did not run')
}

/** It is interrupted in mid-answer. Resolves with when it left the answer, in ms since the epoch. */
async function leavesAnswer(stage: Stage, request: ModelRequest): Promise<number> {
  await stage.keys(stage.agent.interrupt)
  const closed = await until(() => request.closed, { what: 'that it leaves the answer' })
  await stage.holds('input', 'it left the answer', closed)
  return closed
}

/** It takes a prompt as before. */
async function goesOn(stage: Stage): Promise<void> {
  stage.sampler.is('open', 'a prompt')
  const text = `hello again ${stage.server.requests.length}`
  await stage.q('send', stage.name, text)
  await stage.holds('input', 'it answered again', await stage.answered(await stage.asked(text)))
}

async function saysFirst(stage: Stage): Promise<void> {
  await stage.q('send', stage.name, `hello first in ${stage.name}`)
  const request = await stage.asked(`hello first in ${stage.name}`)
  await stage.holds('input', 'it answered', await stage.answered(request))
}

/** It runs again, and its model hears what was said before. */
async function isBack(stage: Stage): Promise<void> {
  await stage.becomes('input')
  await stage.shows(stage.agent.ready)
  const text = `hello back in ${stage.name}`
  await stage.q('send', stage.name, text)
  const request = await stage.asked(text)
  if (!request.before.includes(`hello first in ${stage.name}`))
    throw new Error('its model did not hear what was said before')
  await stage.answered(request)
  await stage.becomes('input')
}

/** Half of them are sent, half typed; half a second of an answer. */
async function shortTurn(stage: Stage, notes: Notes, turn: number): Promise<void> {
  const text = `slow 2 turn-${turn}.`
  const { name, lab } = stage
  const begun = Date.now()
  stage.sampler.is('open', 'a prompt')
  if (turn % 2 === 0) await stage.type(text)
  else await stage.q('send', name, text)
  const request = await stage.asked(text)
  const last = await stage.answered(request)
  stage.sampler.is('processing', 'the model streams', request.arrived)
  stage.sampler.is('input', 'the last byte is out', last)
  const told = stage.sampler.since('processing', begun)
  if (told === undefined || told > last)
    throw new Error(`turn ${turn} was not told to be at work while it was`)
  notes.measure('request → told', Math.max(0, told - request.arrived))
  await until(() => lab.corner().includes(`[${name}]`), { what: `turn ${turn} in the corner`, every: 5 })
  notes.measure('last byte → name in the corner', Date.now() - last)
  notes.measure('last byte → told', since(stage, 'input', last))
  if (stage.server.requests.filter(({ aside, prompt }) => !aside && prompt.includes(text)).length !== 1)
    throw new Error(`turn ${turn} was asked more than once`)
}
