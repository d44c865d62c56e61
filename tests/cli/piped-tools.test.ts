import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseRule, ruleCovers, ruleFor } from '../../src/tools/policy/rules/rules.ts'
import { answer, say, start, stop, text, tool } from '../support/bedrock-script.ts'
import { entry } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab } from '../worker/harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
})
afterEach(() => lab.dispose())

const file = (name: string) => join(lab.home, name)
const bash = (command: string) => `tool execute_bash ${JSON.stringify({ command })}`
/** The result that the last request carried. */
const result = () => {
  const content = lab.server.requests.at(-1)?.body.messages?.at(-1)?.content ?? []
  return content.map(({ toolResult }) => toolResult as { status: string; content: { text: string }[] })[0]
}

test('a pipe reads files in its directory unasked, and stdout has the answer only', async () => {
  writeFileSync(file('notes.txt'), 'the quick fox\n')
  const prompt = `tool fs_read ${JSON.stringify({ operations: [{ mode: 'Line', path: 'notes.txt' }] })}`
  const answered = await lab.q(['chat'], { input: prompt })
  expect(answered).toMatchObject({ code: 0, stderr: expect.not.stringContaining('not run') })
  expect(answered.stdout).toMatch(/^The tool answered: .*the quick fox/)
  expect(result()).toMatchObject({ status: 'success' })
})

test('what would ask is not run: the model hears it, and stderr says how to allow it', async () => {
  const answered = await lab.q(['chat', bash('touch made.txt')])
  expect(answered.code).toBe(0)
  expect(answered.stdout).toBe(`The tool answered: ${result()?.content[0]?.text}\n`)
  expect(result()).toMatchObject({ status: 'error' })
  expect(result()?.content[0]?.text).toContain('nobody is here to give it')
  expect(answered.stderr).toContain(
    "q: not run: execute_bash: touch made.txt\n   to allow it: --trust-tools 'execute_bash(touch made.txt)'\n",
  )
  expect(existsSync(file('made.txt'))).toBe(false)
  const trusted = await lab.q([
    'chat',
    '--trust-tools',
    'execute_bash(touch made.txt)',
    bash('touch made.txt'),
  ])
  expect(trusted).toMatchObject({ code: 0, stderr: expect.not.stringContaining('not run') })
  expect(existsSync(file('made.txt'))).toBe(true)
})

test('the configuration allows, --trust-all-tools allows all, and deny rules hold all the same', async () => {
  lab.config('[tools]\nallow = ["execute_bash(touch *)"]\ndeny = ["execute_bash(rm *)"]\n')
  await lab.q(['chat', bash('touch a.txt')])
  expect(existsSync(file('a.txt'))).toBe(true)
  await lab.q(['chat', '--trust-all-tools', bash('echo b > b.txt; echo loud')])
  expect(readFileSync(file('b.txt'), 'utf8')).toBe('b\n')
  const denied = await lab.q(['chat', '--trust-all-tools', bash('rm b.txt')])
  expect(denied.stderr).toContain('q: not run: execute_bash: rm b.txt\n   execute_bash(rm *) is denied')
  expect(denied.stdout).toContain("the user's rule execute_bash(rm *) denies it")
  expect(existsSync(file('b.txt'))).toBe(true)
})

test('what a star does not trust and what may hold credentials is said with the reason, and a rule that does', async () => {
  writeFileSync(file('.env'), 'A=sesame\n')
  lab.config('[tools]\nallow = ["execute_bash(git log *)", "execute_bash(cat *)", "fs_read"]\n')
  const log = await lab.q(['chat', bash('git log --output=notes.txt')])
  expect(log.stderr).toContain(
    "   --output=notes.txt writes or changes something; execute_bash(git log *) does not name it; to allow it: --trust-tools 'execute_bash(git log --output=notes.txt)'\n",
  )
  const cat = await lab.q(['chat', bash('cat .env')])
  expect(cat.stderr).toContain(
    "   .env: it may hold credentials; to allow it: --trust-tools 'execute_bash(cat .env)'\n",
  )
  const quoted = await lab.q(['chat', bash('cat ".e"*')])
  expect(quoted.stderr).toContain('no rule allows it: only --trust-all-tools does')
  const read = `tool fs_read ${JSON.stringify({ operations: [{ mode: 'Line', path: '.env' }] })}`
  expect((await lab.q(['chat', read])).stderr).toContain(
    `it may hold credentials; to allow it: --trust-tools 'fs_read(`,
  )
  expect(JSON.stringify(lab.server.requests)).not.toContain('sesame')
  await lab.q(['chat', '--trust-tools', 'fs_read(.env)', read])
  expect(JSON.stringify(lab.server.requests)).toContain('sesame')
})

test('what runs a text asks where commands are denied, and what is said of a rule for it is true', async () => {
  lab.config('[tools]\ndeny = ["execute_bash(rm *)"]\n')
  writeFileSync(file('made.sh'), 'touch made.txt\n')
  const piped = await lab.q(['chat', '--trust-all-tools', bash('cat made.sh | sh')])
  expect(piped.stderr).toContain(
    'q: not run: execute_bash: cat made.sh | sh\n   no rule allows it: commands are denied',
  )
  const alone = await lab.q(['chat', '--trust-all-tools', bash('sh made.sh')])
  expect(alone.stderr).toContain("to allow it: --trust-tools 'execute_bash(sh made.sh)'")
  expect(existsSync(file('made.txt'))).toBe(false)
  await lab.q(['chat', '--trust-tools', 'execute_bash(sh made.sh)', bash('sh made.sh')])
  expect(existsSync(file('made.txt'))).toBe(true)
})

test('what a command prints does not reach stdout; what is said before a tool ends its line', async () => {
  lab.server.respondWith(
    [start(), text('I look.'), ...tool('t1', 'execute_bash', ['{"command":"echo loud"}']), stop('tool_use')],
    say('Done.'),
  )
  const answered = await lab.q(['chat', '--trust-all-tools', 'go'])
  expect(answered).toMatchObject({ code: 0, stdout: 'I look.\nDone.\n' })
  expect(answered.stderr).not.toContain('loud')
})

test('nothing of a hostile command reaches the terminal through stderr', async () => {
  const command = "touch x'; \u001b]52;c;aGk=\u0007 \u202e \u009b2J"
  lab.server.respondWith(
    answer(tool('t1', 'execute_bash', [JSON.stringify({ command })]), 'tool_use'),
    say('ok'),
  )
  const { stderr } = await lab.q(['chat', 'go'])
  expect(stderr).toContain("to allow it: --trust-tools 'execute_bash'\n")
  expect(stderr).not.toMatch(/[\u001b\u0007\u202e\u009b]/)
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends it with 130, and the command with its process group',
  async (signal) => {
    const words = ['chat', '--trust-all-tools', bash('sleep 1000 & echo $! > pid; wait')]
    const child = spawn(process.execPath, [entry, ...words], { env: lab.env, cwd: lab.home, stdio: 'ignore' })
    try {
      const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)))
      await until(() => existsSync(file('pid')) && readFileSync(file('pid'), 'utf8').endsWith('\n'))
      child.kill(signal)
      expect(await ended).toBe(130)
      await until(() => !existsSync(`/proc/${readFileSync(file('pid'), 'utf8').trim()}`), { what: 'its end' })
    } finally {
      child.kill('SIGKILL')
    }
  },
)

test('q chat --resume in a pipe works in the directory of its conversation', async () => {
  mkdirSync(file('there'))
  mkdirSync(file('here'))
  await lab.q(['chat', '--name', 'talk', 'say hi'], { cwd: file('there') })
  await lab.q(['chat', '--resume', 'talk', '--trust-all-tools', bash('touch made.txt')], {
    cwd: file('here'),
  })
  expect([existsSync(file('there/made.txt')), existsSync(file('here/made.txt'))]).toEqual([true, false])
})

test('the rule that is offered trusts the call, and is as narrow as it can be written', () => {
  const command = (text: string) =>
    ({ type: 'command', tool: 'execute_bash', command: text, cwd: '/w' }) as const
  const write = (path: string) => ({ type: 'write', tool: 'fs_write', path }) as const
  const read = (...paths: string[]) => ({ type: 'read', tool: 'fs_read', paths, directories: [] }) as const
  const cases = [
    [command('npm test'), 'execute_bash(npm test)'],
    [command('a && b'), 'execute_bash'],
    [command("echo 'x'"), 'execute_bash'],
    [write('/w/src/a b.ts'), 'fs_write(/w/src/a b.ts)'],
    [write('/w/[x].ts'), 'fs_write'],
    [read('/etc/hosts'), 'fs_read(/etc/hosts)'],
    [read('/etc/hosts', '/etc/passwd'), 'fs_read'],
    [{ type: 'call', tool: '@git/log', input: '{}' }, '@git/log'],
  ] as const
  for (const [claim, rule] of cases) {
    expect(ruleFor(claim, '/w')).toBe(rule)
    expect(ruleCovers(parseRule(rule, '/w'), claim)).toBe(true)
  }
  expect(ruleCovers(parseRule(ruleFor(write('/w/a*.ts'), '/w'), '/w'), write('/w/a*.ts'))).toBe(true)
})
