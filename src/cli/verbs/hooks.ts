import { findAgent, type SetUpAgent, setUpAgents } from '../../agents/agents.ts'
import { installedProgram, isOlder } from '../../agents/installed.ts'
import { UserError } from '../../base/errors.ts'
import { type Declared, declarations } from '../../domain/worker-status.ts'
import { presentDirectory } from '../../sessions/files/working-directory.ts'
import { print, printJson } from '../../text/print.ts'
import { sanitize } from '../../text/sanitizer.ts'
import { globalArgs } from '../arguments.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

/** What `--json` says of an agent. */
interface AgentReport {
  agent: string
  title: string
  /** Where its program is; null: it is not installed. */
  path: string | null
  /** null: it says none. */
  version: string | null
  oldest: string | null
  /** Whether it tells here what `declares` lists. */
  usable: boolean
  declares: readonly Declared[]
  /** What is in the way, in words. */
  obstacles: readonly string[]
  install: string | null
}

interface Place {
  env: NodeJS.ProcessEnv
  cwd: string
}

export default defineVerb({
  meta: {
    name: 'hooks',
    description: 'Say which agents are installed, what they can tell of themselves, and what is in the way',
  },
  args: {
    agent: { type: 'positional', required: false, description: 'One of them; default: all' },
    json: { type: 'boolean', description: 'For programs' },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async ({ agents }, { env }) => {
      const wanted = args.agent === undefined ? setUpAgents(agents) : [findAgent(args.agent, agents)]
      const place = { env, cwd: presentDirectory() }
      const reports = await Promise.all(
        wanted.filter(({ program }) => program !== '').map((one) => reportOn(one, place)),
      )
      if (args.json) printJson({ agents: reports })
      else print(`${reports.map(linesOf).join('\n')}\n`)
    }),
})

async function reportOn({ name, agent, program, env }: SetUpAgent, caller: Place): Promise<AgentReport> {
  const place = { ...caller, env: { ...caller.env, ...env } }
  const obstacles = [...(agent.obstacles?.(place) ?? [])]
  const found = await installedProgram({ program, oldest: agent.oldest }, place).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error
    obstacles.push(error.message)
    return undefined
  })
  const version = found?.version
  if (version !== undefined && agent.oldest !== undefined && isOlder(version, agent.oldest))
    obstacles.push(`it is too old: ${agent.oldest} is the oldest that can tell all of this`)
  return {
    agent: name,
    title: name === agent.kind ? agent.title : `${name} (${agent.title})`,
    path: found?.path ?? null,
    version: version ?? null,
    oldest: agent.oldest ?? null,
    usable: found !== undefined && obstacles.length === 0,
    declares: agent.declares,
    obstacles,
    install: agent.install ?? null,
  }
}

function linesOf(report: AgentReport): string {
  const { title, path, version, declares, obstacles, install } = report
  const lacks = declarations.filter((word) => !declares.includes(word))
  const where = path === null ? 'not installed' : `${version ?? 'of no known version'}, ${sanitize(path)}`
  return [
    `${title}: ${where}`,
    `  open it:      q mux new --agent ${report.agent}`,
    ...(path === null && install !== null ? [`  install it:   ${install}`] : []),
    `  tells:        ${declares.join(', ')}`,
    ...(lacks.length > 0 ? [`  cannot tell:  ${lacks.join(', ')}`] : []),
    ...obstacles.map((words) => `  in the way:   ${sanitize(words)}`),
  ].join('\n')
}
