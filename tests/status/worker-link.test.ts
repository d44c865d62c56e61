import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type HeldLink,
  holdWorkerLink,
  openWorkerLink,
  requireRoomForLinks,
  type WorkerLink,
  wakeWorker,
  workerLinkPath,
} from '../../src/status/worker-link.ts'
import type { Child } from '../support/child.ts'
import { until } from '../support/until.ts'
import { id, openPlace, type Place } from './harness.ts'

let place: Place
let path: string
let closing: (WorkerLink | HeldLink)[]
let pokes: number
let drops: number

beforeEach(() => {
  place = openPlace()
  path = workerLinkPath(place.directory, id(1))
  closing = []
  pokes = 0
  drops = 0
})
afterEach(async () => {
  for (const line of closing) line.close()
  await place.dispose()
})

async function open(): Promise<WorkerLink> {
  const line = await openWorkerLink(path, {
    mayEnd() {},
    woken: () => {
      pokes += 1
    },
    dropped: () => {
      drops += 1
    },
  })
  closing.push(line)
  return line
}

/** Holds the line and collects why it ended. */
function hold(): { line: HeldLink; ends: string[] } {
  const ends: string[] = []
  const line = holdWorkerLink(path, (reason) => ends.push(reason))
  closing.push(line)
  return { line, ends }
}

async function worker(): Promise<Child> {
  const child = place.start('line', path)
  await until(() => child.lines.includes('open'))
  return child
}

test('a line is held from when somebody holds it until the last one lets go', async () => {
  const line = await open()
  expect(line.held()).toBe(false)
  const [first, second] = [hold(), hold()]
  await until(() => line.held())
  first.line.close()
  await until(() => drops === 1)
  expect(line.held()).toBe(true)
  second.line.close()
  await until(() => drops === 2)
  expect(line.held()).toBe(false)
  expect([...first.ends, ...second.ends]).toEqual([])
})

test('a wake-up is answered, asks once, and holds nothing', async () => {
  const line = await open()
  expect(await wakeWorker(path)).toBe(true)
  expect(pokes).toBe(1)
  expect(line.held()).toBe(false)
  expect(await wakeWorker(path)).toBe(true)
  expect(pokes).toBe(2)
  expect(drops).toBe(0)
})

test('a wake-up where nobody listens is told apart: no socket, a stale one, a file', async () => {
  expect(await wakeWorker(path)).toBe(false)
  await (await worker()).kill('SIGKILL')
  expect(statSync(path).isSocket()).toBe(true)
  expect(await wakeWorker(path)).toBe(false)
  writeFileSync(join(place.directory, 'file'), '')
  expect(await wakeWorker(join(place.directory, 'file'))).toBe(false)
})

test('a wake-up to a frozen worker ends, unanswered', async () => {
  const child = await worker()
  child.process.kill('SIGSTOP')
  expect(await wakeWorker(path, 50)).toBe(false)
  child.process.kill('SIGCONT')
  await until(() => child.lines.includes('woken false'))
})

test('a holder asks over the line it holds, also in the moment in which it takes it', async () => {
  const line = await open()
  const { line: held } = hold()
  held.wake()
  await until(() => pokes > 0)
  await until(() => line.held())
  pokes = 0
  held.wake()
  await until(() => pokes === 1)
})

test('hold and question that arrive in one piece are both heard', async () => {
  const line = await open()
  const socket = connect(path, () => socket.write('h?'))
  await until(() => line.held())
  expect(pokes).toBe(1)
  socket.destroy()
  await until(() => drops === 1)
})

test('a holder learns from the kernel that the worker was killed, and is told once', async () => {
  const child = await worker()
  const { ends } = hold()
  const another = hold()
  await until(async () => {
    await wakeWorker(path)
    return child.lines.includes('woken true')
  })
  await child.kill('SIGKILL')
  await until(() => ends.length > 0 && another.ends.length > 0)
  another.line.close()
  expect(ends).toHaveLength(1)
  expect(another.ends).toHaveLength(1)
})

test('a frozen worker has not ended: its line is still held', async () => {
  const child = await worker()
  const { ends } = hold()
  await until(async () => {
    await wakeWorker(path)
    return child.lines.includes('woken true')
  })
  child.process.kill('SIGSTOP')
  expect(await wakeWorker(path, 100)).toBe(false)
  expect(ends).toEqual([])
  await child.kill('SIGKILL')
  await until(() => ends.length === 1)
})

test('holding where no worker is ends at once with the reason', async () => {
  const { ends } = hold()
  await until(() => ends.length > 0)
  expect(ends).toEqual(['ENOENT'])
})

test('a worker learns that its holder was closed by the end of the holding process', async () => {
  const child = await worker()
  const { line } = hold()
  await until(async () => {
    await wakeWorker(path)
    return child.lines.includes('woken true')
  })
  line.close()
  await until(() => child.lines.includes('dropped false'))
})

test('a worker that closes its line ends it for its holders, and is not told of drops it made itself', async () => {
  const line = await open()
  const { ends } = hold()
  await until(() => line.held())
  line.close()
  await until(() => ends.length === 1)
  expect(line.held()).toBe(false)
  expect(drops).toBe(0)
  expect(await wakeWorker(path)).toBe(false)
})

test('a stale socket and a plain file are replaced by the next line', async () => {
  await (await worker()).kill('SIGKILL')
  const line = await open()
  expect(await wakeWorker(path)).toBe(true)
  line.close()
  writeFileSync(path, 'not a socket')
  await open()
  expect(await wakeWorker(path)).toBe(true)
})

test('the socket is for its owner alone whatever the umask', async () => {
  const umask = process.umask(0)
  try {
    await open()
  } finally {
    process.umask(umask)
  }
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a line in a directory that does not exist is refused with an error', async () => {
  path = join(place.directory, 'nowhere', 'line')
  await expect(open()).rejects.toThrow(/ENOENT|EACCES/)
})

test('the socket of each session has a short path of its own', () => {
  const paths = [1, 2, 3].map((number) => workerLinkPath('/run/user/1000/q-mux/q/workers', id(number)))
  expect(new Set(paths).size).toBe(3)
  expect(paths[0]).toBe('/run/user/1000/q-mux/q/workers/000000010000')
})

test('a directory that is swept away while the link opens ends nothing: renewed, it is there', async () => {
  path = join(place.directory, 'swept', 'w')
  mkdirSync(dirname(path))
  const opening = open()
  rmSync(dirname(path), { recursive: true, force: true })
  const line = await opening
  expect(await wakeWorker(path)).toBe(false)
  await line.renew()
  expect(await wakeWorker(path)).toBe(true)
})

test('a line whose socket was swept away is there again, and whoever held it holds on', async () => {
  const heard: string[] = []
  const line = await openWorkerLink(path, {
    mayEnd() {},
    woken: () => heard.push('woken'),
    dropped: () => heard.push('dropped'),
  })
  closing.push(line)
  const held = holdWorkerLink(path, () => heard.push('gone'))
  await until(() => line.held())
  rmSync(path)
  await line.renew()
  expect(await wakeWorker(path)).toBe(true)
  expect(heard).toEqual(['woken'])
  expect(line.held()).toBe(true)
  held.close()
  await until(() => heard.includes('dropped'))
})

test('a path that is too long for a socket is refused in words; it is not cut off, so that another would answer', async () => {
  const directory = join(place.directory, 'd'.repeat(103 - 13 - place.directory.length - 1))
  mkdirSync(directory, { mode: 0o700 })
  expect(() => requireRoomForLinks(directory)).not.toThrow()
  path = workerLinkPath(directory, id(1))
  expect(path).toHaveLength(103)
  await open()
  expect(await wakeWorker(path)).toBe(true)
  const long = `${directory}x`
  mkdirSync(long, { mode: 0o700 })
  expect(() => requireRoomForLinks(long)).toThrow('has 91 bytes, and 90 is the most')
  expect(await wakeWorker(`${path}0`)).toBe(false)
  path = workerLinkPath(long, id(1))
  await expect(open()).rejects.toThrow('too long for the sockets of the workers')
})

test('one that ends between connecting and holding on is missed, one that only asked is not', async () => {
  await open()
  expect(await wakeWorker(path)).toBe(true)
  const silent = connect(path)
  await new Promise((resolve) => silent.once('connect', resolve))
  silent.destroy()
  await until(() => drops === 1)
  expect(await wakeWorker(path)).toBe(true)
  await until(() => pokes === 2)
  expect(drops).toBe(1)
})
