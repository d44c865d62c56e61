import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answer, say, tool } from '../support/bedrock-script.ts'
import { until } from '../support/until.ts'
import {
  type BedrockLab,
  openBedrockLab,
  openShell,
  promptUp,
  q,
  query,
  session,
  startWorkspace,
} from '../worker/harness.ts'
import { askFor, askToRun, openQuestions, ran, results, screenOf, turnOver } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
  await startWorkspace(lab)
})
afterEach(() => lab.dispose())

const approve = (...words: string[]) => lab.q(['mux', 'approve', 'dev-1', ...words])
const deny = (...words: string[]) => lab.q(['mux', 'deny', 'dev-1', ...words])

test('approve --yes shows what would run and runs it once; the window says where the yes came from', async () => {
  await askToRun(lab)
  expect(await approve('--yes')).toEqual({
    code: 0,
    stdout: 'execute_bash (1 line):\n▐ echo dev-1 >> ran\n',
    stderr: 'dev-1: approved\n',
  })
  await turnOver(lab)
  expect(ran(lab)).toEqual(['dev-1'])
  expect(results(lab)[0]).toMatchObject({ status: 'success' })
  expect(screenOf(lab)).toMatch(/\[y\/n\/t\]: *\napproved from elsewhere\n\(done\)/)
  expect(openQuestions(lab)).toBe(0)
  await askToRun(lab)
})

test('without a terminal and without --yes nothing is approved; the hint approves just what was shown', async () => {
  await askToRun(lab, 'dev-1', 'first')
  const refused = await approve()
  expect(refused).toMatchObject({ code: 2, stdout: 'execute_bash (1 line):\n▐ echo first >> ran\n' })
  const [, number = ''] = /q mux approve dev-1 --yes --question (\d+)/.exec(refused.stderr) ?? []
  expect(number).not.toBe('')
  expect(await session(lab, 'dev-1')).toMatchObject({ waitingFor: 'approval' })
  lab.type('=q:dev-1', 'n')
  await turnOver(lab)
  lab.tmux('send-keys', '-t', '=q:dev-1', '-R')
  lab.tmux('clear-history', '-t', '=q:dev-1')
  await askToRun(lab, 'dev-1', 'second')
  const stale = await approve('--yes', '--question', number)
  expect(stale).toMatchObject({ code: 1, stdout: '' })
  expect(stale.stderr).toContain(`dev-1 does not ask question ${number} any more`)
  const [, next = ''] = /but question (\d+)/.exec(stale.stderr) ?? []
  expect(await approve('--yes', '--question', next)).toMatchObject({ code: 0 })
  await turnOver(lab)
  expect(ran(lab)).toEqual(['second'])
})

test('--trust trusts that command in that session, as t does', async () => {
  await askToRun(lab)
  expect(await approve('--trust')).toMatchObject({
    code: 0,
    stderr: 'dev-1: approved, and trusted there from now on\n',
  })
  await turnOver(lab)
  await lab.q(['mux', 'send', 'dev-1', 'tool execute_bash {"command":"echo dev-1 >> ran"}'])
  await until(() => expect(ran(lab)).toEqual(['dev-1', 'dev-1']))
  expect(screenOf(lab)).toContain('approved and trusted from elsewhere')
})

test('deny declines, and its words reach the model and the window', async () => {
  await askToRun(lab)
  expect(await deny('use', 'the', 'other   file')).toEqual({
    code: 0,
    stdout: 'execute_bash (1 line):\n▐ echo dev-1 >> ran\n',
    stderr: 'dev-1: declined\n',
  })
  await turnOver(lab)
  expect(results(lab)[0]).toMatchObject({ status: 'error' })
  expect(results(lab)[0]?.content[0]?.text).toBe(
    'The user declined this: it was not run. The user says: use the other   file',
  )
  expect(screenOf(lab)).toContain('declined from elsewhere: use the other file\n')
  lab.tmux('send-keys', '-t', '=q:dev-1', '-R')
  lab.tmux('clear-history', '-t', '=q:dev-1')
  await askToRun(lab)
  await deny()
  await turnOver(lab)
  expect(results(lab)[0]?.content[0]?.text).toBe('The user declined this: it was not run.')
  expect(ran(lab)).toEqual([])
})

test('of many answers at once exactly one counts, and the others are told', async () => {
  for (let round = 1; round <= 3; round += 1) {
    lab.tmux('send-keys', '-t', '=q:dev-1', '-R')
    lab.tmux('clear-history', '-t', '=q:dev-1')
    await askToRun(lab, 'dev-1', `r${round}`)
    const answers = await Promise.all([
      approve('--yes'),
      approve('--yes'),
      deny('no'),
      approve('--trust'),
      // In the window, at the same moment.
      new Promise((resolve) => setTimeout(resolve, 150 * round)).then(() => lab.type('=q:dev-1', 'n')),
    ])
    await turnOver(lab)
    const outcomes = answers.flatMap((result) => (result ? [result] : []))
    const winners = outcomes.filter(({ code }) => code === 0)
    // Exactly one: where none of the commands was it, the window was.
    const here = screenOf(lab).includes('[y/n/t]: n\nnot run')
    expect(winners).toHaveLength(here ? 0 : 1)
    for (const { code, stderr } of outcomes.filter((outcome) => !winners.includes(outcome))) {
      expect(code).toBe(1)
      expect(stderr).toMatch(/was answered there already|does not wait for an approval/)
    }
    const runs = ran(lab).filter((line) => line === `r${round}`)
    expect(runs).toHaveLength(winners[0]?.stderr.includes('approved') ? 1 : 0)
    expect(openQuestions(lab)).toBe(0)
    lab.keys('=q:dev-1', 'C-c')
  }
})

test('a half-typed answer neither answers nor is lost when the verdict comes, and Enter does not send it', async () => {
  await askToRun(lab)
  lab.tmux('send-keys', '-t', '=q:dev-1', '-l', 'n but do')
  await until(() => screenOf(lab).includes('[y/n/t]: n but do'))
  expect(await approve('--yes')).toMatchObject({ code: 0 })
  lab.keys('=q:dev-1', 'Enter')
  await turnOver(lab)
  expect(ran(lab)).toEqual(['dev-1'])
  await until(() => screenOf(lab).trimEnd().endsWith('[dev-1] q> n but do'))
  const prompts = lab.server.requests.flatMap(({ body }) => JSON.stringify(body).match(/n but do/) ?? [])
  expect(prompts).toEqual([])
})

test('keys for a question that is answered from elsewhere do not answer the next one', async () => {
  lab.server.respondWith(
    answer(
      [
        ...tool('t1', 'execute_bash', ['{"command":"echo one >> ran"}'], 1),
        ...tool('t2', 'execute_bash', ['{"command":"echo two >> ran"}'], 2),
      ],
      'tool_use',
    ),
    say('fine'),
  )
  await lab.q(['mux', 'send', 'dev-1', 'several'])
  await until(() => screenOf(lab).includes('[y/n/t]:'))
  lab.tmux('send-keys', '-t', '=q:dev-1', '-l', 'y')
  await approve('--yes')
  await until(() => ran(lab).length === 1)
  // The Enter for the first one, and a whole answer right behind it.
  lab.keys('=q:dev-1', 'Enter', 'y', 'Enter')
  await until(() => screenOf(lab).split('[y/n/t]:').length === 3)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(ran(lab)).toEqual(['one'])
  expect(await deny('stop')).toMatchObject({ code: 0 })
  await turnOver(lab)
  expect(ran(lab)).toEqual(['one'])
  expect(results(lab).map(({ status }) => status)).toEqual(['success', 'error'])
})

test('a worker killed at its question takes it along: no verdict for it counts, and it is asked again', async () => {
  await askToRun(lab)
  const { pid } = await session(lab, 'dev-1')
  process.kill(pid ?? 0, 'SIGKILL')
  await until(() => screenOf(lab).includes('Press Enter to go on'))
  expect(openQuestions(lab)).toBe(1)
  const late = await approve('--yes')
  expect(late).toMatchObject({ code: 1, stdout: '' })
  expect(late.stderr).toMatch(/dev-1 does not wait for an approval: no program runs in it/)
  // As if a command had been quicker than the kill.
  const db = new Database(lab.database)
  db.prepare("UPDATE approvals SET verdict = 'approve', given_at = unixepoch('subsec') * 1000").run()
  db.close()
  lab.keys('=q:dev-1', 'Enter')
  await promptUp(lab, 'dev-1')
  expect(openQuestions(lab)).toBe(0)
  lab.server.respondWith(answer(tool('t2', 'execute_bash', ['{"command":"echo again >> ran"}']), 'tool_use'))
  lab.type('=q:dev-1', 'go on')
  await until(() => openQuestions(lab) === 1)
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'approval')
  expect(ran(lab)).toEqual([])
  expect(query<{ verdict: string | null }>(lab, 'SELECT verdict FROM approvals')).toEqual([{ verdict: null }])
  expect(await approve('--yes')).toMatchObject({ code: 0 })
  await until(() => expect(ran(lab)).toEqual(['again']))
})

test('a session that asks nothing is said to do what it does', async () => {
  const refused = async (words: RegExp) => {
    for (const result of [await approve('--yes'), await deny('no')]) {
      expect(result).toMatchObject({ code: 1, stdout: '' })
      expect(result.stderr).toMatch(words)
    }
  }
  await refused(/dev-1 does not wait for an approval: nothing was said in it yet/)
  await lab.q(['mux', 'send', 'dev-1', 'hold'])
  await until(async () => (await session(lab, 'dev-1')).status === 'Processing')
  await refused(/it is answering/)
  lab.server.release()
  await turnOver(lab)
  await refused(/it waits for your next prompt/)
  await lab.q(['mux', 'send', 'dev-1', 'fail access'])
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'error')
  await refused(/it waits after an error \(.*access/)
  await lab.q(['mux', 'stop'])
  await refused(/no program runs in it[\s\S]*q mux switch dev-1/)
  const unknown = await lab.q(['mux', 'approve', 'dev-2', '--yes'])
  expect(unknown).toMatchObject({ code: 2, stdout: '' })
  expect(unknown.stderr).toMatch(/there is no session "dev-2"[\s\S]*did you mean "dev-1"/)
})

test('in a terminal y approves what is shown; what was typed or pasted before the question does not', async () => {
  writeFileSync(join(lab.home, 'a.txt'), 'one\ntwo\n')
  await askFor(lab, 'fs_write', { command: 'str_replace', path: 'a.txt', old_str: 'two', new_str: 'three' })
  const shell = openShell(lab, `sleep 1; ${q} mux approve dev-1; echo "exit $?"`)
  shell.keys('-l', 'y')
  shell.keys('Enter', 'y')
  await until(() => shell.screen().includes('[y/n/t]:'))
  shell.tmux('set-buffer', '-b', 'p', 'y\n')
  shell.tmux('paste-buffer', '-p', '-b', 'p')
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(await session(lab, 'dev-1')).toMatchObject({ waitingFor: 'approval' })
  expect(shell.screen(true)).toMatch(
    /fs_write \(1 line added, 1 removed\):[\s\S]*▐\S* change a\.txt\n[\s\S]*▐\S* \u001b\[31m-two[\s\S]*▐\S* \u001b\[32m\+three/,
  )
  shell.keys('C-c')
  await until(() => shell.screen().includes('exit 130'))
  expect(shell.screen()).toContain('left open: dev-1 still waits for an approval')

  const again = openShell(lab, `${q} mux approve dev-1; echo "exit $?"`)
  await until(() => again.screen().includes('[y/n/t]:'))
  await new Promise((resolve) => setTimeout(resolve, 300))
  again.type('y')
  await until(() => again.screen().includes('exit 0'))
  expect(again.screen()).toContain('dev-1: approved')
  await turnOver(lab)
  expect(results(lab)[0]).toMatchObject({ status: 'success' })
})

test('what would run is shown byte for byte as the window shows it, whatever it holds', async () => {
  const command = [
    'echo \u001b]52;c;aGk=\u0007 \u202eevil\u202c \u200bzero\u001b[2J',
    `true${' '.repeat(400)}; rm -rf nothing-here \u001b[8mhidden`,
    ...Array.from({ length: 200 }, (_, at) => `# line ${at}`),
    'echo last >> ran ',
  ].join('\n')
  await askFor(lab, 'execute_bash', { command })
  const { stdout } = await approve()
  expect(stdout).not.toMatch(/[^\P{C}\n]/u)
  const lines = stdout.split('\n')
  expect(lines.slice(0, 3)).toEqual([
    'execute_bash (203 lines):',
    '▐ echo \\u{1b}]52;c;aGk=\\u{7} \\u{202e}evil\\u{202c} \\u{200b}zero\\u{1b}[2J',
    '▐ true\\u{20*400}; rm -rf nothing-here \\u{1b}[8mhidden',
  ])
  expect(lines.slice(-3)).toEqual(['▐ # line 199', '▐ echo last >> ran\\u{20}', ''])
  expect(lines).toHaveLength(205)
  expect((await approve('--yes')).stdout).toBe(stdout)
  await until(() => expect(ran(lab)).toEqual(['last']))
  // The window keeps all of it.
  const unfolded = screenOf(lab).replaceAll('\n▐↳', '')
  await until(() => expect(unfolded).toContain(stdout.trimEnd()))
})
