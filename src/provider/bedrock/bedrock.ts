import { abortedFailure, cutFailure } from '../failures.ts'
import type {
  Environment,
  Failure,
  ModelRequest,
  ModelSettings,
  Provider,
  ProviderEvent,
} from '../provider.ts'
import type { Around } from '../provider-kind.ts'
import { secretsOf } from '../redact.ts'
import { within } from '../within.ts'
import { missingCredentials } from './aws/aws-credentials.ts'
import { endpointOf } from './aws/aws-endpoint.ts'
import { type AwsFacts, awsFacts } from './aws/aws-facts.ts'
import type { ConverseStreamOutput } from './aws/aws-sdk.ts'
import { credentialsHint } from './aws/credentials-hint.ts'
import { readAnswer } from './bedrock-events.ts'
import { type Circumstances, failureOf } from './bedrock-failures.ts'
import { converseInput, keepsOf } from './bedrock-request.ts'
import { type BedrockRuntime, openRuntime } from './bedrock-runtime.ts'
import { knownModels } from './known-models.ts'

/**
 * Bedrock's ConverseStream. Making the provider costs nothing: the SDK is loaded by the first request. Region,
 * credentials and endpoint are looked up anew for each request, so what the user mends counts at once.
 */
export function bedrockProvider(
  settings: ModelSettings,
  env: Environment,
  { now, machine }: Pick<Around, 'now' | 'machine'>,
): Provider {
  let runtime: BedrockRuntime | undefined
  /** Models that turned out not to take cache points. */
  const uncached = new Set<string>()

  async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ProviderEvent> {
    const facts = awsFacts(settings, env, machine)
    const around = { facts, host: '', begun: false, secrets: secretsOf(env), now }
    const done = new AbortController()
    try {
      around.host = endpointOf(facts, env).host
      const missing = credentialsFailure(facts)
      if (missing) return yield missing
      runtime = await within(
        openRuntime(facts, env, settings.timeouts, runtime),
        settings.timeouts.firstEventMs,
        signal,
      )
      around.secrets.push(...runtime.secrets)
      const sent = send(runtime, request, facts.modelId, done.signal)
      yield* answer(await within(sent, settings.timeouts.firstEventMs, signal), settings, signal, around)
    } catch (error) {
      // What was cut in mid-frame by it, says so in its own words.
      if (signal.aborted) return yield abortedFailure
      const failure = failureOf(error, {
        ...around,
        secrets: [...around.secrets, ...(runtime?.secrets ?? [])],
      })
      if (failure.kind === 'credentials') runtime = undefined
      yield failure
    } finally {
      // Neither leaving the loop nor the end of the iterator stops the request: only its own signal does.
      done.abort()
    }
  }

  /** With cache points where the model takes them, and once more without when the service does not. */
  async function send(open: BedrockRuntime, request: ModelRequest, modelId: string, signal: AbortSignal) {
    const keeps = keepsOf(request, modelId)
    if (uncached.has(modelId) || !keeps.messages)
      return open.send(converseInput(request, modelId, nothing), signal)
    try {
      return await open.send(converseInput(request, modelId, keeps), signal)
    } catch (error) {
      if (!refusesCaching(error)) throw error
      uncached.add(modelId)
      return open.send(converseInput(request, modelId, nothing), signal)
    }
  }

  return {
    name: 'bedrock',
    isModel: true,
    usualWindow: 128_000,
    get label() {
      const { modelId, region } = awsFacts(settings, env, machine)
      return `bedrock ${modelId} in ${region}`
    },
    get model() {
      return awsFacts(settings, env, machine).modelId
    },
    models: async () => knownModels(awsFacts(settings, env, machine).region),
    stream,
  }
}

const nothing = { tools: false, messages: false }

function refusesCaching(error: unknown): boolean {
  return error instanceof Error && /^Validation/.test(error.name) && /cach(e|ing)/i.test(error.message)
}

async function* answer(
  batches: AsyncIterable<ConverseStreamOutput[]>,
  { timeouts }: ModelSettings,
  signal: AbortSignal,
  around: Circumstances,
): AsyncGenerator<ProviderEvent> {
  const answer = readAnswer()
  const iterator = batches[Symbol.asyncIterator]()
  while (!answer.complete) {
    const wait = answer.stopped ? metadataMs : around.begun ? timeouts.betweenEventsMs : timeouts.firstEventMs
    const next = await within(iterator.next(), wait, signal).catch((error: unknown) => {
      // The answer is whole; only its usage is missing.
      if (answer.stopped && !signal.aborted) return { done: true as const, value: undefined }
      throw error
    })
    if (next.done) break
    around.begun = true
    for (const event of next.value) yield* answer.read(event)
  }
  yield answer.end() ?? cutFailure(around.begun)
}

/** How long to wait for the usage that follows a complete answer, in ms. */
const metadataMs = 2000

/** With nothing that could give credentials, nobody is asked for any. */
function credentialsFailure(facts: AwsFacts): Failure | undefined {
  const message = missingCredentials(facts)
  return message ? { type: 'failure', kind: 'credentials', message, hint: credentialsHint(facts) } : undefined
}
