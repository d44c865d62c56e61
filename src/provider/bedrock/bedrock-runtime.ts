import { Readable } from 'node:stream'
import { UserError } from '../../base/errors.ts'
import type { Environment, Timeouts } from '../provider.ts'
import type { AwsFacts } from './aws/aws-facts.ts'
import type { ConverseStreamCommandInput, ConverseStreamOutput } from './aws/aws-sdk.ts'
import type { bedrockClient as MakeClient } from './bedrock-client.ts'
import { eventBatches } from './event-frames.ts'

/** A client of the SDK that fits certain facts. */
export interface BedrockRuntime {
  /** Events as they come, those of one piece together. Resolves with the first ones; throws what the SDK and the service throw. */
  send(input: ConverseStreamCommandInput, signal: AbortSignal): Promise<AsyncIterable<ConverseStreamOutput[]>>
  /** Secrets that were looked up on the way and must not be shown. */
  readonly secrets: readonly string[]
  readonly madeFor: string
}

/** The runtime for these facts: `before`, if it still fits them, else a new one. Loads the SDK. */
export async function openRuntime(
  facts: AwsFacts,
  env: Environment,
  timeouts: Timeouts,
  before?: BedrockRuntime,
): Promise<BedrockRuntime> {
  const madeFor = JSON.stringify(facts)
  if (before?.madeFor === madeFor) return before
  // http, https and tls alone are 9 MB of a worker that has not asked anything yet.
  const [sdk, { bedrockClient }] = await Promise.all([
    import('./aws/aws-sdk.ts'),
    import('./bedrock-client.ts'),
  ])
  const client = bedrockClient(sdk, facts, env, timeouts)
  const secrets: string[] = []
  return {
    madeFor,
    secrets,
    async send(input, signal) {
      if (facts.source?.kind !== 'bearer')
        secrets.splice(0, secrets.length, ...(await resolved(client.config.credentials)))
      const command = new sdk.ConverseStreamCommand(input)
      let body: AsyncIterable<Uint8Array> | undefined
      // The body is ours: the SDK finds an empty one.
      command.middlewareStack.add(
        (next) => async (call) => {
          const result = await next(call)
          const response = result.response as { statusCode: number; body: unknown }
          if (response.statusCode !== 200) return result
          body = response.body as AsyncIterable<Uint8Array>
          response.body = Readable.from([])
          return result
        },
        { step: 'deserialize', priority: 'low', name: 'ownBody' },
      )
      await client.send(command, { abortSignal: signal })
      if (!body) throw new Error('Bedrock answered without a stream')
      return begun(eventBatches(body, new sdk.EventStreamCodec(sdk.toUtf8, sdk.fromUtf8)))
    },
  }
}

/** The same with its first part there already. */
async function begun<T>(parts: AsyncGenerator<T>): Promise<AsyncIterable<T>> {
  const first = await parts.next()
  return (async function* () {
    if (first.done) return
    yield first.value
    yield* parts
  })()
}

/** Asking for credentials failed, whoever was asked. */
class NoCredentials extends Error {
  override readonly name = 'NoCredentials'
}

/** The SDK stumbles over AWS files that are not whole. */
function wordsOf(cause: unknown): string {
  if (cause instanceof TypeError) return `something is missing in the AWS files (${cause.message})`
  return cause instanceof Error ? cause.message : String(cause)
}

type Credentials = ReturnType<typeof MakeClient>['config']['credentials']

async function resolved(credentials: Credentials): Promise<string[]> {
  const { accessKeyId, secretAccessKey, sessionToken } = await credentials().catch((cause: unknown) => {
    if (cause instanceof UserError) throw cause
    throw new NoCredentials(wordsOf(cause), { cause })
  })
  return [accessKeyId, secretAccessKey, sessionToken ?? ''].filter((secret) => secret.length > 3)
}
