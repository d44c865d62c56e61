import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../../base/errors.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { readRegular } from '../../base/read-regular.ts'
import type { Agent, AgentRun } from '../agent.ts'
import { askLine, reportLine, spoolVariable } from '../hook-line.ts'
import { openSpool } from '../spool.ts'
import { claudeEvents } from './claude-events.ts'

/**
 * Claude Code. It tells by hooks, which are handed to this one process in a file of ours beside the user's own settings,
 * and by the file that it keeps of each process of its own, where an interrupt and its own dialogs are found.
 */
export const claude: Agent = {
  kind: 'claude',
  title: 'Claude Code',
  program: 'claude',
  install: 'npm install -g @anthropic-ai/claude-code',
  oldest: '2.1.197',
  declares: ['starting', 'input', 'approval', 'error', 'processing', 'interrupt', 'exited'],
  variables:
    /^(ANTHROPIC_\w+|CLAUDE_CONFIG_DIR|CLAUDE_CODE_(?!ENTRYPOINT$|SESSION|SSE_PORT$|CHILD)\w+|DISABLE_\w+|MCP_\w*TIMEOUT|BASH_\w+_MS)$/,
  begins: {
    '--resume': 'perhaps',
    '-r': 'perhaps',
    '--continue': 0,
    '-c': 0,
    '--session-id': 1,
    '--fork-session': 0,
  },
  flags: {
    '--dangerously-skip-permissions': 0,
    '--allow-dangerously-skip-permissions': 0,
    '--verbose': 0,
    '--ide': 0,
    '--chrome': 0,
    '--no-chrome': 0,
    '--strict-mcp-config': 0,
    '--disable-slash-commands': 0,
    '--model': 1,
    '--fallback-model': 1,
    '--permission-mode': 1,
    '--settings': 1,
    '--setting-sources': 1,
    '--system-prompt': 1,
    '--append-system-prompt': 1,
    '--agent': 1,
    '--agents': 1,
    '--effort': 1,
    '--name': 1,
    '-n': 1,
  },

  obstacles({ env, cwd }) {
    return settingsFiles(homeOf(env), cwd).flatMap((file) => {
      const settings = readJson(file)
      const found = ['disableAllHooks', 'allowManagedHooksOnly'].filter(
        (name) => isObject(settings) && settings[name] === true,
      )
      return found.map((name) => `${file} sets ${name}`)
    })
  },

  async prepare(run, tell) {
    const settings = join(run.directory, 'settings.json')
    writeFileSync(settings, JSON.stringify({ hooks: hooks() }), { mode: 0o600 })
    const home = homeOf(run.env)
    const events = claudeEvents(run, tell)
    const spool = await openSpool(run.directory, run.watch, (report) => events.hear(report, spool))
    const files = join(home, 'sessions')
    const watched = await run.watch(files, (file) => events.lookAt(file))
    return {
      argv: [
        run.program,
        '--settings',
        settings,
        ...mode(run, home),
        ...conversation(run, home),
        ...run.args,
      ].concat(run.prompt === undefined ? [] : ['--', run.prompt]),
      env: { ...ofAnother, [spoolVariable]: run.directory },
      started: events.started,
      async close() {
        events.close()
        await Promise.all([watched.close(), spool.close()])
      },
    }
  },
}

/** What one that runs tells those that it starts: whoever starts q mux there starts none of its children. */
const ofAnother = Object.fromEntries(
  ['CLAUDECODE', 'CLAUDE_CODE_ENTRYPOINT', 'CLAUDE_CODE_SSE_PORT', 'CLAUDE_CODE_SESSION_ID'].map((name) => [
    name,
    undefined,
  ]),
)

function hooks(): Record<string, unknown> {
  const reports = ['SessionStart', 'UserPromptSubmit', 'Stop', 'StopFailure', 'PreCompact']
  const report = (event: string) => ({ type: 'command', command: reportLine(event), async: true })
  const ask = { type: 'command', command: askLine('PermissionRequest'), timeout: 86_400 }
  return {
    ...Object.fromEntries(reports.map((event) => [event, [{ hooks: [report(event)] }]])),
    PermissionRequest: [{ hooks: [ask] }],
  }
}

/** Later versions start in a mode that asks nothing: unless the user chose one, it asks. */
function mode({ args, cwd }: AgentRun, home: string): string[] {
  const chosen = args.some((word) => /^--(permission-mode|dangerously-skip-permissions)(=|$)/.test(word))
  return chosen || settingsFiles(home, cwd).some(namesMode) ? [] : ['--permission-mode', 'default']
}

function homeOf(env: NodeJS.ProcessEnv): string {
  return env.CLAUDE_CONFIG_DIR || join(env.HOME ?? '', '.claude')
}

/** The user's own, and those of the project. */
function settingsFiles(home: string, cwd: string): string[] {
  const own = ['settings.json', 'settings.local.json'].map((name) => join(cwd, '.claude', name))
  return [join(home, 'settings.json'), ...own]
}

function namesMode(file: string): boolean {
  const settings = readJson(file)
  return (
    isObject(settings) && isObject(settings.permissions) && settings.permissions.defaultMode !== undefined
  )
}

const maxSettingsBytes = 1_048_576

/** A conversation in which nothing was said has no transcript: it can be begun again with its id. */
function conversation({ args, session, conversation: id }: AgentRun, home: string): string[] {
  if (args.some((word) => word.replace(/=.*/s, '') in claude.begins)) return []
  if (id === undefined) return ['--session-id', session]
  return hasTranscript(home, id) ? ['--resume', id] : ['--session-id', id]
}

function hasTranscript(home: string, id: string): boolean {
  if (!/^[0-9a-f-]{36}$/.test(id)) return false
  const projects = join(home, 'projects')
  return namesIn(projects).some((project) => existsSync(join(projects, project, `${id}.jsonl`)))
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

/** The user's may be a link to where they keep them; a project's may be anything. */
function readJson(file: string): unknown {
  const found = readRegular(file, maxSettingsBytes, true)
  return found && parseJson(found.text)
}
