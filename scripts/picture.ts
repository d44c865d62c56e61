// Makes docs/pictures/workspace.svg: a real workspace in a real terminal, with a home and tmux servers of its own,
// answered by the built-in guide.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openLab } from '../tests/support/lab.ts'
import { until } from '../tests/support/until.ts'
import { screenToSvg } from './svg.ts'

const size = { columns: 100, rows: 22 }
const file = fileURLToPath(new URL('../docs/pictures/workspace.svg', import.meta.url))

const lab = openLab()
try {
  // A status line of the user's own; it stays behind the corner.
  writeFileSync(
    join(lab.home, '.tmux.conf'),
    [
      "set -g status-style 'bg=colour236,fg=colour250'",
      "set -g window-status-current-style 'fg=colour231,bold'",
      "set -g status-left ''",
      "set -g status-right '%H:%M '",
    ].join('\n'),
  )
  const project = join(lab.home, 'shop')
  mkdirSync(project)
  await run(['mux', 'new', 'api-refactor', '--background'])
  await run(['mux', 'new', 's3-debug', '--type', 'debug', '--background'])
  await run(['mux', 'new', 'lambda-deploy', '--background'])
  await run(['mux', 'new', 'release-notes', '--type', 'planning', '--background'])
  const terminal = lab.terminal(['mux', 'switch', 'api-refactor'], size)
  await until(() => terminal.screen().includes('[api-refactor] q>'))
  await run(['mux', 'send', 's3-debug', 'which keys are there?'])
  await until(() => lab.corner() === '[s3-debug]')
  await run(['mux', 'send', 'release-notes', 'what does a session wait for?'])
  await until(() => lab.corner() === '[s3-debug] [release-notes]')
  await run(['mux', 'send', 'lambda-deploy', 'count to 90'])
  await until(() => terminal.screen().includes('lambda-deploy …'))
  terminal.type('how do I jump to the session that waits longest?')
  await until(() => terminal.screen().split('\n').filter(prompts).length === 2)
  terminal.type('/sessions')
  await until(() => terminal.screen().split('\n').filter(prompts).length === 3)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, screenToSvg(terminal.screen(true), size.columns))
  process.stdout.write(`${file}\n`)

  async function run(words: string[]): Promise<void> {
    const { code, stderr } = await lab.q(words, { cwd: project })
    if (code !== 0) throw new Error(`q ${words.join(' ')}: ${stderr}`)
  }
} finally {
  await lab.dispose()
}

function prompts(line: string): boolean {
  return line.startsWith('[api-refactor] q>')
}
