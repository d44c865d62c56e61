import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Result } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab } from '../worker/harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
  await lab.q(['mux', '--detach'])
  for (const name of ['one', 'two']) await lab.q(['mux', 'new', name, '--background'])
})
afterEach(() => lab.dispose())

const wait = (...words: string[]): Promise<Result> => lab.q(['mux', 'wait', ...words])
const send = (name: string, prompt: string): Promise<Result> => lab.q(['mux', 'send', name, prompt])

test('send and then wait gives the answer that was asked for, never the one before', async () => {
  for (let turn = 1; turn <= 4; turn += 1) {
    await send('one', `say answer ${turn}`)
    expect(await wait('one')).toMatchObject({ code: 0, stdout: 'one\tinput\n' })
    expect(lab.screen('=q:one')).toContain(`answer ${turn}`)
  }
})

test('a session in which nothing was said is not waited for, and the time may be up', async () => {
  expect(await wait('--timeout', '0.3')).toMatchObject({ code: 3, stdout: '' })
  await send('two', 'hold')
  expect(await wait('two', '--timeout', '0.3')).toMatchObject({ code: 3 })
  const waiting = wait()
  lab.server.release()
  expect(await waiting).toMatchObject({ code: 0, stdout: 'two\tinput\n' })
})

test('an approval, a failure and an end are told apart, and --for and --all choose', async () => {
  const asks = wait('--for', 'approval')
  await send('one', 'tool execute_bash {"command":"touch x"}')
  expect((await asks).stdout).toBe('one\tapproval\n')
  await send('two', 'fail access')
  expect((await wait('two', '--for', 'input,error')).stdout).toBe('two\terror\n')
  const both = await wait('one', 'two', '--all')
  expect(both.stdout.split('\n').toSorted()).toEqual(['', 'one\tapproval', 'two\terror'])
  const done = wait('two', '--for', 'done')
  expect((await lab.q(['mux', 'close', 'two', '--yes'])).code).toBe(0)
  expect(await done).toMatchObject({ code: 0, stdout: 'two\tdone\n' })
  // Also for whoever comes too late.
  expect(await wait('two')).toMatchObject({ code: 0, stdout: 'two\tdone\n' })
})

test('a worker that is killed is done, or asks for a decision', async () => {
  await send('one', 'hold')
  const { pid } = await until(async () =>
    (await lab.list()).sessions.find(({ name, status }) => name === 'one' && status === 'Processing'),
  )
  const waiting = wait('one')
  process.kill(pid ?? 0, 'SIGKILL')
  expect((await waiting).stdout).toMatch(/^one\t(?:error|done)\n$/)
})

test('send --wait prints the answer to its own prompt, whatever is queued, and says what stands in the way', async () => {
  const ask = (prompt: string, ...words: string[]) =>
    lab.q(['mux', 'send', 'one', '--wait', ...words, prompt])
  expect(await ask('say the first')).toMatchObject({ code: 0, stdout: 'the first\n' })
  await send('one', 'hold')
  const queued = ask('say the second')
  await until(async () => lab.screen('=q:one').includes('1 prompt queued'))
  await send('one', 'say the third')
  lab.server.release()
  expect(await queued).toMatchObject({ code: 0, stdout: 'the second\n' })
  expect(await ask('fail access')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('one did not answer'),
  })
  expect(await ask('hold', '--timeout', '0.5')).toMatchObject({ code: 3, stdout: '' })
  const asking = lab.q(['mux', 'send', 'two', '--wait', 'tool execute_bash {"command":"touch x"}'])
  await wait('two', '--for', 'approval')
  expect(await lab.q(['mux', 'approve', 'two', '--yes'])).toMatchObject({ code: 0 })
  const answered = await asking
  expect(answered).toMatchObject({ code: 0, stdout: expect.stringContaining('The tool answered') })
  expect(answered.stderr).toContain('two asks for permission')
})

test('what it does not take is refused', async () => {
  expect(await wait('--for', 'inputs')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"inputs"'),
  })
  expect(await wait('--timeout', 'soon')).toMatchObject({ code: 2 })
  expect(await wait('nobody')).toMatchObject({ code: 2, stderr: expect.stringContaining('nobody') })
})
