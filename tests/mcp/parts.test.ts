import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findCommand } from '../../src/base/find-command.ts'
import type { Connection } from '../../src/mcp/connect.ts'
import { lineReader } from '../../src/mcp/json-lines.ts'
import { keyOf } from '../../src/mcp/kept-tool-list.ts'
import { createListing } from '../../src/mcp/listing.ts'
import { modelName } from '../../src/mcp/mcp-tool-names.ts'
import { project } from '../tools/harness.ts'

test('a tool has a name that model services take, and always the same one', () => {
  expect(modelName('files', 'read_file', new Set())).toBe('files___read_file')
  for (const tool of ['a.b', 'a/b', 'x'.repeat(100), 'a_b'.repeat(30)]) {
    const name = modelName('files', tool, new Set())
    expect(name).toMatch(/^files___[a-zA-Z0-9_-]{1,57}$/)
    expect(modelName('files', tool, new Set())).toBe(name)
  }
  expect(modelName('files', 'a.b', new Set())).not.toBe(modelName('files', 'a/b', new Set()))
})

test('a name that somebody has is not given again', () => {
  const first = modelName('a', '_b', new Set())
  expect(modelName('a_', 'b', new Set([first]))).not.toBe(first)
})

test('a list is kept by command, arguments and names of variables, not by their values', () => {
  const server = {
    name: 'a',
    command: 'x',
    args: ['y z'],
    env: { A: '1', B: '2' },
    timeout_s: 1,
    disabled: false,
  }
  const key = keyOf(server)
  expect(keyOf({ ...server, name: 'b', env: { B: '3', A: '4' } })).toBe(key)
  expect(keyOf({ ...server, args: ['y', 'z'] })).not.toBe(key)
  expect(keyOf({ ...server, env: { A: '1' } })).not.toBe(key)
})

test('output is cut into lines however it comes, and what nobody understands is left out', () => {
  const lines: string[] = []
  const reader = lineReader(
    (line) => void lines.push(JSON.parse(line)),
    () => {},
  )
  for (const byte of Buffer.from('{"ä":1}\r\nhello\n\n[2]\n3')) reader.add(Buffer.of(byte))
  expect(lines).toEqual([{ ä: 1 }, [2]])
})

test('a line without end, and garbage without end, are given up once', () => {
  for (const piece of [Buffer.alloc(65_536, 'x'), Buffer.from(`${'x'.repeat(65_535)}\n`)]) {
    const given: string[] = []
    const reader = lineReader(JSON.parse, (why) => void given.push(why))
    for (let at = 0; at < 1000; at += 1) reader.add(piece)
    expect(given).toHaveLength(1)
  }
})

test('a command is found as the system finds it', () => {
  const directory = project({ 'bin/tool': '#!/bin/sh\n', 'bin/text': '', 'other/tool': '' })
  const tool = join(directory, 'bin/tool')
  chmodSync(tool, 0o755)
  const path = `${directory}/other:${directory}/bin`
  expect(findCommand('tool', '/', path)).toBe(tool)
  expect(findCommand('bin/tool', directory, '')).toBe(tool)
  expect(findCommand(tool, '/', undefined)).toBe(tool)
  expect(findCommand('text', '/', path)).toBe(undefined)
  expect(findCommand('bin', directory, directory)).toBe(undefined)
})

test('a list is seen when it is kept, and an old one that is read late does not replace it', async () => {
  const read = Promise.withResolvers<string | undefined>()
  const written = Promise.withResolvers<void>()
  const server = { name: 'a', command: 'x', args: [], env: {}, timeout_s: 1, disabled: false }
  const parts = {
    cwd: () => '/',
    environment: () => ({}),
    lists: { read: () => read.promise, write: () => written.promise, alone: async () => {} },
    say: () => {},
  }
  const { known, refresh } = createListing(server, parts, () => true)
  const tool = { name: 'new', inputSchema: { type: 'object' } }
  const connection = { tools: async () => [tool], isSchema: () => true } as unknown as Connection
  const names = async (list: ReturnType<typeof known>) => (await list)?.tools.map(({ name }) => name)

  const early = names(known())
  const refreshed = refresh(connection)
  const meanwhile = names(known())
  read.resolve(undefined)
  expect(await meanwhile).toBeUndefined()
  expect(await early).toBeUndefined()
  const late = Promise.withResolvers<string | undefined>()
  parts.lists.read = () => late.promise
  const reading = names(known())
  written.resolve()
  await refreshed
  late.resolve(undefined)
  expect(await reading).toEqual(['new'])
  expect(await names(known())).toEqual(['new'])
})
