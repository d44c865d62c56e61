import { afterEach, beforeEach, expect, test } from 'vitest'
import type { StoredMessage } from '../../src/domain/message.ts'
import { codeBlocks } from '../../src/text/fences.ts'
import { copied } from '../../src/worker/commands/copy.ts'
import { say } from '../support/bedrock-script.ts'
import { until } from '../support/until.ts'
import { type BedrockLab, openBedrockLab, openShell, promptUp, q, startWorkspace } from './harness.ts'

const said = (...texts: string[]): StoredMessage[] =>
  texts.map((text, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    blocks: [{ type: 'text', text }],
    partial: false,
    seq: index,
    createdAt: 0,
  }))

test.each([
  ['a\n```ts\none\n\ntwo\n```\nb\n~~~\nthree\n~~~', ['one\n\ntwo', 'three']],
  ['````md\n```\ninner\n```\n````', ['```\ninner\n```']],
  ['1. do\n   ```sh\n   a\n     b\n   ```', ['a\n  b']],
  ['- ```\n  x\n  ```', ['x']],
  ['no ```code``` here, and ``` not `here', []],
  ['```\nleft open', ['left open']],
  ['```\n```', ['']],
])('the code blocks of %j are found', (markdown, blocks) => {
  expect(codeBlocks(markdown)).toEqual(blocks)
})

test('what is copied is text, without a newline that would run it, of the last answer only', () => {
  const messages = said(
    'x',
    'old\n```\nold code\n```',
    'y',
    'new \u001b]52;c;aGk=\u0007\n```\nrm\u001b[2K -i x\n\n```\nend\n',
    'z',
  )
  expect(copied(messages, undefined)).toBe('new \n```\nrm -i x\n\n```\nend')
  expect(copied(messages, 'code')).toBe('rm -i x')
  expect(copied(messages, '1')).toBe('rm -i x')
  expect(() => copied(messages, '2')).toThrow('the last answer has 1 code block')
  expect(() => copied(said('x', 'none'), 'code')).toThrow('there is no code block')
  expect(() => copied(said('x'), undefined)).toThrow('there is no answer yet')
  for (const what of ['0', '-1', '1.5', 'x']) expect(() => copied(messages, what)).toThrow('usage: /copy')
})

let lab: BedrockLab
beforeEach(async () => {
  lab = await openBedrockLab()
})
afterEach(() => lab.dispose())

const answer = 'first:\n\n```sh\necho one\necho two\n```\n\nand\n\n```\nthree; # #{pane_id} $(id)\n```\n'

test('inside tmux it goes into the newest buffer of tmux, and it says how to paste it', async () => {
  const pane = '=q:dev-1'
  await startWorkspace(lab)
  lab.type(pane, '/copy')
  await until(() => lab.screen(pane).includes('there is no answer yet'))
  lab.server.respondWith(say(answer))
  lab.type(pane, 'go')
  await until(() => lab.screen(pane).includes('three'))
  await promptUp(lab, 'dev-1')
  lab.type(pane, '/copy code')
  await until(() => lab.screen(pane).includes('copied 1 line; paste with prefix ]'))
  expect(lab.tmux('show-buffer')).toBe('three; # #{pane_id} $(id)')
  lab.type(pane, '/copy 1')
  await until(() => lab.screen(pane).includes('copied 2 lines; paste with prefix ]'))
  expect(lab.tmux('show-buffer')).toBe('echo one\necho two')
  lab.type(pane, '/copy')
  await until(() => lab.screen(pane).includes('copied 12 lines'))
  expect(lab.tmux('show-buffer')).toBe(answer.trimEnd())
})

test('outside of tmux the terminal is asked (OSC 52)', async () => {
  lab.server.respondWith(say('grüße\nto you'))
  const terminal = openShell(lab, `unset TMUX TMUX_PANE; ${q} chat --name talk go`)
  terminal.tmux('set-option', '-s', 'set-clipboard', 'on')
  await until(() => /to you[\s\S]*\[talk\] q>/.test(terminal.screen()))
  terminal.type('/copy')
  await until(() => terminal.screen().includes('copied 2 lines; it is on the clipboard'))
  expect(terminal.tmux('show-buffer')).toBe('grüße\nto you')
})

test('a dumb terminal has no clipboard, and says so', async () => {
  const terminal = openShell(lab, `unset TMUX TMUX_PANE; export TERM=dumb; ${q} chat --name talk 'say x'`)
  await until(() => terminal.screen().trimEnd().endsWith('[talk] q>'))
  terminal.type('/copy')
  await until(() => terminal.screen().includes('this terminal has no clipboard'))
})
