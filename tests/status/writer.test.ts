import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readStatus } from '../../src/status/status-files.ts'
import { statusWriter } from '../../src/worker/status/status-writer.ts'
import { until } from '../support/until.ts'
import { id, openPlace, type Place, statusOf } from './harness.ts'

let place: Place
beforeEach(() => {
  place = openPlace()
})
afterEach(() => place.dispose())

test('a status that cannot be written ends nothing: it is said once, and written when that is possible again', async () => {
  const said: string[] = []
  const directory = join(place.directory, 'below')
  writeFileSync(directory, '')
  const write = statusWriter(directory, (words) => said.push(words))
  write(statusOf(id(1)))
  write(statusOf(id(1), { detail: 'the last one' }))
  expect(said).toEqual([expect.stringMatching(/does not see what this session does.*: ENOTDIR/)])
  rmSync(directory)
  mkdirSync(directory)
  await until(() => {
    const found = readStatus(directory, id(1))
    return found?.ok && found.status.detail === 'the last one'
  })
  expect(said).toHaveLength(1)
})
