import { homedir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { decide, type Trust } from '../../src/tools/policy/policy.ts'
import { ruleExamples } from '../../src/tools/policy/rules/rule-examples.ts'
import { parseRule, type RuleList } from '../../src/tools/policy/rules/rules.ts'
import { simpleWords } from '../../src/tools/policy/shell/shell-words.ts'
import type { Claim } from '../../src/tools/policy/tool-claim.ts'

const cwd = '/home/u/project'
const line = (command: string): Claim => ({ type: 'command', tool: 'execute_bash', command, cwd })
const given = (lists: Partial<Record<RuleList, string[]>>, more: Partial<Trust> = {}): Trust => ({
  cwd,
  granted: [],
  all: false,
  allow: (lists.allow ?? []).map((text) => parseRule(text, cwd, 'allow')),
  deny: (lists.deny ?? []).map((text) => parseRule(text, cwd, 'deny')),
  ...more,
})
const bash = (pattern: string) => `execute_bash(${pattern})`
const decided = (command: string, lists: Parameters<typeof given>[0], more?: Partial<Trust>) =>
  decide(line(command), given(lists, more)).type

describe('a deny rule finds what it says, however that is written', () => {
  test.each([
    ['kubectl --context=prod *', 'kubectl --context=prod delete pod x'],
    ['kubectl --context=prod *', 'kubectl "--context=prod" get pods'],
    ['kubectl --context=prod *', 'kubectl --context="prod" get pods'],
    ['kubectl --context=prod *', 'kubectl -v --context=pr"o"d get'],
    ['kubectl "--context=prod" *', 'kubectl --context=prod get'],
    ['kubectl --context=prod *', 'kubectl --context prod delete pod x'],
    ['kubectl --context=prod *', 'kubectl --context "prod" get'],
    ['kubectl --context prod *', 'kubectl --context=prod get'],
    ['dd of=/dev/*', 'dd if=/dev/zero of=/dev/sda bs=1M'],
    ['dd of=/dev/*', 'dd of=//dev//sda'],
    ['dd of=/dev/*', 'dd "of=/tmp/../dev/sda"'],
    ['git -c core.pager=*', 'git -c core.pager=less log'],
    ['git -c core.pager=*', "git -c 'core.pager=sh -c x' log"],
    ['git commit -m "wip"', 'git commit -m wip'],
    ['git commit -m "wip"', "git commit -am x; git commit -m 'wip'"],
    ['git commit -m "wip"', 'git commit -m"wip"'],
    ["git commit -m 'work in progress'", 'git commit -m "work in progress"'],
    ["git commit -m 'work in progress'", 'git commit -m work\\ in\\ progress'],
    ['*push*', 'git push'],
    ['*push*', '/usr/lib/git-core/git-push origin'],
    ['git *push*', 'git -C x force-push-all y'],
    ['git p*sh', 'git push --force'],
    ['/bin/rm *', '/bin/rm -r x'],
    ['/bin/rm *', 'rm -rf x'],
    ['/bin/rm *', '/usr/bin/rm x'],
    ['rm *', '/bin/rm x'],
    ['rm *', 'RM x'],
    ['rm *', 'rm.exe x'],
    ['cat /etc/*', 'cat /../etc/passwd'],
    ['dd of=/dev/*', 'dd of=/../dev/sda'],
    ['git push *', 'g=git; $g push'],
    ['git push *', "git $'push'"],
    ['git push *', 'git -c alias.p=push p'],
    ['rm *', 'r\\\nm x'],
    ['rm *', 'rg --pre=rm x'],
    ['rm *', 'rg --pre=/bin/rm x'],
    ['rm *', "git -c alias.x='!rm -r y' x"],
    ['rm *', `bash -c "bash -c 'rm x'"`],
    ['rm *', "cat <<EOF\nit's\nEOF\nrm x"],
    ['rm -rf ~/*', 'rm -rf ~/x'],
    ['rm -rf ~/*', 'rm -rf $HOME/x'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's, not ours
    ['rm -rf ~/*', 'rm -rf "${HOME}/x"'],
    ['rm -rf ~/*', `rm -rf ${homedir()}/x`],
    ["rm -rf '$HOME'", 'rm -rf $HOME'],
    ["find * -exec rm '{}' ';'", 'find . -exec rm {} \\;'],
    ['cat /etc/*', 'cat /tmp/../etc/passwd'],
    ['npm publish', 'npm publish --tag x'],
    ['eval *', 'eval x'],
    ['sudo *', 'a && sudo b'],
    ['FOO=1 x', 'FOO=1 x'],
    ['rm übung*', 'rm übungen'],
  ])('%s: %s', (pattern, command) => {
    expect(decided(command, { deny: [bash(pattern)] }, { all: true })).toBe('refuse')
  })

  test.each([
    ['kubectl --context=prod *', 'kubectl --context=production get'],
    ['kubectl --context=prod *', 'kubectl --context=dev get'],
    ['kubectl --context=prod *', 'kubectl --context dev get pod prod'],
    ['dd of=/dev/*', 'dd if=/dev/sda of=x'],
    ['git commit -m "wip"', 'git commit -m wipe'],
    ['/bin/rm *', 'trim x'],
    ['git push *', 'git pull'],
    ['git branch -D *', 'git branch -d x'],
    ['/opt/tools/* *', 'ls x'],
  ])('%s: not %s', (pattern, command) => {
    expect(decided(command, { deny: [bash(pattern)] }, { all: true })).toBe('run')
  })
})

describe('an allow rule trusts what it says, word by word', () => {
  test.each([
    ['git commit -m "wip"', "git commit -m 'wip'"],
    ['git commit -m "fix: it (all)"', "git commit -m 'fix: it (all)'"],
    ['git commit -m *', "git commit -m 'why? a; b | c & d <e> #1 *'"],
    ['git commit -m *', 'git commit -m a\\ b'],
    ['git log *', 'git log HEAD~3 --oneline'],
    ['npm run test*', 'npm run test:unit'],
    ["npm run 'test:'*", 'npm run test:unit'],
    ['cat src/*', 'cat src/a.ts'],
    ['cat src/*.ts', 'cat src/.a.ts'],
    ['cat src/**', 'cat src/a/b.ts'],
    ['cat src/**/*.ts', 'cat src/a/b.ts'],
    ['cat ~/notes/*', `cat ${homedir()}/notes/a`],
    ["echo '*'", "echo '*'"],
    ['ls --width=*', 'ls --width=3'],
    ['cat größe.txt', 'cat größe.txt'],
  ])('%s: %s', (pattern, command) => {
    expect(decided(command, { allow: [bash(pattern)] })).toBe('run')
  })

  test.each([
    ['cat src/*', 'cat src/../../../etc/passwd'],
    ['cat src/*', 'cat src/..'],
    ['cat src/*', 'cat src/.'],
    ['cat src/*', 'cat src/'],
    ['cat src/*', 'cat src/a/b'],
    ['cat src/*', 'cat src/a b'],
    ['cat src/**', 'cat src/../x'],
    ['cat src/**', 'cat src/a/../../x'],
    ['cat src/**/b', 'cat src/../b'],
    ['cat *', 'cat a;b'],
    ['cat src/*/b', 'cat src/../b'],
    ['cat */b', 'cat /etc/b'],
    ['cat */b', 'cat ../b'],
    ['ls --file=*', 'ls --file=..'],
    ['ls --file=*', 'ls --file=../x'],
    ['ls --file=*', 'ls --file=/x'],
    ["echo '*'", 'echo x'],
    ["echo '*'", 'echo *'],
    ['/bin/rm *', 'rm x'],
    ['rm *', '/bin/rm x'],
    ['npm run test*', 'npm run test/../x'],
    ["npm run 'test:'*", 'npm run testx'],
    ['cat ~/notes/*', 'cat ~/notes/../x'],
    ['echo *', 'echo a=~'],
    ['echo *', 'echo x:~/y'],
    ['echo *', 'echo #x'],
    ['echo *', 'echo a\u3164b'],
    ['echo *', "echo 'a\nb'"],
    ['echo *', 'echo "a'],
    ['echo *', 'echo "$(x)"'],
    ['echo *', 'echo "`x`"'],
    ['echo *', 'echo a\\'],
  ])('%s: not %s', (pattern, command) => {
    expect(decided(command, { allow: [bash(pattern)] })).toBe('ask')
  })
})

test.each<[string, string[] | undefined]>([
  ['git  log', ['git', 'log']],
  [`a 'b c'"d"e`, ['a', 'b cde']],
  ['a "\\$x \\" \\\\ \\y"', ['a', '$x " \\ \\y']],
  ['a ""', ['a', '']],
  ['a b\\\nc', ['a', 'bc']],
  ['a\n', undefined],
  ['"a" b', undefined],
  ['A=1 b', undefined],
  ['exec b', undefined],
  ['', undefined],
])('simpleWords(%j) is %j', (command, words) => expect(simpleWords(command)).toEqual(words))

describe('a rule that no call could match is refused with what to write', () => {
  test.each<[RuleList, string, RegExp]>([
    ['deny', 'Bash', /^write execute_bash$/],
    ['deny', 'Bash(git push:*)', /^write execute_bash\(git push \*\)$/],
    ['deny', 'execute-bash', /^write execute_bash$/],
    ['deny', 'execute-bash(rm *)', /^write execute_bash\(rm \*\)$/],
    ['deny', 'executebash', /^write execute_bash$/],
    ['deny', 'Execute_Bash', /^write execute_bash$/],
    ['allow', 'Edit(src/**)', /^write fs_write\(src\/\*\*\)$/],
    ['allow', 'Read(~/.zshrc)', /^write fs_read\(~\/\.zshrc\)$/],
    ['allow', 'Write(*)', /^write fs_write$/],
    ['allow', 'Grep', /^write grep$/],
    ['allow', 'fs_reed', /^write fs_read$/],
    ['deny', 'mcp__github__push', /^write @github\/push$/],
    ['deny', 'mcp__github', /^write @github$/],
    ['deny', 'github___push', /^write @github\/push$/],
    ['deny', '@github/*', /^write @github$/],
    ['deny', 'WebFetch', /tools are fs_read, glob, grep/],
    ['deny', '@Git', /^write @git$/],
    ['deny', '@', /write TOOL/],
    ['deny', 'execute_bash(git push:*)', /write git push \* for any further words, or git push':'\*/],
    ['deny', 'execute_bash(ls | sh)', /"\|" is not part/],
    ['deny', 'execute_bash(a && b)', /"&" is not part/],
    ['deny', 'execute_bash(a > b)', /">" is not part/],
    ['deny', 'execute_bash(rm $HOME)', /"\$" stands for itself only in quotes/],
    ['deny', 'execute_bash(rm {a,b})', /"\{" stands for itself only in quotes/],
    ['deny', 'execute_bash(rm [ab])', /"\[" stands for itself only in quotes/],
    ['deny', 'execute_bash(rm ?)', /"\?" stands for itself only in quotes/],
    ['deny', 'execute_bash(git commit -m "wip)', /the quote " does not end/],
    ['deny', 'execute_bash(*)', /for every command line write execute_bash/],
    ['deny', "execute_bash('$' *)", /no word that a command line could have/],
    ['deny', "execute_bash('$')", /no word that a command line could have/],
    ['deny', 'execute_bash( )', /write the words of a command/],
    ['allow', 'execute_bash(eval *)', /eval runs what no rule can read/],
    ['allow', 'execute_bash(FOO=1 x)', /the name of a program/],
    ['allow', 'execute_bash("a b" c)', /the name of a program/],
    ['deny', 'fs_read(src/**/../x)', /leads nowhere/],
    ['deny', 'fs_read(@session/x)', /does not know @session/],
    ['deny', 'fs_read(~bob/x)', /only ~\/ is known/],
    ['deny', 'fs_read($HOME/x)', /no variables/],
    ['deny', 'fs_read(file:///x)', /not an address/],
    ['deny', `fs_read(${'{a,b}'.repeat(9)})`, /too many alternatives/],
    ['deny', 'fs_read(a) fs_read(b)', /one rule for each path/],
    ['deny', 'fs_read(a, b)', /one rule for each path/],
    ['deny', 'fs_read(".env")', /without quotes/],
    ['deny', 'fs_read( .env )', /without blanks/],
    ['deny', 'fs_read(!.env)', /opposite/],
    ['deny', 'fs_read(^.env)', /regular expression/],
    ['deny', 'fs_read(\\.env$)', /regular expression/],
    ['deny', 'fs_read(.*\\.env)', /backslash/],
    ['deny', 'fs_read(C:\\Users\\x)', /separates names/],
    ['deny', 'fs_read(**.env)', /inside a name \*\* is no more/],
    ['deny', 'fs_read(src/$USER/x)', /no variables/],
    ['deny', 'fs_read(%APPDATA%/x)', /no variables/],
    ['deny', 'fs_read({a,b)', /\{ does not end/],
    ['deny', 'fs_read(src/[a)', /\[ does not end/],
    ['deny', 'execute_bash(git push, git pull)', /one rule for each command/],
    ['allow', 'execute_bash(é *)', /the name of a program/],
    ['deny', '@files/read(a)', /takes no pattern/],
  ])('%s %s', (list, text, hint) => {
    expect(() => parseRule(text, cwd, list)).toThrow(UserError)
    try {
      parseRule(text, cwd, list)
    } catch (error) {
      expect(error).toMatchObject({ message: expect.stringContaining('Expected a tool rule'), exit: 2 })
      expect((error as UserError).hint).toMatch(hint)
    }
  })
})

describe('where commands are denied, a line that runs a text or a file of its own asks', () => {
  const dodges = [
    'echo tig hsup | rev | sh',
    'echo x | "ba"sh',
    'sh x',
    's""h x',
    '/bin/sh x',
    '/usr/local/bin/bash5.2 x',
    'bash < f',
    'bash <<< x',
    'bash <<EOF\nx\nEOF',
    'bash -s',
    'bash',
    "python3 -c 'x'",
    'python3.11 -m x',
    'python3 x.py',
    'node -e x',
    'node --eval x',
    'node --eval=x',
    'deno run x',
    'perl -E x',
    'ruby x.rb',
    "awk 'BEGIN{system()}'",
    'ssh host x',
    'env x',
    'env -S "x y"',
    'FOO=1 env x',
    'echo x | xargs',
    'parallel ::: x',
    'find . -exec x ;',
    'find . -execdir x ;',
    'busybox sh x',
    'busybox ash',
    'fish x',
    'pwsh -c x',
    'osascript x',
    'php -r x',
    'lua5.4 x',
    'nice sh x',
    'nice -n 5 sh x',
    'timeout 5 bash x',
    'timeout -k 1 5s python3 x',
    'nohup sh x',
    'sudo -u u sh x',
    'command sh x',
    'exec sh x',
    'time sh x',
    'setsid sh x',
    "su -c 'echo x | sh'",
    "watch 'tig | sh'",
    'kubectl exec pod -- sh -c x',
    'git bisect run sh x',
    'npx tsx x.ts',
    'xvfb-run -a python3.11-dbg x',
    'sg group "sh x"',
    'poetry run python x.py',
    'bash-static x',
    'bash.exe x',
    '/bin/../bin/sh x',
    'PYTHON3 x',
    'exec 3<x; sh <&3',
    'case a in a) sh x;; esac',
    'f() (sh x)',
    'tar --checkpoint-action=exec=sh x',
    "git -c alias.x='!f' x",
    "git -c core.pager='sh x' log",
    "tar -I 'sh x' -xf y",
    'rg --pre=bash x',
    'SHELL=/bin/sh x',
    'PATH=. ls',
    'LD_PRELOAD=./x ls',
    'source f',
    '. f',
    'eval x',
    'trap x EXIT',
    'if sh x; then ls; fi',
    'while sh x; do ls; done',
    'for i in a; do sh x; done',
    '! sh x',
    'ls && sh x',
    'ls & sh x',
    'ls\nsh x',
    '(sh x)',
    'cat <(sh x)',
    '> out sh x',
    '2>/dev/null sh x',
    'A=1 sh x',
    'echo x | base64 -d',
    'x=sh; $x y',
    './x',
    '/tmp/x',
    'bin/x',
    'nice ./x',
    '2>&1 python3 x',
    '>&2 python3 x',
    '&>f python3 x',
    '>| f python3 x',
    'make -f - < f',
    'make -sf f',
    'make --eval=x',
    'gmake --fil f',
    'make SHELL=x',
    'git -c core.sshCommand=x fetch',
    'git -ccore.pager=x log',
    'git --config-env=core.editor=X commit',
    'git --exec-path=x status',
    'sudo git -c credential.helper=x fetch',
    'R -e x',
    'sbcl --script x',
    'vim -es -S x',
    'm4 f',
  ]

  test.each(dodges)('%j', (command) => {
    const deny = [bash('git push *')]
    expect(decided(command, { deny }, { all: true })).toBe('ask')
    expect(decided(command, { deny, allow: ['execute_bash'] })).toBe('ask')
    expect(decided(command, { deny }, { all: true, granted: [{ type: 'command', command, cwd }] })).toBe(
      'run',
    )
    expect(decided(command, {}, { all: true })).toBe('run')
  })

  test.each([
    'ls',
    'ls .',
    'git add .',
    'npm test',
    'find . -name x.ts',
    'env',
    'env | grep x',
    'python3 --version',
    'bash --version',
    "git commit -m 'find the node that ruby needs; why?'",
    'cat src/cmd',
    'ls src/fish',
    'grep -rn node src',
    '/usr/bin/git status',
    'timeout 5 ls',
    'sudo ls',
    'make > out 2>&1',
    'make -j4 test',
    'ed25519 x',
    'r2 x',
    'swift build',
    'make > out 2>&1 || true',
    'git -c user.name=x -c core.quotePath=off commit -c HEAD',
    'git -c http.proxy=http://x:1 -c gc.auto=0 fetch',
  ])('not %j', (command) => {
    expect(decided(command, { deny: [bash('git push *')] }, { all: true })).toBe('run')
  })

  test.each([
    ['python3 x.py', 'python3 x.py', 'run'],
    ['python3 x.py', 'python3 "x.py"', 'run'],
    ['python3 *', 'python3 x.py', 'ask'],
    ['python3 x*', 'python3 x.py', 'ask'],
    ['nice *', 'nice sh x', 'ask'],
    ['./gradlew *', './gradlew build', 'run'],
    ['./gradlew *', './gradlew sh', 'ask'],
    ['./* build', './gradlew build', 'ask'],
  ])('unless an allow rule names the line: %s, %s: %s', (pattern, command, outcome) => {
    expect(decided(command, { deny: [bash('git push *')], allow: [bash(pattern)] })).toBe(outcome)
    expect(decided(command, { allow: [bash(pattern)] })).toBe('run')
  })
})

describe('the examples of a rule are calls that were decided', () => {
  const rules: [RuleList, string][] = [
    ['deny', bash('git push *')],
    ['deny', bash('*push*')],
    ['deny', bash('git commit -m "wip it"')],
    ['deny', bash('* *')],
    ['deny', bash("find * ';'")],
    ['allow', bash('npm test')],
    ['allow', bash('ls')],
    ['allow', bash('cat src/**')],
    ['allow', 'execute_bash'],
    ['allow', 'fs_write(src/[a-c]*.{ts,js})'],
    ['allow', 'fs_write(~/notes/)'],
    ['allow', 'fs_read(/etc/*)'],
    ['deny', 'fs_read(**/.env)'],
    ['deny', 'fs_read(/**)'],
    ['deny', 'fs_write'],
    ['deny', '@files'],
    ['allow', '@files/read'],
  ]
  test.each(rules)('%s %s', (list, text) => {
    const { matching, other } = ruleExamples(parseRule(text, cwd, list), list, { cwd, deny: [] })
    expect(matching).toHaveLength(2)
    expect(new Set([...matching, other]).size).toBe(3)
    for (const example of [...matching, other]) {
      const [, command] = /^execute_bash (.*)$/.exec(example) ?? []
      if (command === undefined || command.startsWith('"')) continue
      const outcome = decided(command, { [list]: [text] })
      expect(outcome).toBe(example === other ? 'ask' : list === 'deny' ? 'refuse' : 'run')
    }
  })

  test('a rule behind a deny rule has no example that runs', () => {
    const deny = [parseRule(bash('git push *'), cwd, 'deny')]
    const examples = (text: string) => ruleExamples(parseRule(text, cwd), 'allow', { cwd, deny })
    expect(examples(bash('git push *')).matching).toEqual([])
    expect(examples(bash('sh *')).matching).toEqual(['execute_bash sh --help'])
  })
})
