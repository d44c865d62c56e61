import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { say } from '../support/bedrock-script.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, promptUp, said, session, startWorkspace } from './harness.ts'

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
  await startWorkspace(lab)
})
afterEach(() => lab.dispose())

const pane = '=q:dev-1'
const ESC = '\u001b'
const active = [
  `${ESC}]52;c;b3duZWQ=\u0007`,
  `${ESC}]8;;http://evil${ESC}\\link${ESC}]8;;${ESC}\\`,
  `${ESC}]0;owned\u0007${ESC}]2;owned\u0007`,
  `${ESC}kowned${ESC}\\`,
  `${ESC}[21t${ESC}[6n${ESC}[c${ESC}[>q${ESC}[5n${ESC}[18t`,
  `${ESC}[2J${ESC}[H${ESC}[?1049h${ESC}[?2004h`,
  `${ESC}P+q544e${ESC}\\`,
  `${ESC}Ptmux;${ESC}${ESC}]52;c;b3duZWQ=\u0007${ESC}\\`,
  '\u009b6n\u009d0;owned\u009c\u0090q\u009c',
  `${ESC}c${ESC}#8\u000e\u0007\b\b\r`,
]

test('no active sequence of an answer reaches the terminal, however it is cut; its words and lines do', async () => {
  const file = join(lab.home, 'raw')
  lab.tmux('pipe-pane', '-t', pane, '-O', `cat > ${file}`)
  await until(() => existsSync(file))
  const text = `begin ${active.join('|')} middle\ttab\nnext line`
  for (const size of [text.length, 7, 1]) {
    const pieces = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []
    lab.server.respondWith(say(...pieces, ` end${size}`))
    lab.type(pane, `question ${size}`)
    await until(() => lab.screen(pane).includes(`next line end${size}`), { what: `pieces of ${size}` })
  }
  await promptUp(lab, 'dev-1')
  const raw = await until(() => {
    const seen = readFileSync(file, 'utf8')
    return seen.includes('end1\r\n') && seen
  })
  expect(raw).toContain('middle tab\r\nnext line')
  expect(raw).not.toMatch(/[\u0080-\u009f]/)
  // What is left are the line editor's own moves and our own styles.
  const sequences = new Set(raw.match(/\u001b(\[[0-9;?>]*[A-Za-z]|[^[])/g))
  for (const sequence of sequences)
    expect(sequence).toMatch(/^\u001b(\[(\d*[GJKABCD]|\d+(;\d+)?H|[0-9;]*m|\?(7|25|2004)[hl])|[78])$/)
  expect(raw).not.toContain('\u0007')
  expect(said(lab, 'dev-1')[1]?.text).toBe(`${text} end${text.length}`)
})

test('nothing is typed into the prompt by a terminal that answers, and neither title nor clipboard change', async () => {
  lab.tmux('set-option', '-s', 'set-clipboard', 'on')
  const title = lab.tmux('display-message', '-p', '-t', pane, '#{pane_title}')
  const terminal = lab.terminal()
  await until(() => terminal.screen().includes('[dev-1] q>'))
  lab.server.respondWith(say(...active, 'answered'))
  lab.type(pane, 'question')
  await until(() => lab.screen(pane).includes('answered'))
  await promptUp(lab, 'dev-1')
  lab.type(pane, 'say next')
  await until(() => said(lab, 'dev-1').at(-1)?.text === 'next')
  expect(said(lab, 'dev-1')[2]?.text).toBe('say next')
  expect(lab.tmux('display-message', '-p', '-t', pane, '#{pane_title}|#{window_name}')).toBe(`${title}|dev-1`)
  expect(lab.tmux('list-buffers')).toBe('')
})

test('an error of a service is shown and listed without its sequences', async () => {
  lab.server.respondWith([
    { do: 'status', status: 400, error: 'ValidationException', message: `bad ${active.join('')} request` },
  ])
  lab.type(pane, 'question')
  await until(async () => (await session(lab, 'dev-1')).waitingFor === 'error')
  const { detail } = await session(lab, 'dev-1')
  expect(detail).toContain('request')
  expect(detail).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
  await promptUp(lab, 'dev-1')
  expect(lab.tmux('display-message', '-p', '-t', pane, '#{window_name}')).toBe('dev-1')
  expect(lab.screen(pane)).toContain('question')
})
