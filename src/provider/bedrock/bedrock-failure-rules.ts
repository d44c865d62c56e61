import type { FailureKind } from '../provider.ts'
import { isTooLong } from '../too-long.ts'
import type { AwsFacts } from './aws/aws-facts.ts'
import { credentialsHint } from './aws/credentials-hint.ts'
import { defaultModelId } from './bedrock-model-id.ts'

/** What is seen of an error; `names`, `codes` and the parts of `said` run from the error to its innermost cause. */
export interface Cause {
  names: readonly string[]
  codes: readonly string[]
  status: number | undefined
  said: string
  facts: AwsFacts
  host: string
  begun: boolean
}

export interface Explanation {
  kind: FailureKind
  message: string
  hint?: string
}

/** The first rule that fits speaks; the special ones come first. Names and texts are those of Bedrock and of the SDK. */
export function explain(cause: Cause): Explanation {
  for (const [fits, say] of rules) if (fits(cause)) return say(cause)
  return { kind: 'service', message: `Bedrock failed: ${cause.said}`, hint: 'Ask again.' }
}

type Rule = readonly [fits: (cause: Cause) => boolean, say: (cause: Cause) => Explanation]

const named = (pattern: RegExp) => (cause: Cause) => cause.names.some((name) => pattern.test(name))
const coded = (pattern: RegExp) => (cause: Cause) => cause.codes.some((code) => pattern.test(code))
const saying = (name: RegExp, words: RegExp) => (cause: Cause) => named(name)(cause) && words.test(cause.said)

const useProfile = ({ facts }: Cause) =>
  `Use an inference profile: q config set model.id ${defaultModelId(facts.region)} (for one session: /model)`
const credentials = (message: (cause: Cause) => string): Rule[1] => {
  return (cause) => ({ kind: 'credentials', message: message(cause), hint: credentialsHint(cause.facts) })
}

const refused =
  /^(ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|MissingAuthentication|IncompleteSignature|NotAuthorized)/

const throttling = named(/^(Throttling|TooManyRequests|ServiceQuotaExceeded|ModelNotReady)/)

/** The service said something about the request itself: with a status, or inside the stream. */
const answered = (cause: Cause) =>
  !throttling(cause) && (cause.status !== undefined || named(/^(Validation|Model)/)(cause))

const rules: readonly Rule[] = [
  [(cause) => answered(cause) && isTooLong(cause.status, `${cause.codes.join(' ')} ${cause.said}`), tooLong],
  [saying(/^Validation/, /too (?:long|large)|exceeds?.{0,40}(?:limit|maximum)/i), tooLong],
  [(cause) => named(/^ForeignAnswer$/)(cause) && cause.status !== 407, foreign],
  [
    named(/^(CredentialsProviderError|TokenProviderError|NoCredentials)$/),
    credentials(({ said }) => `No AWS credentials: ${said}`),
  ],
  [named(/^ExpiredToken/), credentials(() => 'The AWS credentials have expired.')],
  [
    saying(/^InvalidSignature/, /expired|not yet|skew/i),
    ({ said }) => ({
      kind: 'credentials',
      message: `AWS refused the signature: ${said}`,
      hint: 'Set the clock of this machine.',
    }),
  ],
  [named(refused), credentials(({ said }) => `AWS refused the credentials: ${said}`)],
  [
    saying(/^AccessDenied/, /api key|bearer token|authentication failed/i),
    credentials(({ said }) => `AWS refused the credentials: ${said}`),
  ],
  [
    (cause) => named(/^AccessDenied/)(cause) || cause.status === 403,
    ({ said, facts }) => ({
      kind: 'access',
      message: `This account may not use ${facts.modelId} in ${facts.region}: ${said}`,
      hint: 'Ask for access to the model in the Bedrock console (Model access), or for the IAM permission bedrock:InvokeModelWithResponseStream.',
    }),
  ],
  [
    (cause) => throttling(cause) || cause.status === 429,
    ({ said }) => ({
      kind: 'throttled',
      message: `Bedrock asks for a pause: ${said}`,
      hint: 'Wait a minute and ask again.',
    }),
  ],
  [
    saying(/^Validation/, /inference profile|on-demand throughput/i),
    (cause) => ({ kind: 'invalid', message: cause.said, hint: useProfile(cause) }),
  ],
  [
    (cause) =>
      saying(/^(Validation|ResourceNotFound)/, /model/i)(cause) &&
      (cause.status === 404 || /identifier|not supported|legacy|end of its life/i.test(cause.said)),
    (cause) => ({
      kind: 'invalid',
      message: `${cause.facts.modelId} cannot be used in ${cause.facts.region}: ${cause.said}`,
      hint: useProfile(cause),
    }),
  ],
  [
    named(/^Validation/),
    ({ said }) => ({ kind: 'invalid', message: `Bedrock refused the request: ${said}` }),
  ],
  [
    named(/^ResourceNotFound/),
    (cause) => ({
      kind: 'invalid',
      message: `Bedrock does not have it: ${cause.said}`,
      hint: useProfile(cause),
    }),
  ],
  [
    named(/^ModelTimeout/),
    ({ said }) => ({ kind: 'timeout', message: `The model took too long: ${said}`, hint: 'Ask again.' }),
  ],
  [
    (cause) => cause.status === 407 || coded(/^ERR_PROXY/)(cause),
    ({ said }) => ({
      kind: 'network',
      message: `The proxy refused the connection: ${said}`,
      hint: 'Check it: env | grep -i proxy',
    }),
  ],
  [
    coded(/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/),
    ({ said, host }) => ({
      kind: 'network',
      message: `The certificate of ${host} is not trusted: ${said}`,
      hint: 'If a proxy stands in between: export NODE_EXTRA_CA_CERTS=/path/to/its-ca.pem',
    }),
  ],
  [
    coded(/^(ENOTFOUND|EAI_)/),
    ({ said, host, facts }) => ({
      kind: 'network',
      message: `${host} was not found: ${said}`,
      hint: `Check the connection, and the region (now ${facts.region}): export AWS_REGION=…`,
    }),
  ],
  [
    (cause) =>
      cause.begun &&
      (broken.test(cause.codes.join(' ')) || /checksum|truncated|cannot be read/i.test(cause.said)),
    ({ said }) => ({ kind: 'cut', message: `The answer broke off: ${said}`, hint: 'Ask again.' }),
  ],
  [
    (cause) => broken.test(cause.codes.join(' ')) || named(/^(Unreachable|TimeoutError)$/)(cause),
    ({ said, host }) => ({
      kind: 'network',
      message: `${host} cannot be reached: ${said}`,
      hint: 'Check the connection and the proxy variables, then ask again.',
    }),
  ],
  [
    named(/^SyntaxError$/),
    ({ status, host, said }) => ({
      kind: 'service',
      message: `${host} answered${status ? ` ${status}` : ''} with something that is not Bedrock's: ${said}`,
      hint: 'Check AWS_ENDPOINT_URL and the proxy variables.',
    }),
  ],
]

function tooLong({ said }: Cause): Explanation {
  return {
    kind: 'overflow',
    message: `The conversation is longer than the model takes: ${said}`,
    hint: 'Have it summarized: /compact. Or start over: /clear',
  }
}

/** Whoever answered in the service's place is said with the status and the words that it gave. */
function foreign({ status = 0, said, host, facts }: Cause): Explanation {
  const message = `${host} answered ${status}, and it is not Bedrock that says: ${said}`
  const hint = 'Check AWS_ENDPOINT_URL and the proxy variables.'
  if (status === 401) return { kind: 'credentials', message, hint: `${credentialsHint(facts)}. ${hint}` }
  if (status === 403) return { kind: 'access', message, hint }
  if (status === 429) return { kind: 'throttled', message, hint: 'Wait a minute and ask again.' }
  return { kind: status >= 400 && status < 500 ? 'invalid' : 'service', message, hint }
}

const broken =
  /E(CONN\w+|NETUNREACH|HOSTUNREACH|HOSTDOWN|NETDOWN|TIMEDOUT|PIPE)|ERR_(HTTP2|SSL|STREAM)_?\w*|HPE_\w+/
