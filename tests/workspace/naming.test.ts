import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab({ Q_SESSIONS_AUTO_GENERATE_NAMES: '' })
})
afterEach(() => lab.dispose())

test('a session is named by its first prompts, in list, window and prompt', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'send', 'dev-1', 'why does the terraform apply fail with a state lock error?'])
  const [session] = await until(async () => {
    const { sessions } = await lab.list()
    return sessions[0]?.name.includes('terraform') && sessions
  })
  expect(session).toMatchObject({ nameSource: 'auto', type: 'Debug' })
  await until(() => lab.tmux('display-message', '-p', '-t', '=q:', '#{window_name}') === session?.name)
  await until(() => lab.screen().includes(`[${session?.name}] q>`))
})

test('a name that a user chose stays whatever is said', async () => {
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'rename', 'dev-1', 'mine'])
  await lab.q(['mux', 'send', 'mine', 'why does the terraform apply fail with a state lock error?'])
  await until(async () => (await lab.list()).sessions[0]?.messages === 2)
  expect((await lab.list()).sessions[0]).toMatchObject({ name: 'mine', nameSource: 'user' })
})

test('a type that a user chose stays, and the name is found all the same', async () => {
  await lab.q(['mux', 'new', '--type', 'planning', '--background'])
  await lab.q(['mux', 'send', 'plan-1', 'why does the terraform apply fail with a state lock error?'])
  const session = await until(async () =>
    (await lab.list()).sessions.find(({ name }) => name.includes('terraform')),
  )
  expect(session.type).toBe('Planning')
})

test('with auto_generate_names off a session keeps its number', async () => {
  lab.config('[sessions]\nauto_generate_names = false\n')
  await lab.q(['mux', '--detach'])
  await lab.q(['mux', 'send', 'dev-1', 'why does the terraform apply fail with a state lock error?'])
  await until(async () => (await lab.list()).sessions[0]?.messages === 2)
  expect((await lab.list()).sessions[0]?.name).toBe('dev-1')
})

test('q name says the name and type of a beginning, one a line for -', async () => {
  const one = await lab.q(['name', 'please', 'review', 'my', 'pull request for the redis cache'])
  expect(one.stdout).toMatch(/^[a-z0-9-]*redis[a-z0-9-]*\tCodeReview\n$/)
  const many = await lab.q(['name', '-'], { input: 'add dark mode to the settings page\n\nhello\n' })
  expect(many.stdout.split('\n').map((line) => line.split('\t')[1])).toEqual([
    'Development',
    'Development',
    'Development',
    undefined,
  ])
  expect(many.stdout.split('\n')[2]).toBe('dev-1\tDevelopment')
})

test('changed [ui] and [keys] settings reach a running workspace', async () => {
  await lab.q(['mux', '--detach'])
  const option = (name: string): string => lab.tmux('show-options', '-v', '-t', '=q:', name)
  expect(option('status-position')).toBe('top')
  await until(() => lab.list().then(({ controller }) => controller))
  await lab.q(['config', 'set', 'ui.indicator_position', 'bottom-left'])
  await lab.q(['config', 'set', 'keys.next_waiting', 'C-n'])
  await until(() => option('status-position') === 'bottom' && option('status-left').includes('@q_waiting'))
  await until(() => lab.tmux('list-keys', '-T', 'prefix', 'C-n').includes('@q_next'))
  expect(
    lab
      .tmux('list-keys', '-T', 'prefix')
      .split('\n')
      .filter((line) => /prefix\s+a\s/.test(line)),
  ).toEqual([])
})

test('multi_session_enabled makes a plain q chat the workspace', async () => {
  lab.config('[sessions]\nmulti_session_enabled = true\n')
  const terminal = lab.terminal(['chat'])
  await until(() => terminal.screen().includes('[dev-1] q>'))
  expect(await lab.list()).toMatchObject({ running: true })
})
