import { closeSync, fstatSync, lstatSync, openSync, readFileSync, renameSync, type Stats } from 'node:fs'
import { type Check, Unexpected } from '../../base/checked-json.ts'
import { describeError, errorCode } from '../../base/errors.ts'
import { openFlags } from '../../base/open-flags.ts'
import { replaceFile } from '../../base/replace-file.ts'
import { tell } from '../../text/print.ts'

/** Bytes; nothing that we write is longer. */
const maxBytes = 2_097_152

/**
 * Reads a JSON file that q mux wrote, and checks it field by field; undefined when there is none. Whatever else stands
 * there (empty, cut, of other types, huge, a FIFO, a link, a directory, somebody else's) is set aside and named once,
 * with what is `lost`, and it is as if there were none: whoever writes it makes it anew.
 * Synchronous: a window's prompt waits for it, and a thread for each step takes longer than the step.
 */
export function readOwn<T>(file: string, check: Check<T>, lost: string, say = tell): T | undefined {
  try {
    return check(JSON.parse(readPrivate(file)))
  } catch (error) {
    if (isAbsent(error)) return undefined
    setAside(file, reasonOf(error), lost, say)
    return undefined
  }
}

/** The text of such a file as long as it is one; whoever needs what it says hears what is wrong with it. */
export function peekOwn(file: string): string | undefined {
  try {
    const text = readPrivate(file)
    JSON.parse(text)
    return text
  } catch {
    return undefined
  }
}

/** Replaces a file of ours in one step, as `replaceFile` does; what cannot be replaced is set aside. */
export function writeOwn(file: string, text: string): void {
  clearPlace(file, maxBytes, 'nothing is lost')
  replaceFile(file, text)
}

/** Gives a file that cannot be used another name, `FILE.broken-TIME`, and says so, on stderr unless elsewhere. */
export function setAside(file: string, why: string, lost: string, say = tell): void {
  const aside = freeName(`${file}.broken-${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}`)
  try {
    renameSync(file, aside)
    say(`${file} is broken (${why}): ${lost}. It is set aside as ${aside}, and made again.`)
  } catch (error) {
    // Another process was quicker.
    if (isAbsent(error)) return
    say(`${file} is broken (${why}): ${lost}. It could not be set aside: ${describeError(error)}`)
  }
}

/** What was set aside in the same second stays. */
function freeName(path: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? path : `${path}-${number}`
    if (!lstatSync(name, { throwIfNoEntry: false })) return name
  }
}

/** A text of ours; throws whatever keeps it from being one. */
function readPrivate(file: string): string {
  const descriptor = openSync(file, openFlags.readNoLink)
  try {
    const facts = fstatSync(descriptor)
    requireOwn(facts, maxBytes)
    if (facts.size === 0) throw new Unexpected('it is empty')
    return readFileSync(descriptor, 'utf8')
  } finally {
    closeSync(descriptor)
  }
}

/** For a file that only grows by lines, as a log: one that cannot be it is set aside before it is opened. */
export function clearPlace(file: string, largest: number, lost: string): void {
  const facts = lstatSync(file, { throwIfNoEntry: false })
  if (!facts) return
  try {
    requireOwn(facts, largest)
  } catch (error) {
    setAside(file, reasonOf(error), lost)
  }
}

function requireOwn(facts: Stats, largest: number): void {
  if (facts.isSymbolicLink()) throw new Unexpected('it is a link')
  if (!facts.isFile()) throw new Unexpected('it is not a regular file')
  if (process.getuid && facts.uid !== process.getuid()) throw new Unexpected('it belongs to another user')
  if (facts.size > largest) throw new Unexpected(`it is larger than ${largest} bytes`)
}

function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR'
}

function reasonOf(error: unknown): string {
  if (error instanceof Unexpected) return error.message
  if (error instanceof SyntaxError) return 'it is not JSON'
  if (error instanceof RangeError) return 'it is nested too deeply'
  return errorCode(error) === 'ELOOP' ? 'it is a link' : describeError(error)
}
