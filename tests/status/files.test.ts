import { execFileSync } from 'node:child_process'
import {
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  readAllStatuses,
  readStatus,
  removeStatus,
  sessionOfFile,
  writeStatus,
} from '../../src/status/status-files.ts'
import { id, openPlace, type Place, statusOf } from './harness.ts'

let place: Place
beforeEach(() => {
  place = openPlace()
})
afterEach(() => place.dispose())

const modeOf = (path: string): number => statSync(path).mode & 0o777

describe('what stands in place of a status file', () => {
  const good = JSON.stringify(statusOf(id(1)))

  test.each<[string, string, (file: string) => unknown]>([
    ['an empty file', 'it is not JSON', (file) => writeFileSync(file, '')],
    ['a file that was cut', 'it is not JSON', (file) => writeFileSync(file, good.slice(0, 40))],
    ['garbage', 'it is not JSON', (file) => writeFileSync(file, Buffer.from([0, 255, 254, 128, 10, 123]))],
    [
      'another version',
      'its version is 2, not 1',
      (file) => writeFileSync(file, good.replace('"v":1', '"v":2')),
    ],
    [
      "another session's status",
      '"session" is not the file\'s name',
      (file) => writeFileSync(file, JSON.stringify(statusOf(id(2)))),
    ],
    [
      'a sparse file of 1 GB',
      'it is larger than 16384 bytes',
      (file) => {
        writeFileSync(file, good)
        truncateSync(file, 2 ** 30)
      },
    ],
    [
      'a good status behind 16 KB of blanks',
      'it is larger than 16384 bytes',
      (file) => writeFileSync(file, good + ' '.repeat(16_384)),
    ],
    ['a FIFO', 'it is not a regular file', (file) => execFileSync('mkfifo', [file])],
    ['a directory', 'it is not a regular file', (file) => mkdirSync(file)],
    ['a link to nothing', 'it is a link', (file) => symlinkSync('nothing', file)],
    [
      'a link to a good status',
      'it is a link',
      (file) => {
        writeFileSync(`${file}.real`, good)
        symlinkSync(`${file}.real`, file)
      },
    ],
    ['a link to /dev/zero', 'it is a link', (file) => symlinkSync('/dev/zero', file)],
    ...(process.getuid?.() === 0
      ? ([
          [
            "another user's file",
            'it belongs to another user',
            (file) => {
              writeFileSync(file, good)
              chownSync(file, 65534, 65534)
            },
          ],
        ] as [string, string, (file: string) => unknown][])
      : []),
  ])('%s is skipped with a reason, and the others are read', (_, problem, make) => {
    make(place.file(id(1)))
    writeStatus(place.directory, statusOf(id(2)))
    expect(readStatus(place.directory, id(1))).toEqual({ ok: false, problem })
    const { statuses, problems } = readAllStatuses(place.directory)
    expect([...statuses.keys()]).toEqual([id(2)])
    expect(problems).toContainEqual({ file: `${id(1)}.json`, problem })
  })

  test('a socket is skipped with a reason', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(place.file(id(1)), resolve))
    expect(readStatus(place.directory, id(1))).toEqual({ ok: false, problem: 'it cannot be opened (ENXIO)' })
    await new Promise((resolve) => server.close(resolve))
  })

  test('a file that is no status is named once, and a temporary one not at all', () => {
    for (const name of ['notes.txt', `${id(1)}.JSON`, '..json', `.${id(1)}.77.tmp`, '#(x).json'])
      writeFileSync(join(place.directory, name), good)
    expect(
      readAllStatuses(place.directory)
        .problems.map(({ file }) => file)
        .sort(),
    ).toEqual(['#(x).json', `${id(1)}.JSON`, 'notes.txt'])
  })

  test('a status of exactly the limit is read', () => {
    writeFileSync(place.file(id(1)), good.padEnd(16_384))
    expect(readStatus(place.directory, id(1))).toMatchObject({ ok: true })
  })
})

test('no file and no directory hold no status', () => {
  expect(readStatus(place.directory, id(1))).toBeUndefined()
  const nowhere = join(place.directory, 'nowhere')
  expect(readStatus(nowhere, id(1))).toBeUndefined()
  expect(readAllStatuses(nowhere)).toEqual({ statuses: new Map(), problems: [] })
})

test.each([
  [`/run/q/${id(1)}.json`, id(1)],
  [`${id(1)}.json`, id(1)],
  [`/run/q/.${id(1)}.99.tmp`, undefined],
  [`/run/q/${id(1)}`, undefined],
  [`/run/q/${id(1)}.json/`, undefined],
  ['/run/q/../../etc/passwd.json', undefined],
  [`/run/q/${id(1).toUpperCase().replace('4', 'F')}.json`, undefined],
  ['', undefined],
])('the path %j holds the session %s', (path, session) => {
  expect(sessionOfFile(path)).toBe(session)
})

describe('a written status', () => {
  test('is read again, replaces the last one, and leaves nothing else behind', () => {
    writeStatus(place.directory, statusOf(id(1)))
    const next = statusOf(id(1), { state: 'processing', waitingFor: null, detail: '🦊', window: null })
    writeStatus(place.directory, next)
    expect(readStatus(place.directory, id(1))).toEqual({ ok: true, status: next })
    expect(readdirSync(place.directory)).toEqual([`${id(1)}.json`])
    removeStatus(place.directory, id(1))
    removeStatus(place.directory, id(1))
    expect(readStatus(place.directory, id(1))).toBeUndefined()
  })

  test.each([0, 0o022, 0o077])(
    'is for its owner alone under umask %o, in a directory that is too',
    (mask) => {
      const umask = process.umask(mask)
      try {
        const swept = join(place.directory, 'a', 'status')
        writeStatus(swept, statusOf(id(1)))
        expect(modeOf(join(swept, `${id(1)}.json`))).toBe(0o600)
        expect(modeOf(swept)).toBe(0o700)
        expect(modeOf(join(place.directory, 'a'))).toBe(0o700)
      } finally {
        process.umask(umask)
      }
    },
  )

  test('makes its directory again however often it is swept', () => {
    for (let turn = 0; turn < 20; turn += 1) {
      rmSync(place.directory, { recursive: true })
      writeStatus(place.directory, statusOf(id(1), { turn }))
      expect(readStatus(place.directory, id(1))).toMatchObject({ status: { turn } })
    }
  })

  test('replaces a link instead of writing through it', () => {
    const elsewhere = join(place.directory, 'elsewhere')
    writeFileSync(elsewhere, 'mine')
    symlinkSync(elsewhere, place.file(id(1)))
    writeStatus(place.directory, statusOf(id(1)))
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine')
    expect(readStatus(place.directory, id(1))).toMatchObject({ ok: true })
  })

  test('is never seen broken while its writers are killed in the middle of writing, 200 times', async () => {
    let reads = 0
    let kills = 0
    const seen = new Set<number>()
    const look = (): void => {
      const parsed = readStatus(place.directory, id(1))
      if (!parsed) return
      expect(parsed).toMatchObject({ ok: true, status: { session: id(1) } })
      if (parsed.ok) seen.add(parsed.status.pid)
      reads += 1
    }
    const killer = async (): Promise<void> => {
      while (kills < 200) {
        kills += 1
        const writer = place.start('write', place.directory, id(1))
        while (writer.lines.length === 0) {
          look()
          await sleep(1)
          if (writer.process.exitCode !== null) throw new Error(writer.errors())
        }
        for (let turn = kills % 7; turn > 0; turn -= 1) look()
        expect(await writer.kill('SIGKILL')).toBe('SIGKILL')
        look()
      }
    }
    await Promise.all([killer(), killer()])
    expect(reads).toBeGreaterThan(1000)
    expect(seen.size).toBeGreaterThan(100)
    expect(modeOf(place.file(id(1)))).toBe(0o600)
  }, 600_000)
})
