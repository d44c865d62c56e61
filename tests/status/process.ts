// What the status tests let other processes do: `process.ts VERB …`. Every line it prints is a fact that holds.
import { flushCompileCache } from 'node:module'
import { writeStatus } from '../../src/status/status-files.ts'
import { openWorkerLink } from '../../src/status/worker-link.ts'
import { thisProcess } from '../support/processes.ts'
import { statusOf } from './harness.ts'

const [verb = '', ...words] = process.argv.slice(2)
const [path = '', session = ''] = words

const verbs: Record<string, () => Promise<void> | void> = {
  /** Writes a status of 8 KB again and again until it is killed. */
  write() {
    process.umask(0)
    for (let turn = 1; ; turn += 1) {
      writeStatus(path, { ...statusOf(session), pid: process.pid, turn, startTime: `${turn}` })
      if (turn === 1) say('writes')
    }
  },
  /** Opens a worker's line and says what happens to it. */
  async line() {
    const line = await openWorkerLink(path, {
      mayEnd() {},
      woken: () => say(`woken ${line.held()}`),
      dropped: () => say(`dropped ${line.held()}`),
    })
    say('open')
    await forever()
  },
  async wait() {
    say(JSON.stringify(thisProcess()))
    await forever()
  },
}

flushCompileCache()
await verbs[verb]?.()

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function forever(): Promise<never> {
  setInterval(() => {}, 1 << 30)
  return new Promise(() => {})
}
