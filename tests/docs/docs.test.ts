import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { commandReference } from '../../scripts/reference/commands.ts'
import { configurationReference } from '../../scripts/reference/configuration.ts'
import { checkWords } from '../../src/cli/strict.ts'
import { q } from '../../src/cli/tree.ts'
import { argumentsOf, subVerb, type Verb } from '../../src/cli/verb.ts'
import { parseSettingKey } from '../../src/config/file/list-settings.ts'
import { openSearch } from '../../src/provider/guide/guide-search.ts'
import { builtInTools } from '../../src/tools/built-in-tools.ts'
import { builtInNames } from '../../src/tools/policy/tool-claim.ts'
import { commands, findCommand } from '../../src/worker/commands/all-commands.ts'
import { codeLines, inlineCode, type Page, pages, qCommands, root } from './markdown.ts'

test.each(pages())('every q command line in $path has a verb and flags that exist', async ({ text }) => {
  for (const line of codeLines(text))
    for (const words of qCommands(line)) await expect(check(words), line).resolves.toBeUndefined()
})

test('command lines are found in pipes, substitutions and loops, so that none is left unchecked', () => {
  expect(qCommands('git diff | q mux send review-1 -')).toEqual([['mux', 'send', 'review-1', '-']])
  expect(qCommands('name=$(q mux new --background)')).toEqual([['mux', 'new', '--background']])
  expect(qCommands('until q mux list --json | jq -e ".q"')).toEqual([['mux', 'list', '--json']])
  expect(qCommands('source <(q completion zsh)')).toEqual([['completion', 'zsh']])
  expect(qCommands('Q_MODEL_PROVIDER=guide q chat "q mux"')).toEqual([['chat', 'q mux']])
  expect(pages().flatMap(({ text }) => codeLines(text).flatMap(qCommands)).length).toBeGreaterThan(40)
})

test.each(pages())('every q command, slash command and setting named in $path exists', async ({ text }) => {
  for (const code of inlineCode(text)) {
    const words = code.replaceAll(/[[\]]/g, '').split(/[\s|]+/)
    if (words[0] === 'q') await expect(checkPath(words.slice(1)), code).resolves.toBeUndefined()
    else if (/^\/[a-z-]+( |$)/.test(code)) expect(findCommand(words[0] ?? ''), code).toBeDefined()
    else if (/^(sessions|ui|model|keys|tools)\.\w+$/.test(code))
      expect(() => parseSettingKey(code), code).not.toThrow()
  }
})

test.each(pages())(
  'every link in $path leads to a file, and to a heading if it names one',
  ({ path, text }) => {
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      const [file = '', heading] = link.split('#')
      const target = join(dirname(path), file)
      expect(existsSync(root + target), link).toBe(true)
      if (heading) expect(anchors(target)).toContain(heading)
    }
  },
)

test('the reference parts of the guide say what the program says: npm run reference', async () => {
  expect(referenceOf('docs/commands.md')).toBe(await commandReference())
  expect(referenceOf('docs/configuration.md')).toBe(await configurationReference())
})

test('every verb, flag, slash command and setting has its place in the reference', async () => {
  const reference = referenceOf('docs/commands.md')
  for (const verb of ['mux', 'mux new', 'mux doctor', 'chat', 'config set', 'completion'])
    expect(reference).toContain(`### q ${verb}\n`)
  for (const word of ['--background', '--probe', '--resume', '`/session-name [name]`', '`/quit`'])
    expect(reference).toContain(word)
  expect(reference).not.toContain('q complete\n')
  expect(referenceOf('docs/configuration.md')).toContain('### ui.indicator_position\n')
})

test('every slash command but /help is spoken of on a page of the guide, above its reference', () => {
  const guide = pages().filter(({ path }) => path.startsWith('docs/'))
  const named = new Set(
    guide
      .flatMap(({ text }) => inlineCode(text.split('\n## Reference\n')[0] ?? ''))
      .map((code) => code.split(' ')[0]),
  )
  const silent = commands.filter(({ names }) => !names.some((name) => named.has(name)))
  expect(silent.map(({ names }) => names[0])).toEqual(['/help'])
})

test.each([
  [
    'grep -rl "\'/switch" tests/worker',
    ['worker/command-line.test.ts', 'worker/commands.test.ts', 'worker/prompt-keys.test.ts'],
  ],
  ['grep -rl auto_compact tests', ['config/load.test.ts', 'worker/compact.test.ts']],
])('CONTRIBUTING.md says %s, which finds %j', (search, found) => {
  const { text } = pages().find(({ path }) => path === 'CONTRIBUTING.md') ?? { text: '' }
  expect(inlineCode(text)).toContain(search)
  const [, what = '', place = ''] = /^grep -rl "?([^"]+?)"? (\S+)$/.exec(search) ?? []
  const files = readdirSync(root + place, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(place, file))
  const having = files.filter((file) => readFileSync(root + file, 'utf8').includes(what))
  expect(having).toEqual(expect.arrayContaining(found.map((file) => join('tests', file))))
})

test.each([
  ['how do I jump to a waiting session', 'corner.md'],
  ['how can I change the keys', 'keys.md'],
  ['connect bedrock', 'models.md'],
  ['behind a proxy', 'models.md'],
  ['close a session', 'sessions.md'],
  ['rename a session', 'sessions.md'],
  ['send a prompt from a script', 'scripting.md'],
  ['exit codes', 'scripting.md'],
  ['approve a tool from another session', 'tools.md'],
  ['my own status line', 'tmux.md'],
  ['several workspaces', 'tmux.md'],
  ['where is the log', 'troubleshooting.md'],
  ['which context files does the model get', 'context.md'],
  ['how do I compact a long conversation', 'context.md'],
  ['how full is the window', 'context.md'],
  ['which files does the model see', 'context.md'],
  ['what does /clear do', 'context.md'],
  ['what is /usage', 'context.md'],
  ['how do I add an MCP server', 'mcp.md'],
  ['how do I change the model', 'models.md'],
  ['can I use ollama', 'models.md'],
  ['how do I retry', 'typing.md'],
  ['how do I attach a file', 'typing.md'],
  ['copy the last answer', 'typing.md'],
  ['how do I turn off markdown', 'typing.md'],
  ['what does prompt caching do', 'models.md'],
  ['uninstall', 'getting-started.md'],
  ['what does max_active_sessions mean', 'configuration.md'],
  ['where is the configuration file', 'configuration.md'],
])('the built-in guide answers %j from %s', async (question, file) => {
  const [best] = (await openSearch(`${root}docs`)).find(question)
  expect(best?.file).toBe(file)
})

test('no section of the guide is longer than a screen, but for the list of verbs', async () => {
  const { sections } = await openSearch(`${root}docs`)
  const long = sections.filter(({ text }) => text.split('\n').length > 24).map(({ heading }) => heading)
  expect(long).toEqual(['q mux'])
})

async function check(words: readonly string[]): Promise<void> {
  const { command, path, rest } = await walk(words)
  checkWords(rest, await argumentsOf(command), path)
}

/** The verbs and flags only: what stands in a sentence may leave words out. */
async function checkPath(words: readonly string[]): Promise<void> {
  const { command, path, rest } = await walk(words)
  const [next] = rest
  if (!command.run && next !== undefined && !next.startsWith('-'))
    throw new Error(`q ${path.join(' ')} has no ${next}`)
  const flags = new Set(Object.keys(await argumentsOf(command)).map((name) => `--${name}`))
  const unknown = rest.find((word) => word.startsWith('--') && !flags.has(word) && !common.has(word))
  if (unknown) throw new Error(`q ${path.join(' ')} has no ${unknown}`)
}

const common = new Set(['--help', '--version'])

async function walk(words: readonly string[]): Promise<{ command: Verb; path: string[]; rest: string[] }> {
  let command: Verb = q
  const path: string[] = []
  for (const [at, word] of words.entries()) {
    const next = word.startsWith('-') ? undefined : await subVerb(command, word)
    if (!next) return { command, path, rest: words.slice(at) }
    command = next
    path.push(word)
  }
  return { command, path, rest: [] }
}

function pageAt(path: string): Page {
  const page = pages().find((candidate) => candidate.path === path)
  if (!page) throw new Error(`there is no ${path}`)
  return page
}

function referenceOf(path: string): string {
  return pageAt(path).text.split('\n## Reference\n\n')[1] ?? ''
}

function anchors(path: string): string[] {
  return [...pageAt(path).text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}

test('every built-in tool stands in the guide, and rules can name it', () => {
  const rows =
    pages()
      .find(({ path }) => path.endsWith('docs/tools.md'))
      ?.text.match(/^\| `.*?\|/gm) ?? []
  const told = rows.flatMap((row) => inlineCode(row))
  const names = builtInTools().map(({ spec }) => spec.name)
  expect(told.toSorted()).toEqual(names.toSorted())
  expect([...builtInNames].toSorted()).toEqual(names.toSorted())
})
