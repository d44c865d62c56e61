import { expect, test } from 'vitest'
import { maxNameLength } from '../../src/domain/session-name.ts'
import { parseStatus } from '../../src/status/status-format.ts'
import { hostileNames } from '../support/hostile-names.ts'
import { id, statusOf } from './harness.ts'

const own = id(1)
const good = statusOf(own)

function parse(fields: Record<string, unknown>): ReturnType<typeof parseStatus> {
  return parseStatus(JSON.stringify({ ...good, ...fields }), own)
}

test('a status is read as it was written', () => {
  expect(parseStatus(JSON.stringify(good), own)).toEqual({ ok: true, status: good })
})

test('the fewest fields that make a status are enough', () => {
  const { v, session, name, state, since, pid, startTime } = good
  expect(parseStatus(JSON.stringify({ v, session, name, state, since, pid, startTime }), own)).toEqual({
    ok: true,
    status: { ...good, waitingFor: 'input', window: null, detail: '', turn: 0 },
  })
})

test('unknown fields are left out, also those that JavaScript knows', () => {
  const text = JSON.stringify({ ...good, colour: 'red', constructor: 1 }).replace(
    '{',
    '{"__proto__":{"x":1},',
  )
  expect(parseStatus(text, own)).toStrictEqual({ ok: true, status: good })
})

test('whose program it is and what it can tell are read, and left out where they are no such thing', () => {
  const agent = { agent: 'claude', declares: ['input', 'error'] }
  expect(parse(agent)).toEqual({ ok: true, status: { ...good, ...agent } })
  expect(parse({ agent: 'no agent', declares: ['input', 'mood'] })).toEqual({ ok: true, status: good })
})

const noName = '"name" is not a session name'
const noState = '"state" is not one of starting, waiting, processing, exited'
const noReason = '"waitingFor" is not one of input, approval, error'
const noPid = '"pid" is not a process id'
const noWindow = '"window" is not a tmux window id'

test.each<[string, unknown, string]>([
  ['v', 2, 'its version is 2, not 1'],
  ['v', '1', 'its version is "1", not 1'],
  ['v', null, 'its version is null, not 1'],
  ['v', undefined, 'its version is missing, not 1'],
  ['v', 'x'.repeat(1000), `its version is "${'x'.repeat(18)}…, not 1`],
  ['session', id(2), '"session" is not the file\'s name'],
  ['session', undefined, '"session" is not the file\'s name'],
  ['session', [own], '"session" is not the file\'s name'],
  ['name', undefined, noName],
  ['name', 7, noName],
  ['name', ['api'], noName],
  ['name', 'a'.repeat(maxNameLength + 1), noName],
  ['state', undefined, noState],
  ['state', 'Waiting', noState],
  ['state', ['waiting'], noState],
  ['state', 'toString', noState],
  ['waitingFor', 'lunch', noReason],
  ['waitingFor', 1, noReason],
  ['since', undefined, '"since" is not a number'],
  ['since', '1795000000000', '"since" is not a number'],
  ['since', null, '"since" is not a number'],
  ['pid', undefined, noPid],
  ['pid', 0, noPid],
  ['pid', -1, noPid],
  ['pid', 1.5, noPid],
  ['pid', '4242', noPid],
  ['pid', 2 ** 60, noPid],
  ['startTime', undefined, '"startTime" is not a text'],
  ['startTime', 5, '"startTime" is not a text'],
  ['startTime', 'x'.repeat(101), '"startTime" is not a text'],
  ['window', '7', noWindow],
  ['window', '@', noWindow],
  ['window', '@7;kill-server', noWindow],
  ['window', '@7\n', noWindow],
  ['window', 7, noWindow],
])('a status whose %s is %j is refused', (field, value, problem) => {
  expect(parse({ [field]: value })).toEqual({ ok: false, problem })
})

test('a status with a hostile name is refused', () => {
  const accepted = hostileNames.filter((name) => parse({ name }).ok)
  expect(accepted).toEqual([])
})

test('what a session waits for counts only while it waits', () => {
  expect(parse({ state: 'processing', waitingFor: 'lunch' })).toMatchObject({ status: { waitingFor: null } })
  expect(parse({ waitingFor: null })).toMatchObject({ status: { waitingFor: 'input' } })
})

test.each<[unknown, string]>([
  ['two\nlines \u001b[31mred', 'two lines [31mred'],
  ['x'.repeat(300), `${'x'.repeat(199)}…`],
  [7, ''],
  [null, ''],
])('the detail %j becomes the line %j', (detail, line) => {
  expect(parse({ detail })).toMatchObject({ status: { detail: line } })
})

test.each([-1, 1.5, '3', null, 2 ** 60])('the turn %j counts as none', (turn) => {
  expect(parse({ turn })).toMatchObject({ status: { turn: 0 } })
})

test('until is read where it is a moment, and left out where it is none', () => {
  expect(parse({ state: 'processing', until: 1_795_000_100_000 })).toMatchObject({
    status: { state: 'processing', until: 1_795_000_100_000 },
  })
  for (const until of [-1, 0, '1795000100000', null, {}, true])
    expect(parse({ until })).toStrictEqual({ ok: true, status: good })
})

test.each([
  ['', 'it is not JSON'],
  ['{"v":1', 'it is not JSON'],
  [`${JSON.stringify(good)}x`, 'it is not JSON'],
  [JSON.stringify(good).slice(0, -9), 'it is not JSON'],
  ['\0\0\0\0', 'it is not JSON'],
  ['[]', 'it is not a JSON object'],
  ['null', 'it is not a JSON object'],
  ['"text"', 'it is not a JSON object'],
  ['[1e999]', 'it is not a JSON object'],
  [JSON.stringify(good).replace('1795000000000', '1e999'), '"since" is not a number'],
])('the text %j is refused', (text, problem) => {
  expect(parseStatus(text, own)).toEqual({ ok: false, problem })
})
