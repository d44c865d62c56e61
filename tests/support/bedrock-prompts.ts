import {
  answer,
  endless,
  exception,
  fault,
  gate,
  type Reply,
  say,
  start,
  status,
  text,
  tool,
  wait,
} from './bedrock-script.ts'
import { markdownTokens, paced } from './markdown-tokens.ts'

/** A request's body as far as an answer depends on it. */
export interface ConverseBody {
  messages?: { role: string; content: ContentBlock[] }[]
  system?: { text?: string; cachePoint?: unknown }[]
  [field: string]: unknown
}

interface ContentBlock {
  text?: string
  toolResult?: { content?: { text?: string }[] }
  [kind: string]: unknown
}

/**
 * The answer that a prompt asks for in so many words: `say X`, `slow N`, `rate R S`, `markdown R S`, `hold` (until `released`),
 * `endless`, `tool NAME JSON`, `fail KIND` with a key of `failures`; anything else is repeated. A request for a summary
 * gets one that names the conversation's letters, or what `hold`, `fail KIND` as its hint ask for.
 */
export function replyTo(body: ConverseBody, released: () => Promise<unknown>): Reply {
  if (isSummaryRequest(body)) return summary(body, released)
  const result = lastToolResult(body)
  if (result !== undefined) return say('The tool answered: ', result)
  const prompt = lastPrompt(body)
  const [verb = '', ...rest] = prompt.trim().split(/\s+/)
  const words = prompt.trim().slice(verb.length).trim()
  if (verb === 'say') return say(words)
  if (verb === 'slow') return slow(Number(rest[0] ?? 10), 100)
  if (verb === 'rate') return rate(Number(rest[0] ?? 50), Number(rest[1] ?? 1))
  if (verb === 'markdown') return rate(Number(rest[0] ?? 50), Number(rest[1] ?? 1), markdownTokens)
  if (verb === 'hold') return answer([text('holding '), gate(released()), text('and released')])
  if (verb === 'endless') return endless('on and ', 20)
  if (verb === 'tool') return toolUse(rest[0] ?? 'noop', words.slice((rest[0] ?? '').length).trim())
  if (verb === 'fail') return (failures[rest[0] ?? ''] ?? failures.service ?? (() => []))()
  return say('You said: ', prompt)
}

export const failures: Record<string, () => Reply> = {
  throttling: () => [
    status(429, 'ThrottlingException', 'Too many requests, please wait before trying again.'),
  ],
  access: () => [
    status(403, 'AccessDeniedException', "You don't have access to the model with the specified model ID."),
  ],
  expired: () => [
    status(403, 'ExpiredTokenException', 'The security token included in the request is expired'),
  ],
  validation: () => [
    status(400, 'ValidationException', 'The model returned the following errors: bad request'),
  ],
  overflow: () => [status(400, 'ValidationException', 'Input is too long for requested model.')],
  service: () => [status(500, 'InternalServerException', 'The service failed.')],
  exception: () => [start(), text('so far '), exception('modelStreamErrorException', 'The model failed.')],
  cut: () => [start(), text('so far '), wait(20), fault('fin')],
  reset: () => [start(), text('so far '), wait(20), fault('tcp')],
  silence: () => [fault('silence')],
}

export function isSummaryRequest(body: ConverseBody): boolean {
  return body.system?.[0]?.text?.startsWith('You write summaries') ?? false
}

function summary(body: ConverseBody, released: () => Promise<unknown>): Reply {
  const asked = lastPrompt(body)
  const [, verb, kind = ''] = /pay attention to this: (hold|fail)\s*(\w*)/.exec(asked) ?? []
  if (verb === 'hold') return answer([text('SUMMARY held '), gate(released()), text('and released')])
  if (verb === 'fail') return (failures[kind] ?? failures.service ?? (() => []))()
  return say(`SUMMARY of a request of ${asked.length} letters`)
}

function toolUse(name: string, json: string): Reply {
  const input = json === '' ? '{}' : json
  const half = Math.ceil(input.length / 2)
  return answer(tool('tooluse_1', name, [input.slice(0, half), input.slice(half)]), 'tool_use')
}

function slow(pieces: number, ms: number): Reply {
  return answer(Array.from({ length: pieces }, (_, at) => [text(`${at + 1} `), wait(ms)]).flat())
}

function rate(perSecond: number, seconds: number, tokens: readonly string[] = ['token ']): Reply {
  const { every, pieces } = paced(perSecond, seconds, tokens)
  return answer(pieces.flatMap((piece) => [...piece.map(text), wait(every)]))
}

function lastPrompt(body: ConverseBody): string {
  const last = body.messages?.findLast((message) => message.role === 'user')
  return last?.content.map((block) => block.text ?? '').join('') ?? ''
}

function lastToolResult(body: ConverseBody): string | undefined {
  const result = body.messages?.at(-1)?.content.find((block) => block.toolResult)?.toolResult
  return result?.content?.map((block) => block.text ?? '').join('')
}
