import { closeSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '../base/errors.ts'
import { isObject, parseJson } from '../base/json.ts'
import { openFlags } from '../base/open-flags.ts'
import { readRegular } from '../base/read-regular.ts'
import type { WatchDirectory } from './agent.ts'
import { maxReportBytes } from './hook-line.ts'

/** What a hook reported (`hook-line.ts`). */
export interface Report {
  event: string
  /** The process that ran the hook. */
  parent: number
  /** When it was written, in ms since the epoch. */
  at: number
  /** What the hook was told; empty where that was cut, or no object. */
  payload: Record<string, unknown>
  /** The name of the report, by which a question is answered. */
  name: string
}

export interface Spool {
  /** Answers the hook that waits behind a report: with nothing, it ends without an answer. False: it waits no longer. */
  answer(name: string, words: string): Promise<boolean>
  close(): Promise<void>
}

/** How long a hook that has just reported gets to wait for its answer, in ms. */
const untilWaits = 1000

/** Hears the reports in a directory in the order in which they were written; each one is taken away as it is read. */
export async function openSpool(
  directory: string,
  watch: WatchDirectory,
  hear: (report: Report) => void,
): Promise<Spool> {
  const watched = await watch(directory, readAll)
  readAll()
  return { answer, close: () => watched.close() }

  function readAll(): void {
    const found = namesIn(directory).flatMap((name) => take(directory, name) ?? [])
    for (const report of found.sort((a, b) => a.at - b.at)) hear(report)
  }

  async function answer(name: string, words: string): Promise<boolean> {
    for (let waited = 0; ; waited += 20) {
      const pipe = openForReader(join(directory, `${name}.answer`))
      if (typeof pipe === 'number') {
        try {
          writeSync(pipe, words)
          return true
        } finally {
          closeSync(pipe)
        }
      }
      if (pipe === 'gone' || waited >= untilWaits) return false
      await sleep(20)
    }
  }
}

/** `early`: nobody reads it yet. */
function openForReader(path: string): number | 'early' | 'gone' {
  try {
    return openSync(path, openFlags.writePipe)
  } catch (error) {
    if (errorCode(error) === 'ENXIO') return 'early'
    if (errorCode(error) === 'ENOENT') return 'gone'
    throw error
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => reportName.test(name))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

const reportName = /^(\d{1,10})\.\d{1,10}\.(\w{1,40})(\.gone)?$/

/** Anything may lie there: what is no report is left alone. */
function take(directory: string, name: string): Report | undefined {
  const [, parent, event = '', gone = ''] = reportName.exec(name) ?? []
  const path = join(directory, name)
  const found = readRegular(path, maxReportBytes)
  if (!found) return undefined
  rmSync(path, { force: true })
  const payload = parseJson(found.text)
  return {
    event: event + gone,
    parent: Number(parent),
    at: found.mtimeMs,
    payload: isObject(payload) ? payload : {},
    name: name.slice(0, name.length - gone.length),
  }
}
