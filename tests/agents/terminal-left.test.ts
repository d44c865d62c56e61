import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  await lab.q(['mux', '--detach'])
})
afterEach(() => lab.dispose())

test('what a killed program leaves of its terminal is put right: modes, mouse, screen and cursor', async () => {
  const program = join(lab.home, 'program')
  writeFileSync(
    program,
    "stty raw -echo\nprintf '\\033[?1000h\\033[?1006h\\033[?25l\\033[?1049h\\033[31mred'\nkill -9 $$\n",
  )
  await lab.q(['mux', 'new', 'left', '--agent', 'plain', '--background', '--', 'sh', program])
  const { pane } = await until(async () =>
    (await lab.list()).sessions.find(({ name, pane }) => name === 'left' && pane),
  )
  if (pane === null) throw new Error('Expected a pane')
  await until(() => lab.screen(pane).includes('Press Enter to run it again'))
  expect(lab.screen(pane)).toMatch(/^\(exit 137\)\nPress Enter/m)
  const facts = '#{mouse_any_flag} #{alternate_on} #{cursor_flag}'
  expect(lab.tmux('display-message', '-p', '-t', pane, facts).trim()).toBe('0 0 1')
})
