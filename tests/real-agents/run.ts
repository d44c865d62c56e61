// npm run test:agents [-- KIND… --write --only WORDS --verbose]: other agents' own programs, from the npm registry, in real windows
// against a local model. Ends with 1 when something did not hold or was told beside the truth. Linux only (proc).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { agents as known } from '../../src/agents/agents.ts'
import { setup as build } from '../support/build.ts'
import { installAgent } from '../support/installed-agents.ts'
import { openLab } from '../support/lab.ts'
import { setup as guard, teardown } from '../support/leftovers.ts'
import { startModelServer } from '../support/model-server.ts'
import { type RealAgent, realAgents } from './agents.ts'
import { type Notes, type Play, plays } from './plays.ts'
import { figuresOf, NotPlayed, type Outcome, type Played, pageWith, tableOf } from './report.ts'
import { openStage, type Theatre } from './stage.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    verbose: { type: 'boolean', default: false },
  },
})
const unknown = positionals.find((kind) => !realAgents.some((agent) => agent.kind === kind))
if (unknown !== undefined) {
  process.stderr.write(`There is no agent ${unknown}: ${realAgents.map(({ kind }) => kind).join(', ')}\n`)
  process.exit(2)
}
const wanted = plays.filter(({ title }) => title.includes(values.only))

guard()
build()
const played: Played[] = []
for (const agent of realAgents) {
  if (positionals.length > 0 && !positionals.includes(agent.kind)) continue
  const why = await trouble(agent)
  if (why === undefined) played.push(await playAll(agent))
  else console.log(`${agent.kind} is left out: ${why}`)
}
console.log(`\n${tableOf(played)}`)
for (const line of played.flatMap(figuresOf)) console.log(line)
if (values.write) {
  const page = fileURLToPath(new URL('../../CONTRIBUTING.md', import.meta.url))
  writeFileSync(page, pageWith(readFileSync(page, 'utf8'), tableOf(played)))
}
await teardown()
const held = played.every(({ outcomes }) => outcomes.every(({ result }) => result !== 'failed'))
process.exit(held && played.length > 0 ? 0 : 1)

/** Why it cannot be played, in words. */
async function trouble({ kind, npm, command }: RealAgent): Promise<string | undefined> {
  if (!known.some((one) => one.kind === kind)) return 'q mux has no such agent yet'
  try {
    await installAgent(kind, npm, command)
    return undefined
  } catch (error) {
    return `${npm} could not be installed: ${messageOf(error)}`
  }
}

async function playAll(agent: RealAgent): Promise<Played> {
  const { directory, version } = await installAgent(agent.kind, agent.npm, agent.command)
  console.log(`\n${agent.kind} ${version}`)
  const server = await startModelServer()
  const lab = openLab()
  try {
    const project = join(lab.home, 'project')
    mkdirSync(project)
    const { words, env } = agent.prepare({ home: lab.home, project, url: server.url })
    Object.assign(lab.env, env, { PATH: `${directory}:${lab.env.PATH}` })
    const { code, stderr } = await lab.q(['mux', '--detach'], { cwd: project })
    if (code !== 0) throw new Error(stderr)
    const theatre = { agent, lab, server, project, words }
    const outcomes: Outcome[] = []
    for (const [at, play] of wanted.entries()) {
      const outcome = await playOne(theatre, play, `play-${at + 1}`)
      outcomes.push(outcome)
      console.log(describe(outcome))
    }
    return { kind: agent.kind, version, date: new Date().toISOString().slice(0, 10), outcomes }
  } finally {
    server.close()
    await lab.dispose()
  }
}

async function playOne(theatre: Theatre, play: Play, name: string): Promise<Outcome> {
  const { title } = play
  const declares = known.find(({ kind }) => kind === theatre.agent.kind)?.declares ?? []
  const missing = play.needs.filter((need) => !declares.includes(need))
  const measured: Outcome['measured'] = []
  if (missing.length > 0)
    return {
      title,
      result: 'not told',
      words: [`does not tell ${missing.join(', ')}`],
      changes: 0,
      wrong: 0,
      measured,
    }
  const words: string[] = []
  const notes: Notes = {
    say: (line) => void words.push(line),
    measure: (what, ms) => void (ms !== undefined && measured.push({ what, ms })),
  }
  const failures: string[] = []
  let [changes, wrong] = [0, 0]
  let isPlayed = true
  const from = theatre.server.requests.length
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      isPlayed &&= !(error instanceof NotPlayed)
      const into = error instanceof NotPlayed ? words : failures
      into.push(values.verbose && error instanceof Error ? `${error.stack}` : messageOf(error))
    }
  }
  await attempt(async () => {
    const stage = await openStage(theatre, name)
    await attempt(() => play.run(stage, notes))
    await attempt(stage.close)
    const sampled = stage.end()
    changes = sampled.changes
    wrong = sampled.wrong.length
    for (const { at, lasted, told, truth } of sampled.wrong)
      failures.push(
        `wrong for ${lasted} ms: told ${told}, but ${truth.by} (${truth.doing}) since ${at - truth.at} ms`,
      )
  })
  if (values.verbose && failures.length > 0)
    for (const { before: _, ...request } of theatre.server.requests.slice(from))
      words.push(JSON.stringify(request))
  return {
    title,
    result: failures.length > 0 ? 'failed' : isPlayed ? 'held' : 'not played',
    words: [...failures, ...words],
    changes,
    wrong,
    measured,
  }
}

function describe({ title, result, words }: Outcome): string {
  return [`${result.padEnd(8)}  ${title}`, ...words.map((line) => `          ${line}`)].join('\n')
}

/** Without the screens that the wait adds. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
