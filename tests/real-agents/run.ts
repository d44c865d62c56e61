// `npm run test:agents`: other agents' real programs, played in a real tmux against a local model server, and what their
// sessions said compared with the truth. Ends with 1 when a state was wrong.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setup } from '../support/build.ts'
import { openLab } from '../support/lab.ts'
import { playClaude } from './claude.ts'
import { startMessagesServer } from './messages-server.ts'
import { createReferee, type Played } from './referee.ts'

const turns = Number(process.env.Q_TEST_TURNS ?? 200)

setup()
const { program, version } = install('@anthropic-ai/claude-code', 'claude')
const server = await startMessagesServer()
const lab = openLab({ PATH: `${join(program, '..')}:${process.env.PATH}` })
let played: Played[] = []
try {
  const referee = createReferee(lab)
  played = referee.played
  await playClaude({ lab, server, referee, turns })
} finally {
  server.close()
  await lab.dispose()
}
process.stdout.write(
  `\nClaude Code ${version}, ${new Date().toISOString().slice(0, 10)}\n\n${tableOf(played)}\n`,
)
process.exitCode = played.every(({ wrong }) => wrong === 0) ? 0 : 1

function tableOf(rows: readonly Played[]): string {
  const lines = rows.map(
    ({ what, changes, wrong, slowest }) => `| ${what} | ${changes} | ${wrong} | ${Math.round(slowest)} ms |`,
  )
  return ['| played | changes | wrong | slowest |', '| - | -: | -: | -: |', ...lines].join('\n')
}

/** The agent's program, from the npm registry; it is fetched once, into a directory outside of this repository. */
function install(name: string, command: string): { program: string; version: string } {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const prefix = join(caches, 'q-mux-agents', name.replaceAll(/[/@]/g, ''))
  const program = join(prefix, 'node_modules', '.bin', command)
  if (!existsSync(program)) {
    mkdirSync(prefix, { recursive: true })
    const words = ['install', '--no-audit', '--no-fund', '--prefix', prefix, name]
    execFileSync('npm', words, { cwd: prefix, timeout: 300_000, stdio: 'inherit' })
  }
  const { version } = JSON.parse(readFileSync(join(prefix, 'node_modules', name, 'package.json'), 'utf8'))
  return { program, version }
}
