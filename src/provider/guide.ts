import { setTimeout } from 'node:timers/promises'
import { describeError } from '../domain/errors.ts'
import { type Message, textOf } from '../domain/message.ts'
import { topicsOf } from './guide-docs.ts'
import { type GuideSearch, openSearch } from './guide-search.ts'
import { tourStep } from './guide-tour.ts'
import type { ModelRequest, Provider, ProviderEvent } from './provider.ts'

export interface GuideOptions {
  /** The directory of the user guide, Markdown files. */
  docs: string
  /** Waits `ms`, or until the signal fires: then it returns early. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * Answers from the user guide, built in and offline. It is no model and says so; it streams like one, so that a newcomer
 * sees sessions work and wait.
 */
export function guideProvider({ docs, sleep = realSleep }: GuideOptions): Provider {
  let search: Promise<GuideSearch> | undefined

  async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ProviderEvent> {
    try {
      const say = await reply(request.messages, () => (search ??= openSearch(docs)))
      for (const { text, ms } of say) {
        if (signal.aborted) break
        yield { type: 'text', text }
        await sleep(ms, signal)
      }
      yield signal.aborted
        ? { type: 'failure', kind: 'aborted', message: 'Stopped.' }
        : { type: 'end', stopReason: 'end_turn' }
    } catch (error) {
      search = undefined
      yield {
        type: 'failure',
        kind: 'service',
        message: `The guide cannot read ${docs}: ${describeError(error)}`,
      }
    }
  }

  return { name: 'guide', label: 'guide (built in, not a model)', stream }
}

/** A piece of an answer and the pause after it, in ms. */
interface Piece {
  text: string
  ms: number
}

async function reply(
  messages: readonly Message[],
  search: () => Promise<GuideSearch>,
): Promise<Iterable<Piece>> {
  const last = messages.at(-1)
  const prompt = last ? textOf(last).trim() : ''
  const numbers = /^count (?:up )?to (\d+)\W*$/i.exec(prompt)?.[1]
  if (numbers !== undefined) return count(Math.min(Number(numbers), 120))
  const step = tourStep(prompt, messages.slice(0, -1))
  if (step !== undefined) return paced(step)
  const introduced = messages.some((message) => message.role === 'assistant')
  return paced(`${introduced ? '' : introduction}${answerFrom(await search(), prompt)}`)
}

const introduction =
  'I am the guide that is built into q mux, not a model: I can only look things up in its user guide.\n\n'

function answerFrom(search: GuideSearch, prompt: string): string {
  const [best, ...others] = search.find(prompt)
  if (!best) return whatICanDo(search)
  const more = others.slice(0, 3).map(({ heading, file }) => `${heading} (${file})`)
  const seeAlso = more.length > 0 ? `\n\nSee also: ${more.join(', ')}.` : ''
  return `From "${best.heading}" in ${best.file}:\n\n${best.text}${seeAlso}\n`
}

function whatICanDo(search: GuideSearch): string {
  const topics = topicsOf(search.sections).slice(0, 15)
  const known =
    topics.length > 0 ? `The user guide speaks of:\n${topics.map((topic) => `- ${topic}\n`).join('')}\n` : ''
  return (
    `Nothing in the user guide answers that. ${known}` +
    'Say `tour` for a walk through the workspace, or `count to 20` to see a session work.\n' +
    'For answers to anything else, connect a model: say `tour 4`.\n'
  )
}

/** Words at some 100 a second, as a model speaks them. */
function* paced(text: string): Generator<Piece> {
  for (const [word] of text.matchAll(/\s*\S+\s*?(?=\s|$)|\s+$/g))
    yield { text: word, ms: 6 + Math.min(word.length, 8) }
}

/** One number a second: a session that works for a while. */
function* count(to: number): Generator<Piece> {
  for (let number = 1; number <= to; number++) {
    yield { text: number === 1 ? '1' : `, ${number}`, ms: number === to ? 10 : 1000 }
  }
  yield* paced('. Done: now this session waits for you.\n')
}

async function realSleep(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
