import { expect, test } from 'vitest'
import { decide, grantsOf, hiddenPaths, type Trust } from '../../src/tools/policy/policy.ts'
import { parseRule } from '../../src/tools/policy/rules/rules.ts'
import type { Claim } from '../../src/tools/policy/tool-claim.ts'

const cwd = '/home/u/project'
const trust = (
  changes: Partial<Record<'allow' | 'deny', string[]>> & Partial<Pick<Trust, 'granted' | 'all'>> = {},
) => ({
  cwd,
  granted: changes.granted ?? [],
  all: changes.all ?? false,
  allow: (changes.allow ?? []).map((text) => parseRule(text, cwd, 'allow')),
  deny: (changes.deny ?? []).map((text) => parseRule(text, cwd, 'deny')),
})
const run = (command: string): Claim => ({ type: 'command', tool: 'execute_bash', command, cwd })
const write = (path: string): Claim => ({ type: 'write', tool: 'fs_write', path })
const read = (...paths: string[]): Claim => ({ type: 'read', tool: 'fs_read', paths, directories: [] })
const says = (claim: Claim, given: Trust) => decide(claim, given).type

const allow = [
  'execute_bash(npm test)',
  'execute_bash(git log *)',
  'execute_bash(npm run test*)',
  'execute_bash(ls)',
]

test.each([
  'npm test',
  'npm  test',
  'npm "test"',
  "npm 'test'",
  'git log',
  'git log --oneline -5',
  'git log --format=%h HEAD^',
  "git log --author='Ada L'",
  'npm run test',
  'npm run test:unit',
  'ls',
])('%s is what an allow rule names', (command) => {
  expect(says(run(command), trust({ allow }))).toBe('run')
})

const bypasses = [
  'npm test; rm -rf ~',
  'npm test ;rm x',
  'npm test && rm x',
  'npm test&&rm x',
  'npm test || rm x',
  'npm test | sh',
  'npm test |& sh',
  'npm test & rm x',
  'npm test &',
  'npm test\nrm x',
  'npm test\r\nrm x',
  '\nnpm test\nrm x',
  'npm test\trm',
  'npm test\u2028rm x',
  'npm test\u00a0x',
  'npm test $(rm x)',
  'npm test `rm x`',
  'npm test "$(rm x)"',
  'npm test "`rm x`"',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's, not ours
  'npm test ${x}',
  'npm test $x',
  "npm test $'x'",
  'npm test > ~/.bashrc',
  'npm test >> x',
  'npm test < x',
  'npm test 2>x',
  'npm test &>x',
  'npm test <(rm x)',
  'npm test >(rm x)',
  'npm test << EOF\nx\nEOF',
  'npm test <<< x',
  '(npm test)',
  '{ npm test; }',
  'npm test)',
  'X=1 npm test',
  'PATH=. npm test',
  'LD_PRELOAD=./x.so npm test',
  'eval npm test',
  'eval "npm test"',
  'exec npm test',
  'command npm test',
  'builtin npm test',
  'env npm test',
  'sudo npm test',
  'time npm test',
  '! npm test',
  'source npm test',
  '. npm test',
  'npm test # and more',
  'npm test "a;b"',
  "npm test 'a;b'",
  "npm test 'a\nb'",
  'npm test "a&b"',
  'npm test "a|b"',
  "npm test '>x'",
  'npm te"st; rm x"',
  "npm test' ; rm x",
  'npm test" ; rm x',
  'npm\\ test',
  'npm test\\',
  'npm test \\\nrm x',
  'npm test *',
  'npm test ?',
  'npm test [a]',
  'npm test {a,b}',
  'npm test ~',
  'npm test !!',
  'npm\u200b test',
  'npm test\u202e',
  'npm\u00ad test',
  'npm t\u0435st',
  'npm test\u0000',
  'npm test\u001b[2K',
  'npm tests',
  'npm test extra',
  'npm testx',
  'xnpm test',
  './npm test',
  '/tmp/npm test',
  'npm "test extra"',
  '"npm test"',
  "'npm' test",
  'NPM test',
  'npm',
  'npm run',
  'npm run build',
  'npm run test x',
  'npm run tes',
  'git logx',
  'git',
  'git -c core.pager=x log',
  'git "log --output=x"; x',
  'git log; x',
  'git log $(x)',
  'git log\nx',
  'git log | sh',
  'git log > x',
  'git log -1 && x',
  'git log --format="%h`x`"',
  'ls -la',
  'ls;ls',
  'ls ls',
  'if ls',
  'while ls',
  'for ls in a',
  'function ls',
  'coproc ls',
  'trap ls EXIT',
  'alias ls=x',
  'ls=x',
  'hash -p /tmp/x ls',
  'enable -f x ls',
  '',
  ' ',
]

test.each(bypasses)('%j is not trusted by a part of it', (command) => {
  expect(says(run(command), trust({ allow }))).toBe('ask')
})

test('the table of bypasses is as long as it should be', () => expect(bypasses.length).toBeGreaterThan(100))

test.each([
  'rm -rf x',
  'ls; rm -rf x',
  'ls && rm x',
  '$(rm x)',
  '`rm x`',
  '/bin/rm x',
  'r"m" x',
  "r''m x",
  '\\rm x',
  'sudo rm x',
  'FOO=1 rm x',
  'bash -c "rm x"',
  'find . | xargs rm',
  '(rm x)',
  '{ rm x; }',
  'if true; then rm x; fi',
  'ls\nrm x',
  'git push --force',
  'git -C x push origin --force',
])('%j is refused by a deny rule, whatever is trusted', (command) => {
  const given = trust({
    deny: ['execute_bash(rm *)', 'execute_bash(git push --force*)'],
    allow: ['execute_bash'],
    granted: [{ type: 'command', command, cwd }],
    all: true,
  })
  expect(says(run(command), given)).toBe('refuse')
})

test.each([
  '$x -rf y',
  'eval "$(echo cm0gLXJm | base64 -d)"',
  "$'\\x72m' x",
  'r? x',
  '{r,}m x',
  'echo x | base64 -d',
])('%j cannot be read: with a deny rule it asks, even where the whole tool is trusted', (command) => {
  const deny = ['execute_bash(rm *)']
  expect(says(run(command), trust({ deny, allow: ['execute_bash'] }))).toBe('ask')
  expect(says(run(command), trust({ deny, all: true }))).toBe('ask')
  expect(says(run(command), trust({ deny, granted: [{ type: 'command', command, cwd }] }))).toBe('run')
  expect(says(run(command), trust({ all: true }))).toBe('run')
})

test('without rules, reads in the working directory run and all else asks', () => {
  const none = trust()
  expect(says(read(`${cwd}/src/a.ts`, cwd), none)).toBe('run')
  expect(says(read(`${cwd}/..hidden`), none)).toBe('run')
  expect(says(read(`${cwd}/a`, '/etc/passwd'), none)).toBe('ask')
  expect(says(read(`${cwd}2/a`), none)).toBe('ask')
  expect(says(read('/home/u'), none)).toBe('ask')
  expect(says(read(`${cwd}/.ssh/id_rsa`), none)).toBe('ask')
  expect(says(write(`${cwd}/a`), none)).toBe('ask')
  expect(says(run('ls'), none)).toBe('ask')
  expect(says({ type: 'call', tool: 'x/y', input: '{}' }, none)).toBe('ask')
})

test('a rule for an MCP server names all of its tools or one of them, and no other server', () => {
  const calls = (tool: string): Claim => ({ type: 'call', tool, input: '{}' })
  const given = trust({ allow: ['@files', '@git/log'], deny: ['@files/write'] })
  expect(says(calls('@files/read'), given)).toBe('run')
  expect(says(calls('@files/write'), given)).toBe('refuse')
  expect(says(calls('@files/write_all'), given)).toBe('run')
  expect(says(calls('@files2/read'), given)).toBe('ask')
  expect(says(calls('@git/log'), given)).toBe('run')
  expect(says(calls('@git/log/all'), given)).toBe('ask')
  expect(says(calls('@git/push'), trust({ deny: ['@git'], all: true }))).toBe('refuse')
  expect(says(run('ls'), trust({ allow: ['@execute_bash', '@files'] }))).toBe('ask')
  expect(() => parseRule('files___write', cwd)).toThrow(/Expected a tool rule/)
  expect(() => parseRule('@files/read(a)', cwd)).toThrow(/Expected a tool rule/)
})

test('path rules go by the real path, deny before allow', () => {
  const given = trust({ allow: ['fs_write(src/**)', 'fs_read(/etc/*)'], deny: ['fs_write(src/**/*.key)'] })
  expect(says(write(`${cwd}/src/a/b.ts`), given)).toBe('run')
  expect(says(write(`${cwd}/src/a.key`), given)).toBe('refuse')
  expect(says(write(`${cwd}/srcs/a`), given)).toBe('ask')
  expect(says(write('/home/u/src/a'), given)).toBe('ask')
  expect(says(read('/etc/hosts'), given)).toBe('run')
  expect(says(read('/etc/ssl/a'), given)).toBe('ask')
})

test('a path that may not be read may not be searched, and searches leave it out', () => {
  const given = trust({ deny: ['fs_read(secret/**)'] })
  const search: Claim = { type: 'read', tool: 'grep', paths: [`${cwd}/secret/a`], directories: [] }
  expect(says(search, given)).toBe('refuse')
  const hidden = hiddenPaths(given, 'grep')
  expect([`${cwd}/secret/a`, `${cwd}/.ssh`, `${cwd}/src`].map(hidden)).toEqual([true, true, false])
})

test.each<[Claim, Claim[], Claim[], string]>([
  [
    run('make'),
    [run('make')],
    [run('make '), run('make x'), { ...run('make'), cwd: '/' } as Claim],
    'this very',
  ],
  [run('a && b'), [run('a && b')], [run('a'), run('b'), run('a && b && c')], 'this very'],
  [write('/x/a'), [write('/x/a')], [write('/x/ab'), write('/x/a/b'), write('/x')], 'writing /x/a'],
  [
    { type: 'read', tool: 'fs_read', paths: ['/x/a'], directories: ['/x'] },
    [read('/x/a'), read('/x/b/c')],
    [read('/xy'), read('/'), read('/x/a', '/y')],
    'reading everything in /x',
  ],
])('t trusts what it shows and no more', (claim, covered, others, words) => {
  const grant = grantsOf(claim)
  expect(grant.words).toContain(words)
  for (const one of covered) expect(says(one, trust({ granted: grant.grants }))).toBe('run')
  for (const one of others) expect(says(one, trust({ granted: grant.grants }))).toBe('ask')
})

test.each([
  '',
  'execute_bash(ls; rm)',
  'execute_bash($x)',
  'other(x)',
  'a b',
  'execute_bash(',
  'execute_bash(eval *)',
])('%j is no rule', (text) => expect(() => parseRule(text, cwd)).toThrow('Expected a tool rule'))
