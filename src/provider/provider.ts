import type { Message } from '../domain/message.ts'
import type { ToolSpec } from '../domain/tool-spec.ts'

export interface ModelRequest {
  /** Valid as `domain/valid-history.ts` makes it; the last one is the user's. */
  messages: readonly Message[]
  system?: string
  tools?: readonly ToolSpec[]
  maxTokens?: number
  /** More requests that begin as this one does will follow: worth keeping where the service can (prompt caching). */
  cache?: boolean
}

export interface Usage {
  /** All that was read, whether it came from the cache or not. */
  inputTokens: number
  outputTokens: number
  /** Of `inputTokens`, what the service still had from an earlier request; absent where it does not say. */
  cacheReadTokens?: number
  /** Of `inputTokens`, what the service keeps for the next one. */
  cacheWriteTokens?: number
}

/** Why a turn failed, for the program; the words for people stand beside it. */
export type FailureKind =
  | 'credentials' // missing, expired or refused
  | 'access' // the account may not use this model
  | 'throttled'
  | 'network' // no connection, or it broke before the answer began
  | 'timeout' // no first token, or silence in mid-answer
  | 'cut' // the answer broke off
  | 'overflow' // the conversation is longer than the model's window
  | 'invalid' // the service refused the request
  | 'service' // the service failed
  | 'aborted' // the user stopped it

export type ProviderEvent =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  /**
   * `malformed`: what the model sent as input is no JSON object; here it is, and `input` is `{}`. The tool must not run:
   * answer with an error result that says so, and the model tries again.
   */
  | { type: 'tool_use'; id: string; name: string; input: unknown; malformed?: string }
  /** The whole answer is there. `stopReason` in ConverseStream's words. */
  | { type: 'end'; stopReason: string; usage?: Usage }
  | Failure

/** The turn failed; always the last event. `message`: what happened; `hint`: what to do, a command if there is one. */
export interface Failure {
  type: 'failure'
  kind: FailureKind
  message: string
  hint?: string
  /** The same request may succeed later. */
  again?: Again
  /** When what was used up is there again, in ms since the epoch, where the service says so. */
  until?: number
}

export interface Again {
  /** What stands in the way, in a word or two. */
  why: 'overloaded' | 'throttled' | 'failed' | 'not reached'
  /** How long the service asks to wait at least, in ms. */
  after?: number
}

/** A rest between two attempts of one request. */
export interface Pause {
  why: Again['why']
  /** The failure of the attempt before, in full. */
  message: string
  hint: string | undefined
  /** Which attempt comes next: 2 for the first one that is a repetition. */
  attempt: number
  /** When it comes, in ms since the epoch. */
  until: number
}

/** Hears that a request rests, and (undefined) that it is sent again. */
export type OnPause = (pause: Pause | undefined) => Promise<void> | void

/**
 * A source of answers. `stream` never throws: a failure is its last event. It ends within 100 ms of the signal, with a
 * failure of kind `aborted`. What may succeed later is tried again (`retry-provider.ts`) only for a caller that hears of the
 * pauses: nobody waits for minutes without knowing why.
 */
export interface Provider {
  /** What `model.provider` calls it. */
  readonly name: string
  /** One line for people: `bedrock us.anthropic.… in us-east-1`. */
  readonly label: string
  /**
   * Whether a model answers. What is none (the guide) stands in until there is one: it has no window, no memory and no tools
   * but our own, costs nothing, and can be asked for neither a name nor a summary.
   */
  readonly isModel: boolean
  /** The id of the model that answers, where it is known before it is asked. */
  readonly model?: string | undefined
  /** Ids of models that could be asked here, as far as they are known; others may be had as well. */
  models?(signal: AbortSignal): Promise<readonly string[]>
  /** The window that most of its models have at least, in tokens: a guess where nobody knows. */
  readonly usualWindow: number
  /** The model's window in tokens, if the server says; asked at most once a model. Never throws. */
  window?(signal: AbortSignal): Promise<number | undefined>
  stream(request: ModelRequest, signal: AbortSignal, onPause?: OnPause): AsyncIterable<ProviderEvent>
}

/** Tokens and silence: how long to wait, in ms. */
export interface Timeouts {
  firstEventMs: number
  betweenEventsMs: number
}

export interface ModelSettings {
  /** `auto`, or the name of one of the registry's kinds. */
  provider: string
  /** undefined: the provider's default. */
  id: string | undefined
  region: string | undefined
  /** Where an OpenAI-compatible server is, unless OPENAI_BASE_URL says it. */
  baseUrl?: string | undefined
  timeouts: Timeouts
}

export type Environment = Readonly<Record<string, string | undefined>>
