import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { root } from './markdown.ts'

let lab: Lab
afterEach(() => lab.dispose())

const onLinux = test.runIf(process.platform === 'linux')

onLinux('the script of the guide stands in the corner, is jumped to, and goes when it ends', async () => {
  const script = await workspaceWithScript()
  const terminal = lab.terminal()
  await until(() => terminal.screen().includes('[dev-1] q>'))
  lab.tmux('new-window', '-d', '-t', '=q:', '-n', 'script', `bash '${script}' deploy`)
  await until(() => lab.corner() === '[deploy!]')
  terminal.keys('C-b', 'a')
  await until(() => terminal.screen().includes('Deploy? Press Enter.'))
  terminal.keys('C-b', 'A')
  await until(() => lab.corner() === '[deploy!]')
  lab.keys('=q:script', 'Enter')
  await until(() => lab.corner() === '')
})

onLinux('the script works outside tmux and without XDG_RUNTIME_DIR, too', async () => {
  const script = await workspaceWithScript({ XDG_RUNTIME_DIR: '' })
  const child = lab.start('bash', [script, 'release'])
  await until(() => lab.corner() === '[release!]')
  child.stdin?.end('\n')
  await until(() => lab.corner() === '')
})

async function workspaceWithScript(extra: NodeJS.ProcessEnv = {}): Promise<string> {
  lab = openLab(extra)
  const script = join(lab.home, 'ask.sh')
  const page = readFileSync(`${root}docs/status-file.md`, 'utf8')
  writeFileSync(script, /^```bash\n(.*?)^```$/ms.exec(page)?.[1] ?? '')
  expect(await lab.q(['mux', '--detach'])).toMatchObject({ code: 0 })
  return script
}
