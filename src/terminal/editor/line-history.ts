import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { errorCode } from '../../base/errors.ts'
import { parseJson } from '../../base/json.ts'
import { looksSecret } from './secret-lines.ts'

/** A line as it was typed, or with how many of its characters were typed before the first that was pasted. */
export type HistoryEntry = string | { text: string; typed: number }

/** What was typed before, oldest first, shared by all workers. */
export interface LineHistory {
  /** @throws the system's error when there is a history and it cannot be read */
  entries(): readonly HistoryEntry[]
  /** @throws the system's error when it cannot be kept */
  add(entry: HistoryEntry): void
}

/** Where lines are kept, for all workers. */
export interface HistoryFile {
  path: string
  /** ms since the epoch, as the file system has it too. */
  now(): number
}

export function textOfEntry(entry: HistoryEntry): string {
  return typeof entry === 'string' ? entry : entry.text
}

const maxEntries = 2000
/** A longer line is a document; it is in the conversation, and is not kept here too. */
const maxEntryLength = 64 * 1024
const maxBytes = 4 * 1024 * 1024

/**
 * A history in a file of one JSON string a line, 0600; a line with something pasted in it is `["text",typed]`. Everybody appends whole lines; the last 2,000 count, and whoever
 * reads a file that has grown to twice as many leaves the last 2,000 of it. Without a file, of this process only.
 */
export function openHistory(place: HistoryFile | undefined): LineHistory {
  const own: HistoryEntry[] = []
  let known: { stamp: string; entries: HistoryEntry[] } | undefined

  return {
    entries() {
      if (!place) return own
      const file = place.path
      const stats = statSync(file, { throwIfNoEntry: false })
      if (!stats) return []
      const stamp = `${stats.ino} ${stats.size} ${stats.mtimeMs}`
      if (known?.stamp !== stamp) {
        const entries = readEntries(file)
        known = { stamp, entries: entries.slice(-maxEntries) }
        if (entries.length > 2 * maxEntries || stats.size > 2 * maxBytes) shorten(place)
      }
      return known.entries
    },
    add(entry) {
      if (!isKept(textOfEntry(entry))) return
      if (place) append(place.path, lineOf(entry))
      else {
        own.push(entry)
        if (own.length > maxEntries) own.shift()
      }
    },
  }
}

/** As in a shell, a space in front keeps a line out. */
function isKept(text: string): boolean {
  return text.trim() !== '' && !text.startsWith(' ') && text.length <= maxEntryLength && !looksSecret(text)
}

function append(file: string, line: string): void {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants
  for (let tries = 0; tries < 3; tries++) {
    const handle = openSync(file, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600)
    try {
      const { mode, ino } = fstatSync(handle)
      if ((mode & 0o777) !== 0o600) fchmodSync(handle, 0o600)
      writeSync(handle, line)
      // Somebody shortened the file between opening and writing: the line is in the old one.
      if (statSync(file, { throwIfNoEntry: false })?.ino === ino) return
    } finally {
      closeSync(handle)
    }
  }
}

function lineOf(entry: HistoryEntry): string {
  return `${JSON.stringify(typeof entry === 'string' ? entry : [entry.text, entry.typed])}\n`
}

function readEntries(file: string): HistoryEntry[] {
  const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    return parse(readFrom(handle, Math.max(0, fstatSync(handle).size - maxBytes)).toString())
  } finally {
    closeSync(handle)
  }
}

function readFrom(handle: number, start: number): Buffer {
  const parts: Buffer[] = []
  for (let at = start; ; ) {
    const part = Buffer.alloc(256 * 1024)
    const length = readSync(handle, part, 0, part.length, at)
    if (length === 0) return Buffer.concat(parts)
    parts.push(part.subarray(0, length))
    at += length
  }
}

/** A line that is none of ours, as one that was cut in two, is nobody's and is left out. */
function parse(text: string): HistoryEntry[] {
  return text.split('\n').flatMap((line): HistoryEntry[] => {
    if (!/^["[]/.test(line)) return []
    const entry = parseJson(line)
    if (typeof entry === 'string') return [entry]
    if (!Array.isArray(entry)) return []
    const [words, typed] = entry
    return typeof words === 'string' && typeof typed === 'number' ? [{ text: words, typed }] : []
  })
}

/**
 * One process at a time: the temporary file is the lock. Lines that others append to the old file meanwhile come after
 * it; a line twice is better than none.
 */
function shorten({ path: file, now }: HistoryFile): void {
  const temporary = `${file}.tmp`
  const lock = openLock(temporary, now)
  if (lock === undefined) return
  const old = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const whole = readFrom(old, 0)
    const last = parse(whole.toString()).slice(-maxEntries)
    writeSync(lock, last.map(lineOf).join(''))
    renameSync(temporary, file)
    const late = readFrom(old, whole.length)
    if (late.length > 0) append(file, late.toString())
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  } finally {
    closeSync(old)
    closeSync(lock)
  }
}

function openLock(path: string, now: () => number): number | undefined {
  const { O_CREAT, O_EXCL, O_WRONLY } = constants
  try {
    return openSync(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    const left = statSync(path, { throwIfNoEntry: false })
    // Left behind by a process that was killed: the next one shortens.
    if (left && now() - left.mtimeMs > 60_000) rmSync(path, { force: true })
    return undefined
  }
}
