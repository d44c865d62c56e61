import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toolUse } from '../../src/provider/tool-use.ts'
import { executeBash } from '../../src/tools/execute-bash.ts'
import { fsRead } from '../../src/tools/fs-read.ts'
import { fsWrite } from '../../src/tools/fs-write.ts'
import { glob } from '../../src/tools/glob.ts'
import { grep } from '../../src/tools/grep.ts'
import { project, ready, refusal, run, shown } from './harness.ts'

const files = { 'a.txt': 'one\ntwo\nthree\n', 'b/c.ts': 'Two' }
const one = { mode: 'Line', path: 'a.txt', start_line: 2, end_line: 2 }

test.each([
  ['a list as JSON', { operations: JSON.stringify([one]) }],
  ['one object', { operations: one }],
  ['one object as JSON', { operations: JSON.stringify(one) }],
  ['JSON in a fence', { operations: `\`\`\`json\n${JSON.stringify([one])}\n\`\`\`` }],
  ['JSON as a text in JSON', { operations: JSON.stringify(JSON.stringify([one])) }],
  ['entries as JSON', { operations: [JSON.stringify(one)] }],
  ['the operation itself', one],
  ['the list itself', [one]],
  ['all of it as JSON', JSON.stringify({ operations: [one] })],
  ['an object around it', { input: { operations: [one] } }],
  ['numbers as texts', { operations: [{ ...one, start_line: '2.0', end_line: ' +2 ' }] }],
  ['another case', { operations: [{ ...one, mode: 'line' }] }],
  ['another spelling', { Operations: [{ mode: 'LINE', filePath: 'a.txt', startLine: 2, 'end-line': 2 }] }],
  ['null for what is left out', { operations: [{ ...one, pattern: null, depth: null, other: null }] }],
  ['"" for what is left out', { operations: [{ ...one, pattern: '', depth: '', file_path: '', cwd: '' }] }],
])('fs_read takes %s', async (_what, input) => {
  const prepared = await ready(fsRead(), input, { cwd: project(files) })
  expect(shown(prepared)).toBe('read a.txt, lines 2 to 2')
  expect((await run(fsRead(), input, { cwd: project(files) })).content).toBe('two')
})

test.each([
  ['file_path', { file_path: 'n' }],
  ['filename', { filename: 'n' }],
  ['content', { path: 'n', file_text: undefined, content: 'x' }],
  ['new_str for the content', { path: 'n', file_text: undefined, new_str: 'x' }],
  ['fillers', { path: 'n', old_str: '', new_str: '', insert_line: 0 }],
  ['command in capitals', { path: 'n', command: 'CREATE' }],
])('fs_write takes %s', async (_what, more) => {
  const cwd = project()
  const input = { command: 'create', file_text: 'x', ...more }
  expect((await run(fsWrite(), input, { cwd })).status).toBe('success')
  expect(readFileSync(join(cwd, 'n'), 'utf8')).toBe('x')
})

test('the other tools read loosely, too, and what runs is what is shown', async () => {
  const cwd = project(files)
  const bash = await ready(executeBash(), { cmd: 'echo hi', description: 'says hi', timeout: 5 }, { cwd })
  expect(shown(bash)).toBe('echo hi')
  const { content } = await run(executeBash(), { cmd: ['echo hi'], description: 'd', timeout: 5 }, { cwd })
  expect(JSON.parse(content)).toMatchObject({
    stdout: 'hi\n',
    remark: 'Left out, as execute_bash has no such argument: description, timeout',
  })
  const searched = await run(grep(), { regex: 'two', 'case-insensitive': 'True', include: '' }, { cwd })
  expect(searched.content).toBe('a.txt:2: two\nb/c.ts:1: Two')
  expect((await run(glob(), { pattern: '*.ts', directory: 'b', why: null }, { cwd })).content).toBe('c.ts')
  const said = await run(glob(), { pattern: '*.ts', explanation: 'x' }, { cwd })
  expect(said.content).toBe('b/c.ts\n[Left out, as glob has no such argument: explanation]')
})

test.each([
  [fsRead, { operations: 'a.txt' }, ['Expected operations[0] to be an object, got a string, "a.txt"']],
  [fsRead, { operations: [{ ...one, start_line: '1-2' }] }, ['a whole number', 'got a string, "1-2"']],
  [fsRead, { operations: [{ ...one, start_line: 1.5 }] }, ['a whole number', 'got 1.5']],
  [fsRead, { operations: [{ ...one, offset: 1 }] }, ['Unknown key "operations[0].offset"']],
  [fsRead, { operations: [one, { mode: 'x' }] }, ['operations[1].mode', 'operations[1].path to be a string']],
  [fsRead, { operations: [{ ...one, file_path: 'b' }] }, ['are the same argument: send path only']],
  [executeBash, { command: 'ls', cwd: '/', run_in_background: true }, ['"cwd", "run_in_background"']],
  [executeBash, { command: ['rm', 'x'] }, ['Expected command to be a string, got an array']],
  [executeBash, {}, ['Expected command to be a string, got nothing']],
  [fsWrite, { command: 'create', path: 'x', file_text: { a: 1 } }, ['file_text', 'got an object']],
  [fsWrite, { command: 'create', path: 'x', file_text: 'x', old_str: 'y' }, ['create takes no old_str']],
  [fsWrite, { command: 'append', path: 'x', new_str: 'x', insert_line: 3 }, ['append takes no insert_line']],
  [fsWrite, { command: 'str_replace', path: 'a.txt', old_str: 'one', replace_all: true }, ['replace_all']],
  [grep, { pattern: 'x', ignore_case: 'smart' }, ['true or false', 'got a string, "smart"']],
  [grep, { pattern: 'x', case_sensitive: true }, ['Unknown key "case_sensitive"']],
])(
  'what may mean more than one thing is refused with all that is wrong: %o %j',
  async (tool, input, words) => {
    const content = await refusal(tool(), input, { cwd: project(files) })
    for (const word of words) expect(content).toContain(word)
  },
)

test.each([
  ['```json\n{"command":"ls"}\n```', { command: 'ls' }],
  [JSON.stringify('{"command":"ls"}'), { command: 'ls' }],
  [' {"command":"ls"} ', { command: 'ls' }],
])('an input that came as %j is an object', (json, input) => {
  expect(toolUse({ id: '1', name: 'x', json })).toEqual({ type: 'tool_use', id: '1', name: 'x', input })
})

test.each(['{"command":"ls"', '```json\n{"command":"ls"}', '["ls"]', 'ls', '5'])(
  'an input that came as %j is malformed',
  (json) => expect(toolUse({ id: '1', name: 'x', json })).toMatchObject({ malformed: json }),
)
