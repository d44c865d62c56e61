import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fields, flag, list, processId, text } from '../../src/base/checked-json.ts'
import { clearPlace, readOwn } from '../../src/config/paths/own-file.ts'
import { breakages } from '../support/broken-files.ts'

let directory: string
let file: string
let said: string[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'own-file-'))
  file = join(directory, 'keys.json')
  said = []
  vi.spyOn(process.stderr, 'write').mockImplementation((words) => said.push(String(words)) > 0)
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(directory, { recursive: true, force: true })
})

const check = fields({ pid: processId, name: text, all: list(flag) })

test('a file that is as it was written is read; fields that are not known are left out', () => {
  writeFileSync(file, '{"pid":7,"name":"a","all":[true],"more":1}')
  expect(readOwn(file, check, 'x')).toEqual({ pid: 7, name: 'a', all: [true] })
  expect(said).toEqual([])
})

test('none is none, without a word', () => {
  expect(readOwn(file, check, 'x')).toBeUndefined()
  expect(said).toEqual([])
})

test.each(Object.keys(breakages))(
  '%s: it is set aside, named once with what is lost, and there is none',
  (kind) => {
    breakages[kind]?.(file)
    // Root may read everything.
    if (kind === 'unreadable' && process.getuid?.() === 0) writeFileSync(file, '{}')
    expect(readOwn(file, check, 'what was in it')).toBeUndefined()
    expect(readOwn(file, check, 'what was in it')).toBeUndefined()
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(
      /keys\.json is broken \(.+\): what was in it\. It is set aside as .*\.broken-\d+T\d+, and/,
    )
    expect(readdirSync(directory)).toEqual([expect.stringMatching(/^keys\.json\.broken-\d+T\d+$/)])
  },
)

test('what differs is named by its field', () => {
  writeFileSync(file, '{"pid":7,"name":"a","all":[true,1]}')
  readOwn(file, check, 'x')
  expect(said[0]).toContain('(all: [1]: it is neither true nor false)')
})

test.each(['a FIFO', 'a directory', 'a link', '1 GB sparse'])(
  'the place of a log is cleared of %s',
  (kind) => {
    breakages[kind]?.(file)
    clearPlace(file, 1000, 'x')
    expect(readdirSync(directory)).toEqual([expect.stringMatching(/broken/)])
    clearPlace(file, 1000, 'x')
    expect(said).toHaveLength(1)
  },
)
