import { setTimeout } from 'node:timers/promises'
import { describeError } from '../../base/errors.ts'
import { textOf } from '../../domain/message.ts'
import { abortedFailure } from '../failures.ts'
import type { ModelRequest, Provider, ProviderEvent } from '../provider.ts'
import { joinLines, topicsOf } from './guide-docs.ts'
import { type GuideSearch, openSearch } from './guide-search.ts'
import { afterAsking, askedByTour, type TourStep, tourStep } from './guide-tour.ts'

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
      const say = await reply(request, () => (search ??= openSearch(docs)))
      let stopReason = 'end_turn'
      for (const piece of say) {
        if (signal.aborted) break
        if ('text' in piece) yield { type: 'text', text: piece.text }
        else {
          yield runCommand(piece.command, request.messages.length)
          stopReason = 'tool_use'
        }
        await sleep(piece.ms, signal)
      }
      yield signal.aborted ? abortedFailure : { type: 'end', stopReason }
    } catch (error) {
      search = undefined
      yield {
        type: 'failure',
        kind: 'service',
        message: `The guide cannot read ${docs}: ${describeError(error)}`,
      }
    }
  }

  return {
    name: 'guide',
    isModel: false,
    usualWindow: 32_000,
    label: 'guide (built in, not a model)',
    stream,
  }
}

/** A piece of an answer, or a command to ask for, and the pause after it, in ms. */
type Piece = ({ text: string } | { command: string }) & { ms: number }

/** `place`: where in the conversation, which makes the id its own. */
function runCommand(command: string, place: number): ProviderEvent {
  const input = { command, summary: 'A harmless command of the tour' }
  return { type: 'tool_use', id: `${askedByTour}${place}`, name: bash, input }
}

async function reply(
  { messages, tools = [] }: ModelRequest,
  search: () => Promise<GuideSearch>,
): Promise<Iterable<Piece>> {
  const after = afterAsking(messages.at(-1))
  if (after !== undefined) return paced(after)
  const last = messages.at(-1)
  const prompt = last ? textOf(last).trim() : ''
  const numbers = /^count (?:up )?to (\d+)\W*$/i.exec(prompt)?.[1]
  if (numbers !== undefined) return count(Math.min(Number(numbers), 120))
  const step = tourStep(prompt, messages.slice(0, -1))
  if (step !== undefined)
    return walk(
      step,
      tools.some(({ name }) => name === bash),
    )
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
  return `From "${best.heading}" in ${best.file}:\n\n${joinLines(best.text)}${seeAlso}\n`
}

function whatICanDo(search: GuideSearch): string {
  const topics = topicsOf(search.sections).slice(0, 20)
  const known =
    topics.length > 0 ? `The user guide speaks of:\n${topics.map((topic) => `- ${topic}\n`).join('')}\n` : ''
  return (
    `Nothing in the user guide answers that. ${known}` +
    'Say `tour` for a walk through the workspace, or `count to 20` to see a session work.\n' +
    'For answers to anything else, connect a model: say `tour 5`.\n'
  )
}

/** Words at some 100 a second, as a model speaks them. */
function* paced(text: string): Generator<Piece> {
  for (const [word] of text.matchAll(/\s*\S+\s*?(?=\s|$)|\s+$/g))
    yield { text: word, ms: 6 + Math.min(word.length, 8) }
}

/** With `asks`, ten seconds to go and look from elsewhere; then the command. */
function* walk({ text, command }: TourStep, asks: boolean): Generator<Piece> {
  yield* paced(paragraphs(text))
  if (command === undefined) return
  if (!asks) yield* paced('There are no tools here, so I cannot ask. Say it in a session of q mux.\n')
  else {
    yield* countdown(10)
    yield { command, ms: 0 }
  }
}

/** Each paragraph on one line: how wide it is, the terminal knows. */
function paragraphs(text: string): string {
  return text.replaceAll(/(\S)\n(?=\S)/g, '$1 ')
}

function* countdown(from: number): Generator<Piece> {
  for (let number = from; number > 0; number--) yield { text: `${number} `, ms: 1000 }
  yield { text: '\n', ms: 0 }
}

/** One number a second: a session that works for a while. */
function* count(to: number): Generator<Piece> {
  for (let number = 1; number <= to; number++) {
    yield { text: number === 1 ? '1' : `, ${number}`, ms: number === to ? 10 : 1000 }
  }
  yield* paced('. Done: now this session waits for you.\n')
}

/** The tool that runs commands, as sessions call it. */
const bash = 'execute_bash'

async function realSleep(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
