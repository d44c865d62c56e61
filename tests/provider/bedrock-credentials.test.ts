import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkModel } from '../../src/provider/registry.ts'
import { status } from '../support/bedrock-script.ts'
import {
  ask,
  bedrock,
  failureIn,
  home,
  keyId,
  keys,
  notEc2,
  now,
  said,
  secretKey,
  serve,
  settings,
} from './harness.ts'

const profile = (name: string, id = keyId, secret = secretKey) =>
  `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
const sso = `[profile dev]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = dev
region = eu-west-1
[sso-session corp]
sso_start_url = https://example.invalid/start
sso_region = us-east-1
`

test('keys of the environment sign the request', async () => {
  const server = await serve()
  await ask(bedrock(server.url))
  const { authorization } = server.requests[0]?.headers ?? {}
  expect(authorization).toMatch(new RegExp(`Credential=${keyId}/\\d+/us-east-1/bedrock/`))
})

test('a Bedrock API key wins over keys', async () => {
  const server = await serve()
  await ask(bedrock(server.url, { ...keys, AWS_BEARER_TOKEN_BEDROCK: 'bedrock-api-key-x' }))
  expect(server.requests[0]?.headers.authorization).toBe('Bearer bedrock-api-key-x')
})

test('a profile brings its keys and its region', async () => {
  const server = await serve()
  const HOME = home({ credentials: profile('dev'), config: '[profile dev]\nregion = ap-southeast-2\n' })
  const provider = bedrock(server.url, { HOME, AWS_PROFILE: 'dev' })
  expect(said(await ask(provider, 'say hi'))).toBe('hi')
  expect(server.requests[0]?.headers.authorization).toMatch(`Credential=${keyId}/`)
  expect(server.requests[0]?.headers.authorization).toMatch('/ap-southeast-2/bedrock/')
  expect(server.requests[0]?.model).toMatch(/^au\.anthropic\./)
})

test.each([
  ['the setting', 'eu-central-1', { AWS_REGION: 'us-west-2' }, 'eu-central-1'],
  ['AWS_REGION', undefined, { AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'eu-west-1' }, 'us-west-2'],
  ['AWS_DEFAULT_REGION', undefined, { AWS_DEFAULT_REGION: 'ap-northeast-1' }, 'ap-northeast-1'],
  ['the default', undefined, {}, 'us-east-1'],
])('the region comes from %s', async (_from, region, env, expected) => {
  const server = await serve()
  await ask(bedrock(server.url, { ...keys, ...env }, { region }))
  expect(server.requests[0]?.headers.authorization).toMatch(`/${expected}/bedrock/`)
})

test('without any credentials the answer is at once how to get some', async () => {
  const server = await serve()
  const failure = failureIn(await ask(bedrock(server.url, {})))
  expect(failure).toMatchObject({ kind: 'credentials', hint: 'Run: aws configure' })
  expect(server.requests).toHaveLength(0)
})

test('a profile that does not exist is named, and those that do', async () => {
  const HOME = home({ credentials: profile('one') + profile('two') })
  const failure = failureIn(await ask(bedrock('http://127.0.0.1:1', { HOME, AWS_PROFILE: 'nope' })))
  expect(failure.message).toBe('The AWS profile nope is not configured.')
  expect(failure.hint).toContain('export AWS_PROFILE=one (or two)')
})

test('an SSO session that is over names the command that renews it', async () => {
  const HOME = home({ config: sso })
  const failure = failureIn(await ask(bedrock('http://127.0.0.1:1', { HOME, AWS_PROFILE: 'dev' })))
  expect(failure).toMatchObject({ kind: 'credentials', hint: 'Run: aws sso login --profile dev' })
})

test('renewed credentials work without a restart', async () => {
  const server = await serve()
  const HOME = home({ credentials: profile('default') })
  const provider = bedrock(server.url, { HOME })
  server.respondWith([status(403, 'ExpiredTokenException', 'expired')])
  expect(failureIn(await ask(provider))).toMatchObject({
    kind: 'credentials',
    message: 'The AWS credentials have expired.',
    hint: 'Run: aws configure',
  })
  writeFileSync(join(HOME, '.aws', 'credentials'), profile('default', 'AKIAIOSFODNN7RENEWED'))
  expect((await ask(provider)).at(-1)?.type).toBe('end')
  expect(server.requests.at(-1)?.headers.authorization).toMatch('Credential=AKIAIOSFODNN7RENEWED/')
})

test('credentials that appear while the program runs are taken', async () => {
  const server = await serve()
  const HOME = home()
  const provider = bedrock(server.url, { HOME })
  expect(failureIn(await ask(provider)).kind).toBe('credentials')
  writeFileSync(join(HOME, '.aws', 'credentials'), profile('default'))
  expect((await ask(provider)).at(-1)?.type).toBe('end')
})

test('the keys of a profile are kept out of messages too', async () => {
  const server = await serve()
  const secret = 'a-secret-that-looks-like-nothing'
  const HOME = home({ credentials: profile('default', keyId, secret) })
  server.respondWith([status(400, 'ValidationException', `you sent ${secret}`)])
  expect(failureIn(await ask(bedrock(server.url, { HOME }))).message).toContain('you sent [hidden]')
})

test('the files of AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE count', async () => {
  const server = await serve()
  const HOME = home({ credentials: profile('default'), config: '[default]\nregion = eu-north-1\n' })
  const files = {
    AWS_SHARED_CREDENTIALS_FILE: join(HOME, '.aws', 'credentials'),
    AWS_CONFIG_FILE: join(HOME, '.aws', 'config'),
  }
  await ask(bedrock(server.url, { ...files, HOME: '/nonexistent' }))
  expect(server.requests[0]?.headers.authorization).toMatch('/eu-north-1/bedrock/')
})

test('a refusal while credentials are fetched is about credentials, not about the model', async () => {
  const script = `console.error('AccessDenied'); process.exit(1)`
  const config = `[default]\ncredential_process = "${process.execPath}" -e "${script}" --password=hush\n`
  const failure = failureIn(await ask(bedrock('http://127.0.0.1:1', { HOME: home({ config }) })))
  expect(failure).toMatchObject({
    kind: 'credentials',
    message: expect.stringMatching(/^No AWS credentials: /),
  })
  expect(failure.message).not.toContain('hush')
})

const session = (name: string, ...lines: string[]) => `[sso-session ${name}]\n${lines.join('\n')}\n`
const bySession = '[profile dev]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n'
const byRole = '[profile dev]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = base\n'

test.each([
  ['is not there', bySession, 'names the sso_session corp, and there is no [sso-session corp].'],
  ['is another', bySession + session('other', 'sso_region = us-east-1'), 'there is no [sso-session corp].'],
  ['is not whole', bySession + session('corp', 'sso_region = us-east-1'), 'which has no sso_start_url.'],
  [
    "is missing in a role's source",
    byRole + bySession.replace('profile dev', 'profile base'),
    'there is no [sso-session corp].',
  ],
])('a profile whose sso_session %s is named, before anybody is asked', async (_what, config, message) => {
  const env = { HOME: home({ config }), AWS_PROFILE: 'dev' }
  const failure = failureIn(await ask(bedrock('http://127.0.0.1:1', env)))
  expect(failure).toMatchObject({
    kind: 'credentials',
    hint: expect.stringContaining('aws configure sso-session'),
  })
  expect(failure.message).toContain('The AWS profile dev ')
  expect(failure.message).toContain(message)
  const [fact] = await checkModel(settings(), env, { machine: notEc2, now })
  expect(fact).toMatchObject({ name: 'credentials', ok: false, detail: failure.message })
})

test('a whole sso_session leads to the sign-in, not to a complaint about the files', async () => {
  const config =
    bySession + session('corp', 'sso_region = us-east-1', 'sso_start_url = https://corp.example.com')
  const failure = failureIn(
    await ask(bedrock('http://127.0.0.1:1', { HOME: home({ config }), AWS_PROFILE: 'dev' })),
  )
  expect(failure.hint).toBe('Run: aws sso login --profile dev')
  expect(failure.message).not.toContain('Profile dev was not found')
})

const program = (script: string) => `[profile dev]\ncredential_process = sh -c "${script}"\n`

test.each([
  ['fails', program('echo sign in first: vault login >&2; exit 3'), 'sign in first: vault login'],
  ['is not there', '[profile dev]\ncredential_process = /no/such/program get\n', '/no/such/program'],
  ['prints no JSON', program('echo hello'), 'credential_process returned invalid JSON'],
  ['prints nothing', program('true'), 'credential_process returned invalid JSON'],
])('a credential_process that %s is quoted', async (_what, config, words) => {
  const env = { HOME: home({ config }), AWS_PROFILE: 'dev' }
  const failure = failureIn(await ask(bedrock('http://127.0.0.1:1', env)))
  expect(failure).toMatchObject({ kind: 'credentials', message: expect.stringContaining(words) })
  const [fact] = await checkModel(settings(), env, { machine: notEc2, now })
  expect(fact?.detail).toContain(words)
})

test('what a credential_process says is shown without secrets and without what a terminal would obey', async () => {
  const config = program(`printf 'AKIAIOSFODNN7EXAMPLE password: hunter22 \\033[31m' >&2; exit 1`)
  const { message } = failureIn(
    await ask(bedrock('http://127.0.0.1:1', { HOME: home({ config }), AWS_PROFILE: 'dev' })),
  )
  expect(message).toContain('[hidden]')
  for (const word of ['AKIA', 'hunter22', '\u001b']) expect(message).not.toContain(word)
})

test.each([
  ['source_profile', byRole, /profile: \[base\]/],
  [
    'web_identity_token_file',
    '[profile dev]\nrole_arn = arn:aws:iam::1:role/x\nweb_identity_token_file = /nope\n',
    /\/nope/,
  ],
])('a %s that is not there is named', async (_what, config, words) => {
  const failure = failureIn(
    await ask(bedrock('http://127.0.0.1:1', { HOME: home({ config }), AWS_PROFILE: 'dev' })),
  )
  expect(failure).toMatchObject({ kind: 'credentials', message: expect.stringMatching(words) })
})
