import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decide } from '../../src/tools/policy/policy.ts'
import { parseRule } from '../../src/tools/policy/rules/rules.ts'
import { type Reading, readOnlyCommands } from '../../src/tools/policy/shell/read-only-commands.ts'
import { simpleWords } from '../../src/tools/policy/shell/shell-words.ts'
import type { Claim } from '../../src/tools/policy/tool-claim.ts'
import { project } from './harness.ts'

const cwd = '/home/u/project'
function decided(line: string, ...rules: string[]) {
  const claim: Claim = { type: 'command', tool: 'execute_bash', command: line, cwd }
  const allow = rules.map((rule) => parseRule(`execute_bash(${rule})`, cwd))
  return decide(claim, { cwd, deny: [], allow, granted: [], all: false })
}
const starOf = (line: string) => `${line.split(' ')[0]} *`

test.each([
  ['git log --output=notes.txt', '--output=notes.txt'],
  ['git log -1 --outp=notes.txt', '--outp=notes.txt'],
  ['git log -1 --output notes.txt', '--output'],
  ['git log --ext-diff -p', '--ext-diff'],
  ['git show --textconv HEAD:x', '--textconv'],
  ['git log --show-signature', '--show-signature'],
  ['git diff --no-index --output=x a b', '--output=x'],
  ['git grep -O x', '-O'],
  ['git grep -lOless x', '-lOless'],
  ['git grep --open-files-in-pager=x y', '--open-files-in-pager=x'],
  ['git grep --open=x y', '--open=x'],
  ['git -c core.pager=x log', '-c'],
  ['git -C ../other log', '-C'],
  ['git --git-dir=../other/.git log', '--git-dir=../other/.git'],
  ['git --exec-path=. log', '--exec-path=.'],
  ['git --config-env=core.pager=X log', '--config-env=core.pager=X'],
  ['git branch topic', 'topic'],
  ['git branch -v topic', 'topic'],
  ['git branch -D topic', '-D'],
  ['git branch -aD topic', '-aD'],
  ['git branch --edit-description', '--edit-description'],
  ['git branch --set-up=x', '--set-up=x'],
  ['git tag v1', 'v1'],
  ['git tag -d v1', '-d'],
  ['git remote add x y', 'add'],
  ['git stash', 'stash'],
  ['git stash drop', 'drop'],
  ['git reflog expire --all', 'expire'],
  ['git config user.name x', 'x'],
  ['git config --unset user.name', '--unset'],
  ['git config edit', 'edit'],
  ['git config -e', '-e'],
  ['git push --force', 'push'],
  ['git --no-pager push', 'push'],
  ['git worktree add ../x', 'add'],
  ['git log --made-up', '--made-up'],
  ['find . -delete', '-delete'],
  ['find -- . -delete', '-delete'],
  ['find . -- -exec rm x', '-exec'],
  ["bat --pager='sh x' y", '--pager=sh x'],
  ['bat --pag less x', '--pag'],
  ['ag --pager less x', '--pager'],
  ['curl -o x https://a.b', '-o'],
  ['curl -sSLo x https://a.b', '-sSLo'],
  ['curl --outp x https://a.b', '--outp'],
  ['curl -K x', '-K'],
  ['curl -d@x https://a.b', '-d@x'],
  ['find . -name x -exec rm y', '-exec'],
  ['find . -execdir rm x', '-execdir'],
  ['find . -ok rm x', '-ok'],
  ['find . -fprint x', '-fprint'],
  ['find . -fprintf x y', '-fprintf'],
  ['find . -fls x', '-fls'],
  ['find . -name -delete', '-delete'],
  ['fd -x rm', '-x'],
  ['fd -HX rm', '-HX'],
  ['fd x --exec rm', '--exec'],
  ['fd x --exec-b rm', '--exec-b'],
  ['rg --pre=./x y', '--pre=./x'],
  ['rg --pre ./x y', '--pre'],
  ['rg -nz x', '-nz'],
  ['rg --hostname-bin=x y', '--hostname-bin=x'],
  ['sort -o x y', '-o'],
  ['sort -ro x y', '-ro'],
  ['sort -uox y', '-uox'],
  ['sort --outp=x y', '--outp=x'],
  ['sort --compress-program=x y', '--compress-program=x'],
  ['sort --compress-prog x y', '--compress-prog'],
  ['sort -k 1 -o x y', '-o'],
  ['sort -t -o x', '-o'],
  ['uniq a b', 'b'],
  ['uniq -c a b', 'b'],
  ['uniq -f 1 a b', 'b'],
  ['uniq -- a b', 'b'],
  ['date -s 2020-01-01', '-s'],
  ['date -us 2020-01-01', '-us'],
  ['date --set=x', '--set=x'],
  ['date 010100002020', '010100002020'],
  ['sed -i s/a/b/ x', '-i'],
  ['sed -ni p x', '-ni'],
  ['sed -i.bak s/a/b/ x', '-i.bak'],
  ['sed --in-place=.bak s/a/b/ x', '--in-place=.bak'],
  ['sed "w out" x', 'w out'],
  ['sed "s/a/b/w out" x', 's/a/b/w out'],
  ['sed "s/a/b/e" x', 's/a/b/e'],
  ['sed -n "1e touch x" y', '1e touch x'],
  ['sed -e p -e "w out" x', 'w out'],
  ['sed -ne "w out" x', 'w out'],
  ['sed -f script x', '-f'],
  ['awk \'BEGIN { system("x") }\'', 'BEGIN { system("x") }'],
  ['awk \'{ print > "x" }\' y', '{ print > "x" }'],
  ['awk \'{ print | "sh" }\' y', '{ print | "sh" }'],
  ['awk -f script y', '-f'],
  ['gawk -i inplace 1 y', '-i'],
  ['tree -o x', '-o'],
  ['tree -aR', '-aR'],
  ['file -C -m x', '-C'],
  ['man -P ./x ls', '-P'],
  ['man --pager=./x ls', '--pager=./x'],
  ['man --pag=./x ls', '--pag=./x'],
  ['man -H./x ls', '-H./x'],
  ['less +x y', '+x'],
  ['less -o x y', '-o'],
  ['less --log-file=x y', '--log-file=x'],
  ['less --lesskey-content=x y', '--lesskey-content=x'],
  ['more +/x y', '+/x'],
  ['env X=1', 'X=1'],
  ['env ./x', './x'],
  ['env -S ./x', '-S'],
  ['hostname x', 'x'],
  ['xxd a b', 'b'],
  ['xxd -r a', '-r'],
  ['diff -l a b', '-l'],
  ['tar xf a.tar', 'xf'],
  ['tar -tf a.tar --to-command=x', '--to-command=x'],
  ['tar -tf a.tar --checkpoint=1 --checkpoint-action=exec=x', '--checkpoint=1'],
  ['tar -t -I x -f a.tar', '-I'],
  ['tar -tf host:a.tar', 'host:a.tar'],
  ['yq -i .a=1 x', '-i'],
  ['jq -L . x', '-L'],
  ['npm test --script-shell=./x', '--script-shell=./x'],
  ['npm test --script-shell ./x', '--script-shell'],
  ['npm test --script-sh=./x', '--script-sh=./x'],
  ['npm test -script-shell=./x', '-script-shell=./x'],
  ['npm --prefix ../other test', '--prefix'],
  ['npm test --node-options=--require=./x', '--node-options=--require=./x'],
  ['npm install x', 'install'],
  ['npm exec x', 'exec'],
  ['pnpm test --script-shell=./x', '--script-shell=./x'],
  ['pnpm -C ../x test', '-C'],
  ['pnpm dlx x', 'dlx'],
  ['yarn', 'yarn'],
  ['yarn --cwd ../x test', '--cwd'],
  ['cargo test --config x', '--config'],
  ['cargo test --manifest-path=../x', '--manifest-path=../x'],
  ['cargo build --target-dir x', '--target-dir'],
  ['cargo install x', 'install'],
  ['go test -exec ./x', '-exec'],
  ['go test --exec=./x', '--exec=./x'],
  ['go test -toolexec=./x ./...', '-toolexec=./x'],
  ['go test -o x', '-o'],
  ['go test -coverprofile=x', '-coverprofile=x'],
  ['go test -test.coverprofile=x', '-test.coverprofile=x'],
  ['go vet -vettool=./x', '-vettool=./x'],
  ['go run ./x', 'run'],
  ['make -f x', '-f'],
  ['make -sf x', '-sf'],
  ['make SHELL=./x', 'SHELL=./x'],
  ['make --eval=x', '--eval=x'],
  ['make -C ../x', '-C'],
  ['pytest -p x', '-p'],
  ['pytest -c x', '-c'],
  ['pytest --basetemp=x', '--basetemp=x'],
  ['python -m pytest --pdbcls=x:y', '--pdbcls=x:y'],
  ['python3.12 -m pytest -qp x', '-qp'],
  ['docker run x', 'run'],
  ['docker -H tcp://x ps', '-H'],
  ['docker compose -f x ps', '-f'],
  ['docker compose up', 'up'],
  ['kubectl delete pod x', 'delete'],
  ['kubectl get pods --kubeconfig=x', '--kubeconfig=x'],
  ['kubectl --kubeconfig x get pods', '--kubeconfig'],
  ['kubectl get secret x -o yaml', 'secret'],
  ['kubectl get pods,secrets', 'pods,secrets'],
  ['journalctl --vacuum-size=1', '--vacuum-size=1'],
  ['systemctl stop x', 'stop'],
  ['dmesg -c', '-c'],
  ['ss -K', '-K'],
  ['/usr/bin/git push', 'push'],
  ['ls --made-up', '--made-up'],
])('%s asks and says that it is %s, which no star stands for', (line, word) => {
  const decision = decided(line, starOf(line))
  expect(decision).toMatchObject({ type: 'ask', why: expect.stringContaining(`${word} `) })
  expect(decision).toMatchObject({
    why: expect.stringContaining(`execute_bash(${starOf(line)}) does not name it`),
  })
  // The line itself, and the whole tool, are what the user wrote.
  if (/^[\w ./:=@%+,-]+$/.test(line)) expect(decided(line, line).type).toBe('run')
})

test.each([
  'git log',
  'git log --oneline -5 --stat --no-merges main..topic',
  'git log -p -n 3 -- src/a.ts',
  'git log --author=Ada --since=yesterday --format=%h',
  'git log -Sword -M90% --no-ext-diff',
  'git --no-pager log',
  'git diff --cached --name-only HEAD^',
  'git diff -U10 -w',
  'git show HEAD:src/a.ts',
  'git status -sb',
  'git status --porcelain=v2',
  'git blame -L 1,10 a.ts',
  'git branch -avv',
  'git branch --list topic',
  'git branch --contains HEAD',
  'git branch --show-current',
  'git grep -rn -e word -- src',
  'git ls-files -o --exclude-standard',
  'git rev-parse --short HEAD',
  'git stash list',
  'git stash show -p',
  'git remote -v',
  'git remote get-url origin',
  'git reflog',
  'git reflog HEAD',
  'git tag -l v1.2',
  'git config --get user.name',
  'git config user.name',
  'git worktree list',
  'git cat-file -p HEAD',
  'git --version',
  'ls -la src',
  'ls -lah --color=never src test',
  'cat -n a b',
  'head -5 a',
  'head -n 5 a',
  'head -n5 a',
  'tail -n +5 a',
  'tail -f a',
  'wc -l a b',
  'grep -rn word src',
  'grep -rnC3 --include=a.ts word src',
  'grep -A 3 -e a -e b x',
  'rg -n word src',
  'rg -tts -g src/a word',
  'rg --files --hidden',
  'find . -name a.ts -type f',
  'find src -maxdepth 2 -mtime -1 -size +10k -print',
  'find . -newermt yesterday',
  'fd -e ts word',
  'sort -k2,2 -t, -rn a',
  'sort -t - a',
  'uniq -c a',
  'uniq -f 1 a',
  'cut -d, -f1 a',
  'tr -d x',
  'diff -ru a b',
  'tree -L 2 -a',
  'du -sh src',
  'df -h',
  'stat -c %s a',
  'file a',
  'which -a node',
  'date',
  'date +%s',
  'date -d tomorrow +%F',
  'env',
  'printenv PATH',
  'ps aux',
  'ps -ef',
  'man ls',
  'less -N a',
  'jq -r .a.b package.json',
  'jq --arg a b .a x',
  'yq -r .a x',
  'sed -n 1,10p a',
  "sed -n '/a/,/b/p' x",
  'sed s/a/b/g x',
  "sed -E 's|a+|b|g;2d' x",
  "awk '{ print $1 }' x",
  "awk -F: '{ print $1, $2 }' x",
  'tar -tzf a.tgz',
  'npm test',
  'npm test -- --reporter=dot',
  'npm run test -w a',
  'npm run build --silent',
  'npm ls --depth=0',
  'pnpm -r test',
  'yarn test',
  'cargo test --release -p a word',
  'cargo test -- --nocapture',
  'cargo check --all-targets',
  'go test ./... -run Word -v -count=1',
  'go vet ./...',
  'make',
  'make -j4 test',
  'pytest -q tests/a.py -k word',
  'python -m pytest -x --tb=short',
  'docker ps -a',
  'docker logs -f --tail 100 x',
  'docker compose ps',
  'kubectl get pods -n x -o wide',
  'kubectl -n x logs -f pod',
  'kubectl describe pod x',
  'systemctl status x',
  'journalctl -u x -n 50',
  'md5sum a',
  'xxd -l 16 a',
  'basename a/b',
])('%s only reads, or does what its rule is about: it runs', (line) => {
  expect(decided(line, starOf(line))).toEqual({ type: 'run' })
})

test('what a rule spells out is meant; each of its words stands for one of the line', () => {
  expect(decided('git log --output=notes.txt -5', 'git log --output=notes.txt *').type).toBe('run')
  expect(decided('git log --output=notes.txt -5', 'git log --output=* *').type).toBe('run')
  expect(decided('git log --output=notes.txt -5', 'git log --out* *').type).toBe('ask')
  expect(decided('git push origin main', 'git push *').type).toBe('run')
  expect(decided('git commit -m x', 'git commit *').type).toBe('run')
  expect(decided('git stash drop', 'git stash drop *').type).toBe('run')
  expect(decided('git push origin main', 'git *', 'git push *').type).toBe('run')
  expect(decided('find . -exec grep x', 'find . -exec *').type).toBe('run')
  expect(decided('find . -exec grep x -exec rm y', 'find . -exec *').type).toBe('ask')
  expect(decided('npm run build --prefix x', 'npm run b* --prefix *').type).toBe('run')
})

test('of a program that is not in the table a rule means what it says, and so does a whole tool', () => {
  expect(decided('terraform apply -auto-approve', 'terraform *').type).toBe('run')
  expect(decided('toString --x', 'toString *').type).toBe('run')
  const claim: Claim = { type: 'command', tool: 'execute_bash', command: 'find . -delete', cwd }
  const allow = [parseRule('execute_bash', cwd)]
  expect(decide(claim, { cwd, deny: [], allow, granted: [], all: false }).type).toBe('run')
})

test('no option stands in two lists of the table with two meanings', () => {
  const names = (text = '') =>
    text.split(/\s+/).flatMap((spec) => {
      const name = spec.replace(/[:?]$/, '')
      return name.startsWith('--') || !name.startsWith('-') || name === '-#'
        ? [name]
        : [...name.slice(1)].map((letter) => `-${letter}`)
    })
  const visit = (at: string, { reads, writes, runs, under }: Reading): string[] => {
    const does = new Set([...names(writes), ...names(runs)])
    return [
      ...names(reads)
        .filter((name) => name !== '' && does.has(name))
        .map((name) => `${at} ${name}`),
      ...Object.entries(under ?? {}).flatMap(([name, below]) => visit(`${at} ${name}`, below)),
    ]
  }
  expect(Object.entries(readOnlyCommands).flatMap(([name, reading]) => visit(name, reading))).toEqual([])
})

test('what is said to write really does, and is asked about', () => {
  const directory = project({ a: '2\n1\n1\n' })
  const lines = ['sort -uoout a', 'uniq a out', "sed 'w out' a", 'sort --outp=out a', 'xxd a out']
  for (const line of lines) {
    expect(decided(line, starOf(line)).type).toBe('ask')
    const [program = '', ...words] = simpleWords(line) ?? []
    if (program === 'xxd') continue
    execFileSync(program, words, { cwd: directory })
    expect(existsSync(join(directory, 'out'))).toBe(true)
    execFileSync('rm', ['out'], { cwd: directory })
  }
})
