import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { settingsTable } from '../../src/config/settings.ts'
import { awsFacts } from '../../src/provider/bedrock/aws/aws-facts.ts'
import type { Environment } from '../../src/provider/provider.ts'
import { checkModel, chooseProvider, providerKinds } from '../../src/provider/registry.ts'
import { home, keyId, keys, notEc2, now, secretKey, serve, settings, timeouts } from './harness.ts'

const auto = settings({ provider: 'auto' })
const deps = {
  docs: fileURLToPath(new URL('fixture-docs', import.meta.url)),
  now,
  machine: notEc2,
  localEndpoints: [],
}
const choose = (env: Environment, more = deps) => chooseProvider(auto, { HOME: home(), ...env }, more)
const credentials = `[default]\naws_access_key_id = ${keyId}\naws_secret_access_key = ${secretKey}\n`
const node = JSON.stringify(process.execPath)
const fromProcess = (script: string) => `[default]\ncredential_process = ${node} -e "${script}"\n`

test('auto without a trace of AWS is the guide, with one line on how to get a model', async () => {
  const { provider, notice } = await choose({})
  expect(provider.name).toBe('guide')
  expect(notice).toMatch(/^No model yet.*aws configure.*AWS_BEARER_TOKEN_BEDROCK/)
  expect(notice).not.toContain('\n')
})

test.each<[string, Environment]>([
  ['keys', keys],
  ['a Bedrock API key', { AWS_BEARER_TOKEN_BEDROCK: 'x' }],
])('auto with %s in the environment is bedrock, silently', async (_what, env) => {
  const { provider, notice } = await choose(env)
  expect([provider.name, notice]).toEqual(['bedrock', ''])
})

test('auto with a default profile is bedrock, labelled with model and region', async () => {
  const HOME = home({ credentials, config: '[default]\nregion=eu-west-1' })
  const { provider, notice } = await choose({ HOME })
  expect(notice).toBe('')
  expect(provider.label).toMatch(/^bedrock eu\.anthropic\.\S+ in eu-west-1$/)
})

test('a config file without credentials is no credentials', async () => {
  expect((await choose({ HOME: home({ config: '[default]\nregion = eu-west-1\n' }) })).provider.name).toBe(
    'guide',
  )
})

test('with other profiles only, the notice says how to choose one', async () => {
  const { provider, notice } = await choose({
    HOME: home({ credentials: credentials.replace('default', 'work') }),
  })
  expect(provider.name).toBe('guide')
  expect(notice).toContain('export AWS_PROFILE=work')
})

test.each<[string, string, Environment, RegExp]>([
  [
    'an SSO profile without a session',
    '[profile a]\nsso_session=x\nsso_account_id=1\nsso_role_name=r\n[sso-session x]\nsso_start_url=https://x.invalid\nsso_region=us-east-1',
    { AWS_PROFILE: 'a' },
    /AWS profile a: .*aws sso login --profile a/,
  ],
  [
    'a profile that is not there',
    '',
    { AWS_PROFILE: 'gone' },
    /gone is not configured.*aws configure --profile gone/,
  ],
  [
    'a process that fails',
    fromProcess('process.exit(3)'),
    {},
    /AWS profile default: .*aws sts get-caller-identity/,
  ],
  ['a process that hangs', fromProcess('setTimeout(Object, 3500)'), {}, /no answer within 2 s/],
])('%s is still bedrock, and the notice says what to do', async (_what, config, env, expected) => {
  const { provider, notice } = await choose({ HOME: home({ config }), ...env })
  expect(provider.name).toBe('bedrock')
  expect(notice).toMatch(expected)
})

test('credentials that the SDK has to fetch are fetched', async () => {
  const json = `{Version: 1, AccessKeyId: '${keyId}', SecretAccessKey: '${secretKey}'}`
  const config = fromProcess(`console.log(JSON.stringify(${json}))`)
  const { provider, notice } = await choose({ HOME: home({ config }) })
  expect([provider.name, notice]).toEqual(['bedrock', ''])
})

test('an EC2 machine may have a role, unless AWS_EC2_METADATA_DISABLED says no', () => {
  const source = (env: Environment) => awsFacts(auto, { HOME: home(), ...env }, { isEc2: () => true }).source
  expect(source({})).toEqual({ kind: 'ec2' })
  expect(source({ AWS_EC2_METADATA_DISABLED: 'false' })).toEqual({ kind: 'ec2' })
  expect(source({ AWS_EC2_METADATA_DISABLED: 'true' })).toBeUndefined()
})

test('what is asked for by name is taken as it is', async () => {
  const bedrock = await chooseProvider(settings(), { HOME: home() }, deps)
  expect([bedrock.provider.name, bedrock.notice]).toEqual(['bedrock', ''])
  expect((await chooseProvider(settings({ provider: 'guide' }), keys, deps)).provider.name).toBe('guide')
})

test('with nothing configured the SDK is not even loaded, and with a profile of keys neither', async () => {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const script = `
    const { chooseProvider } = await import(${url('../../src/provider/registry.ts')})
    const { createRequire, registerHooks } = await import('node:module')
    const loaded = []
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
    const settings = { provider: 'auto', timeouts: ${JSON.stringify(timeouts)} }
    const deps = { docs: '/', now: Date.now, machine: { isEc2: () => false }, localEndpoints: [] }
    const names = []
    for (const HOME of process.argv.slice(1)) names.push((await chooseProvider(settings, { HOME }, deps)).provider.name)
    console.log(JSON.stringify({ names, sdk: loaded.some((url) => url.includes('@aws-sdk')) }))
    await import(${url('../../src/provider/bedrock/aws/aws-sdk.ts')})
    console.log(loaded.some((url) => url.includes('@aws-sdk')))`
  const homes = [home(), home({ credentials })]
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    script,
    ...homes,
  ])
  expect(stdout).toBe('{"names":["guide","bedrock"],"sdk":false}\ntrue\n')
})

test('checkModel tells plain facts, and asks the model only on demand', async () => {
  const server = await serve()
  const env = { HOME: home(), ...keys, AWS_ENDPOINT_URL: server.url }
  const facts = await checkModel(auto, env, { machine: notEc2, now })
  expect(facts.map(({ name, ok }) => `${name} ${ok}`)).toEqual([
    'credentials true',
    'region true',
    'model true',
  ])
  expect(facts[1]?.detail).toBe(`us-east-1 (the default), ${server.url}`)
  expect(server.requests).toHaveLength(0)
  expect((await checkModel(auto, env, { probe: true, machine: notEc2, now })).at(-1)).toMatchObject({
    name: 'answer',
    ok: true,
  })
  expect(server.requests[0]?.body.inferenceConfig).toEqual({ maxTokens: 1 })
})

test('checkModel says what is missing and what is wrong', async () => {
  const env = { HOME: home(), AWS_ENDPOINT_URL: 'nonsense' }
  expect(await checkModel(auto, env, { probe: true, machine: notEc2, now })).toMatchObject([
    { name: 'credentials', ok: false, hint: 'Run: aws configure' },
    { name: 'region', ok: false, hint: expect.stringContaining('AWS_ENDPOINT_URL') },
    { name: 'model', ok: true },
  ])
  const refused = await checkModel(
    auto,
    { ...keys, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    { probe: true, now },
  )
  expect(refused.at(-1)).toMatchObject({
    name: 'answer',
    ok: false,
    detail: expect.stringContaining('ECONNREFUSED'),
  })
})

test('the setting takes the name of every kind of provider, and auto', () => {
  const names = providerKinds.map(({ name }) => name)
  expect(settingsTable.model.provider.words).toEqual(['auto', ...names])
})
