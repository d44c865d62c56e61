// Stands in for Claude Code in tests of its adapter: reads lines, and reports by the hooks of --settings and by the file that
// it keeps of its process, in the shapes and the order that were seen of 2.1.332.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const words = process.argv.slice(2)
const flag = (name: string): string | undefined => words[words.indexOf(name) + 1]
const home = join(process.env.HOME ?? '', '.claude')
const chosen = words.includes('--resume') ? '--resume' : '--session-id'
/** What --continue finds. */
const latest = '00000000-0000-4000-8000-000000000001'
const id = (words.includes(chosen) ? flag(chosen) : latest) ?? ''
const { hooks } = JSON.parse(readFileSync(flag('--settings') ?? '', 'utf8'))
const ownFile = join(home, 'sessions', `${process.pid}.json`)
const transcript = join(home, 'projects', 'fake', `${id}.jsonl`)

mkdirSync(join(home, 'sessions'), { recursive: true })
const lines = createInterface({ input: process.stdin })
/** Who reads the next line in place of the prompt. */
let reader: ((line: string) => void) | undefined
let turns: Promise<void> = Promise.resolve()
lines.on('line', (line) => {
  if (reader) reader(line)
  else turns = turns.then(() => prompt(line))
})
lines.on('close', () => leave(0))
process.on('SIGTERM', () => leave(143))
// One that is slow to end, and outlives the worker that started it.
if (words.includes('--stays')) process.on('SIGHUP', () => setTimeout(() => leave(129), 1500))

console.log(`fake claude ${words.filter((word) => word.startsWith('--')).join(' ')} in ${process.cwd()}`)
console.log(
  `asks ${process.env.ANTHROPIC_BASE_URL ?? 'nobody'}${process.env.CLAUDECODE ? ' as a child' : ''}`,
)
show('idle')
await hook('SessionStart', { source: words.includes('--resume') ? 'resume' : 'startup' })
const dashes = words.indexOf('--')
if (dashes !== -1) turns = turns.then(() => prompt(words[dashes + 1] ?? ''))

async function prompt(text: string): Promise<void> {
  if (text === '/exit') return leave(0)
  if (text === 'crash') return leave(3)
  if (text === '/clear') return hook('SessionStart', { source: 'clear' })
  if (text.trim() === '') return
  console.log(`> ${text}`)
  mkdirSync(join(home, 'projects', 'fake'), { recursive: true })
  writeFileSync(transcript, '')
  await hook('UserPromptSubmit', { prompt: text })
  show('busy')
  if (text.includes('subagent'))
    await hook('Stop', { agent_id: 'a1', last_assistant_message: 'of a subagent' })
  if (text.includes('background')) {
    const tasks = [{ id: 'a1', type: 'subagent', status: 'running' }]
    await hook('Stop', { last_assistant_message: 'a subagent looks', background_tasks: tasks })
    await workUntilLine()
    await hook('UserPromptSubmit', { prompt: '<task-notification>\nfound it' })
  }
  if (text.includes('nested')) await nested()
  if (text.includes('dialog')) return dialog()
  if (text.includes('fail')) {
    show('idle')
    return hook('StopFailure', { error: 'rate_limit', last_assistant_message: 'API Error: fake 429' })
  }
  if (text.includes('slow') && (await workUntilLine()) === 'esc') return show('idle')
  const answer = text.includes('tool') ? await tool() : `answer to ${text}`
  if (answer === undefined) return show('idle')
  console.log(answer)
  show('idle')
  await hook('Stop', { last_assistant_message: answer })
}

/** undefined: interrupted at the dialog. */
async function tool(): Promise<string | undefined> {
  const input = { command: 'touch it\nrm "a b"', description: 'make a file' }
  const rules = [{ toolName: 'Bash', ruleContent: 'touch *' }]
  const suggestions = [{ type: 'addRules', rules, behavior: 'allow', destination: 'localSettings' }]
  const asked = ask({ tool_name: 'Bash', tool_input: input, permission_suggestions: suggestions })
  show('waiting')
  console.log('Allow? [y/esc]')
  const here = nextLine().then((line) => ({ line }))
  const first = await Promise.race([here, asked.decision])
  reader = undefined
  if ('line' in first) {
    if (first.line === 'esc') {
      asked.end()
      return undefined
    }
    show('busy')
    return 'allowed there'
  }
  show('busy')
  return `${first.behavior}: ${first.message ?? JSON.stringify(first.updatedPermissions ?? null)}`
}

/** One of its own dialogs, of which no hook tells. */
async function dialog(): Promise<void> {
  show('waiting', 'dialog open')
  await nextLine()
  show('idle')
  await hook('Stop', { last_assistant_message: 'done' })
}

function workUntilLine(): Promise<string> {
  const line = nextLine()
  console.log('working …')
  return line
}

function nextLine(): Promise<string> {
  return new Promise((resolve) => {
    reader = (line) => {
      reader = undefined
      resolve(line)
    }
  })
}

/** Another one that it starts has our environment, and would report by the same hooks. */
function nested(): Promise<void> {
  const [{ command }] = hooks.Stop[0].hooks
  const child = spawn(process.execPath, ['-e', nestedProgram, command], { stdio: 'ignore' })
  return new Promise((resolve) => child.on('exit', () => resolve()))
}
const nestedProgram = `require('child_process').execFileSync('/bin/sh', ['-c', process.argv[1]],
  { input: '{"session_id":"other","last_assistant_message":"of another"}' })`

interface Decision {
  behavior: string
  message?: string
  updatedPermissions?: unknown
}

/** Never settles where the hook says nothing: the dialog is then answered here. */
function ask(facts: object): { decision: Promise<Decision>; end(): void } {
  const { child, said } = run('PermissionRequest', facts)
  const decision = said.then((text) =>
    text === '' ? new Promise<Decision>(() => {}) : JSON.parse(text).hookSpecificOutput.decision,
  )
  return { decision, end: () => void child.kill('SIGTERM') }
}

async function hook(event: string, facts: object): Promise<void> {
  const said = await run(event, facts).said
  if (said !== '') console.log(`a hook printed: ${said}`)
}

function run(event: string, facts: object) {
  const [{ command }] = hooks[event][0].hooks
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify({ session_id: id, cwd: process.cwd(), hook_event_name: event, ...facts }))
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return { child, said: new Promise<string>((resolve) => child.on('close', () => resolve(said))) }
}

function show(status: string, waitingFor = status === 'waiting' ? 'permission prompt' : undefined): void {
  const state = { pid: process.pid, sessionId: id, status, waitingFor, statusUpdatedAt: Date.now() }
  writeFileSync(`${ownFile}.tmp`, JSON.stringify(state))
  renameSync(`${ownFile}.tmp`, ownFile)
}

function leave(code: number): never {
  rmSync(ownFile, { force: true })
  process.exit(code)
}
