import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lab, openLab, type Terminal } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { openShell, q } from '../worker/harness.ts'

let lab: Lab
beforeAll(async () => {
  lab = openLab()
  await lab.q(['mux', 'new', 'idle', '--background'])
  for (const name of ['zz-long-wait', 'aa-short-wait']) {
    await lab.q(['mux', 'new', name, '--background', '--prompt', 'hello'])
    await until(() => lab.corner().includes(`[${name}]`))
  }
})
afterAll(() => lab.dispose())

const names = (terminal: Terminal): string[] =>
  [...terminal.screen().matchAll(/^[▌ ] +([a-z-]+) +\[/gm)].map((match) => match[1] ?? '')
const chosen = (terminal: Terminal) => /^▌ +([a-z-]+) /m.exec(terminal.screen())?.[1]
const shown = () => lab.tmux('display-message', '-p', '-t', '=q:', '#{window_name}')

/** The picker in a terminal of its own, which says afterwards how it ended. */
const openPicker = () => openShell(lab, `${q} mux pick; echo "exit $?"`)

test('what is typed narrows the list, Backspace widens it, and Enter on nothing goes nowhere', async () => {
  const terminal = openPicker()
  await until(() => names(terminal).length === 3)
  terminal.keys('lw')
  await until(() => expect(names(terminal)).toEqual(['zz-long-wait']))
  expect(terminal.screen()).toContain('> lw')
  terminal.keys('q')
  await until(() => terminal.screen().includes('no session matches'))
  terminal.keys('BSpace', 'BSpace', 'BSpace')
  await until(() => names(terminal).length === 3)
  terminal.keys('xyz', 'Enter')
  await until(() => terminal.screen().trim() === 'exit 130')
  expect(shown()).toBe('idle')
})

test.each(['Escape', 'C-c'])('%s leaves everything as it is, with exit code 130', async (key) => {
  const terminal = openPicker()
  await until(() => names(terminal).length === 3)
  terminal.keys('Down', key)
  await until(() => terminal.screen().trim() === 'exit 130')
  expect(shown()).toBe('idle')
  expect(lab.tmux('list-clients', '-t', '=q', '-F', '#{client_control_mode}')).not.toContain('0')
})

test('the picker keeps up with a smaller terminal', async () => {
  const terminal = openPicker()
  await until(() => names(terminal).length === 3)
  terminal.resize(30, 5)
  await until(() => expect(names(terminal)).toEqual(['zz-long-wait', 'aa-short-wait']))
  terminal.keys('Down', 'Down')
  await until(() => chosen(terminal) === 'idle')
})

test('the picker lists the longest wait first and what waits for nobody last; the arrows move, Enter goes there', async () => {
  const terminal = openPicker()
  await until(() => expect(names(terminal)).toEqual(['zz-long-wait', 'aa-short-wait', 'idle']))
  expect(chosen(terminal)).toBe('zz-long-wait')
  terminal.keys('Down', 'Down', 'Down')
  await until(() => chosen(terminal) === 'idle')
  terminal.keys('Up')
  await until(() => chosen(terminal) === 'aa-short-wait')
  terminal.keys('Enter')
  await until(() => terminal.screen().includes('[aa-short-wait] q>'))
  expect(shown()).toBe('aa-short-wait')
})
