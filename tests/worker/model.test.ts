import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultModelId } from '../../src/provider/bedrock/bedrock-model-id.ts'
import { knownModels } from '../../src/provider/bedrock/known-models.ts'
import { shortModelName } from '../../src/provider/model-name.ts'
import { raw, startOpenaiServer } from '../support/openai-server.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, openShell, promptUp, q, query, startWorkspace } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const screen = () => lab.tmux('capture-pane', '-p', '-J', '-t', pane)
const seen = (words: string | RegExp) =>
  until(() => (typeof words === 'string' ? screen().includes(words) : words.test(screen())), {
    what: `${words} on the screen`,
  })
const kept = () =>
  query<{ model: string | null }>(lab, 'SELECT model FROM conversations ORDER BY created_at').map(
    ({ model }) => model,
  )

async function asked(prompt: string): Promise<string | undefined> {
  const before = lab.server.requests.length
  lab.type(pane, prompt)
  await until(() => lab.server.requests.length > before, { what: 'a request' })
  await until(() => lab.server.requests.at(-1)?.end === 'complete')
  await promptUp(lab, 'dev-1')
  return lab.server.requests.at(-1)?.model
}

test('/model ID answers from the next prompt on, says so, and comes back with the session', async () => {
  await startWorkspace(lab)
  expect(await asked('say one')).toBe(defaultModelId('us-east-1'))
  lab.type(pane, '/model eu.some.model-v1:0')
  await seen('model: bedrock eu.some.model-v1:0 in us-east-1')
  await seen('the choice is kept with this session; /model default goes back')
  expect(await asked('say two')).toBe('eu.some.model-v1:0')
  expect(kept()).toEqual(['eu.some.model-v1:0'])
  await lab.q(['mux', 'stop'])
  await startWorkspace(lab)
  expect(await asked('say three')).toBe('eu.some.model-v1:0')
  lab.type(pane, '/model default')
  await seen(`${defaultModelId('us-east-1')} in us-east-1, as the configuration says`)
  expect(await asked('say four')).toBe(defaultModelId('us-east-1'))
  expect(kept()).toEqual([null])
})

test('/model shows a list: typing narrows it, arrows move, Enter takes, Esc leaves it as it is', async () => {
  await startWorkspace(lab)
  lab.type(pane, '/model')
  await seen(`\n> ${defaultModelId('us-east-1')}  (answers now)\n`)
  lab.keys(pane, 'Down', 'Down', 'Up')
  await seen(`> ${knownModels('us-east-1')[0]}`)
  lab.tmux('send-keys', '-t', pane, '-l', 'us haiku')
  await seen(/> us\.anthropic\.claude-haiku-4-5-20251001-v1:0 *\n {2}type to narrow/)
  lab.keys(pane, 'Escape')
  await seen('the model stays as it is')
  await promptUp(lab, 'dev-1')
  expect(screen()).not.toContain('type to narrow')
  expect(kept()).toEqual([null])

  lab.type(pane, '/model')
  await seen(/^> us\.anthropic/m)
  lab.tmux('send-keys', '-t', pane, '-l', 'HAIKU global')
  await seen('> global.anthropic.claude-haiku-4-5-20251001-v1:0')
  lab.keys(pane, 'Enter')
  await seen('model: bedrock global.anthropic.claude-haiku-4-5-20251001-v1:0')
  expect(await asked('say two')).toBe('global.anthropic.claude-haiku-4-5-20251001-v1:0')

  lab.type(pane, '/model')
  await seen(/^> global\.anthropic\.claude-haiku\S+ {2}\(answers now\)$/m)
  lab.tmux('send-keys', '-t', pane, '-l', 'my.own-model')
  await seen('not in the list')
  lab.keys(pane, 'Enter')
  await seen('model: bedrock my.own-model in us-east-1')
})

test('in a window that shrinks and grows the list is drawn whole, and nothing of it stays behind', async () => {
  await startWorkspace(lab)
  const size = (columns: number, rows: number) =>
    lab.tmux('resize-window', '-t', '=q:dev-1', '-x', String(columns), '-y', String(rows))
  lab.type(pane, '/model')
  await seen('(answers now)')
  size(40, 8)
  await until(() => /model:\n> us\.anthropic.*\n( {2}\S+\n){5} {2}type to narrow/.test(lab.screen(pane)))
  size(100, 24)
  await until(() => /model:\n> us\.anthropic.*\n( {2}\S+\n){9} {2}type to narrow/.test(lab.screen(pane)))
  lab.keys(pane, 'Escape')
  await promptUp(lab, 'dev-1')
  expect(lab.screen(pane)).not.toMatch(/anthropic\S*$|type to narrow/m)
})

test('an id that is none is refused, whoever says it', async () => {
  await startWorkspace(lab)
  lab.type(pane, '/model zwölf')
  await seen('is not a model id')
  expect(await lab.q(['chat', '--model', 'a b', 'say x'])).toMatchObject({ code: 2, stdout: '' })
  const opened = await lab.q(['mux', 'new', 'x', '--background', '--model', '\u001b[31m'])
  expect(opened).toMatchObject({ code: 2, stdout: '' })
  expect(opened.stderr).not.toContain('\u001b')
  expect(kept()).toEqual([null])
})

test('q chat --model and q mux new --model choose the model for that session only', async () => {
  expect((await lab.q(['chat', '--model', 'some.model', 'say once'])).stdout).toBe('once\n')
  expect(lab.server.requests.at(-1)?.model).toBe('some.model')
  expect((await lab.q(['chat', '--resume', 'dev-1', 'say again'])).code).toBe(0)
  expect(lab.server.requests.at(-1)?.model).toBe('some.model')
  expect((await lab.q(['chat', '--resume', 'dev-1', '--model', 'default', 'say more'])).code).toBe(0)
  expect(lab.server.requests.at(-1)?.model).toBe(defaultModelId('us-east-1'))
  await lab.q(['mux', 'new', 'own', '--background', '--model', 'other.model', '--prompt', 'say hi'])
  await until(() => lab.server.requests.at(-1)?.model === 'other.model')
  await lab.q(['mux', 'new', 'usual', '--background', '--model', 'default'])
  expect(kept()).toEqual([null, 'other.model', null])
})

test('Tab completes the ids that are known', async () => {
  await startWorkspace(lab)
  lab.tmux('send-keys', '-t', pane, '-l', '/model GLOBAL.anthropic.claude-h')
  lab.keys(pane, 'Tab')
  await promptUp(lab, 'dev-1', '/model global.anthropic.claude-haiku-4-5-20251001-v1:0')
})

test('a dumb terminal gets a numbered list', async () => {
  const terminal = openShell(lab, `export TERM=dumb; ${q} chat --name talk`)
  await until(() => terminal.screen().includes('[talk] q>'))
  terminal.type('/model')
  await until(() => terminal.screen().trimEnd().endsWith('model:'))
  const [, number = ''] = /(\d+)\. us\.amazon\.nova-lite/.exec(terminal.screen()) ?? []
  terminal.type(number)
  await until(() => terminal.screen().includes('model: bedrock us.amazon.nova-lite-v1:0'))
})

test('an OpenAI-compatible server is asked for its models, and what could not be an id is left out', async () => {
  const server = await startOpenaiServer({ models: ['small', 'evil\u001b]0;x\u0007', 'large'] })
  try {
    const env = { Q_MODEL_PROVIDER: 'openai', Q_MODEL_BASE_URL: server.url }
    const set = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    const terminal = openShell(lab, `export ${set.join(' ')}; ${q} chat --name talk`)
    await until(() => terminal.screen().includes('[talk] q>'))
    terminal.type('/model')
    await until(() => terminal.screen().includes('\n> small'))
    expect(terminal.screen()).not.toContain('evil')
    terminal.keys('Down', 'Enter')
    await until(() => terminal.screen().includes('model: openai large at 127.0.0.1'))
    terminal.type('hello')
    await until(() => server.requests.at(-1)?.body.model === 'large')
    server.respondWith([raw('')])
  } finally {
    await server.close()
  }
})

test('with the guide there is nothing to choose, and it says why', async () => {
  const terminal = openShell(lab, `export Q_MODEL_PROVIDER=guide; ${q} chat --name talk`)
  await until(() => terminal.screen().includes('[talk] q>'))
  terminal.type('/model')
  await until(() => terminal.screen().includes('no model is connected'))
})

test.each([
  ['us.anthropic.claude-sonnet-4-20250514-v1:0', 'claude-sonnet-4'],
  ['global.anthropic.claude-opus-4-6-v1', 'claude-opus-4-6'],
  ['us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5'],
  ['anthropic.claude-3-haiku-20240307-v1:0', 'claude-3-haiku'],
  ['us.amazon.nova-pro-v1:0', 'nova-pro'],
  ['arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-6', 'claude-sonnet-4-6'],
  ['qwen3:8b', 'qwen3:8b'],
  ['llama3.1:8b', 'llama3.1:8b'],
  ['Qwen/Qwen2.5-Coder-7B', 'Qwen2.5-Coder-7B'],
  ['gpt-4.1-mini', 'gpt-4.1-mini'],
])('%s is called %s below an answer', (id, short) => {
  expect(shortModelName(id)).toBe(short)
})

test('the default model of every region is in the list of that region', () => {
  for (const region of [
    'us-east-1',
    'eu-west-1',
    'ap-northeast-1',
    'ap-southeast-2',
    'sa-east-1',
    'us-gov-west-1',
  ])
    expect(knownModels(region)).toContain(defaultModelId(region))
})
