import { expect, test } from 'vitest'
import { shownQuestion } from '../../src/worker/agent/shown-question.ts'

function shown(tool: string, input: unknown): string[] {
  return shownQuestion(tool, input).map(({ kind, text }) => `${kind}: ${text}`)
}

test('a command is shown line for line, with all else that goes along', () => {
  expect(shown('execute_bash', { command: 'cd a\n rm b', timeout: 5 })).toEqual([
    'text: cd a',
    'text:  rm b',
    'text: timeout: 5',
  ])
})

test('what a terminal would hide is shown', () => {
  expect(shown('execute_bash', { command: 'rm \u202efig\u001b[2K ' })).toEqual([
    'text: rm \\u{202e}fig\\u{1b}[2K\\u{20}',
  ])
})

test('a change of a file is shown as its old and new text', () => {
  const input = { file_path: '/a\tb', old_string: 'one\ntwo', new_string: 'three', replace_all: true }
  expect(shown('fs_write', input)).toEqual([
    'text: /a\\u{9}b',
    'remove: one',
    'remove: two',
    'add: three',
    'text: replace_all: true',
  ])
})

test('what has another shape is shown as JSON, whole', () => {
  expect(shown('execute_bash', { command: ['ls'], cwd: '/' })).toEqual([
    'text: {',
    'text:   "command": [',
    'text:     "ls"',
    'text:   ],',
    'text:   "cwd": "/"',
    'text: }',
  ])
  expect(shown('fs_write', { file_path: 'a', content: 1 })[0]).toBe('text: {')
  expect(shown('@server/tool', 'words')).toEqual(['text: "words"'])
})
