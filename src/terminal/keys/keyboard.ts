import type { ReadStream } from 'node:tty'
import { byteReader, plainText } from './bytes.ts'
import {
  type Decoded,
  type Decoding,
  decode,
  endPaste,
  isPress,
  type Key,
  nothingRead,
  settle,
  settleMs,
} from './key.ts'

export interface Keyboard {
  /** Raw mode on, and keys come. */
  take(): void
  /** Raw mode off, and whatever is typed is somebody else's. */
  release(): void
  /** Resolves when what was typed before now has been handed out: a turn of the event loop brought nothing more. */
  drained(): Promise<void>
}

export interface KeyboardEvents {
  keys(keys: readonly Key[]): void
  hangup(): void
}

const interruptKey = '\u0003'
/** A paste is over when nothing came for so long after its end. */
const quietAfterPaste = 100
/** Ctrl-C alone ends a paste that stands still for so long. */
const stuckAfter = 1000

/**
 * Reads keys from a terminal.
 *
 * A bracketed paste may hold its own end marker, and nothing tells that one from the true one. So whatever follows the
 * end of a paste, until the terminal has been quiet for 100 ms, is taken for more of the paste: text stays text, Enter
 * is a new line, other keys do nothing. Only Ctrl-C, when it is all that is read, works at once.
 *
 * A read with an Enter and text behind it is the paste of a terminal that does not mark pastes, and so is text that
 * follows it within 100 ms. It is sent by an Enter that comes without text.
 */
export function openKeyboard(stdin: ReadStream, events: KeyboardEvents): Keyboard {
  let state: Decoding = nothingRead
  let settling: NodeJS.Timeout | undefined
  let quiet: NodeJS.Timeout | undefined
  let bytes = byteReader()
  let guard: 'marked' | 'unmarked' | undefined
  let reads = 0
  let lastRead = 0
  let open = false

  stdin.on('error', events.hangup)

  return {
    take() {
      if (open) return
      open = true
      stdin.on('data', receive)
      stdin.on('end', events.hangup)
      // After a stop the mode is another one than Node remembers.
      stdin.setRawMode(false)
      stdin.setRawMode(true)
      stdin.resume()
    },
    release() {
      if (!open) return
      open = false
      clearTimeout(settling)
      clearTimeout(quiet)
      guard = undefined
      bytes = byteReader()
      state = nothingRead
      stdin.off('data', receive)
      stdin.off('end', events.hangup)
      stdin.setRawMode(false)
      stdin.pause()
    },
    async drained() {
      for (let before = -1; before !== reads; ) {
        before = reads
        await turn()
        await turn()
      }
    },
  }

  function receive(data: Buffer | string): void {
    const chunk = bytes.read(typeof data === 'string' ? Buffer.from(data) : data)
    const pause = performance.now() - lastRead
    lastRead = performance.now()
    reads++
    clearTimeout(settling)
    if (chunk === interruptKey && state.paste !== undefined && pause > stuckAfter)
      return pass(endPaste(state))
    if (chunk === interruptKey) guard = undefined
    pass(decode(state, chunk))
  }

  function pass({ keys, state: next }: Decoded): void {
    state = next
    if (state.paste === undefined && (state.pending !== '' || bytes.waits()))
      settling = setTimeout(nothingMore, settleMs(state))
    const read = keys.map(plain)
    if (guard === 'unmarked' && read.length > 0 && !read.some(isText)) guard = undefined
    let begins = 0
    if (guard === undefined && isUnmarkedPaste(read)) {
      guard = 'unmarked'
      // Keys before its first letter were pressed, not pasted.
      begins = read.findIndex((key) => isText(key) || isPress(key, 'Enter', 'C-j', 'Tab'))
    }
    const safe: Key[] = []
    for (const [index, key] of read.entries()) {
      const isKey = guard === undefined || index < begins || isUnmarkedInterrupt(key)
      const tamed = isKey ? key : moreOfPaste(key, read[index - 1])
      if (tamed) push(safe, tamed)
      if (key.type === 'paste') guard = 'marked'
    }
    if (guard) untilQuiet()
    if (safe.length > 0) events.keys(safe)
  }

  /** Typed ahead with whole lines before it; in a paste that is marked it is text. */
  function isUnmarkedInterrupt(key: Key): boolean {
    return guard === 'unmarked' && isPress(key, 'C-c')
  }

  function nothingMore(): void {
    pass(bytes.waits() ? decode(state, bytes.rest()) : settle(state))
  }

  function untilQuiet(): void {
    clearTimeout(quiet)
    const seen = reads
    quiet = setTimeout(async () => {
      // A busy process finds its timer due and the rest of the paste waiting: the reading comes first.
      await turn()
      await turn()
      if (reads === seen) guard = undefined
    }, quietAfterPaste)
  }
}

/** A paste that came in many small pieces is one. */
function push(keys: Key[], key: Key): void {
  const last = keys.at(-1)
  if (key.type === 'paste' && key.more && last?.type === 'paste')
    keys[keys.length - 1] = { ...last, text: last.text + key.text }
  else keys.push(key)
}

function isUnmarkedPaste(keys: readonly Key[]): boolean {
  const end = keys.findIndex((key) => isPress(key, 'Enter'))
  return end !== -1 && keys.slice(end).some(isText)
}

function isText({ type }: Key): boolean {
  return type === 'text'
}

function moreOfPaste(key: Key, before: Key | undefined): Key | undefined {
  if (key.type !== 'press') return { type: 'paste', text: key.text, more: true }
  if (isPress(key, 'C-j') && before && isPress(before, 'Enter')) return undefined
  if (isPress(key, 'Enter', 'C-j')) return { type: 'paste', text: '\n', more: true }
  if (key.name === 'Tab') return { type: 'paste', text: '\t', more: true }
  return undefined
}

function plain(key: Key): Key {
  return key.type === 'press' ? key : { ...key, text: plainText(key.text) }
}

/** One round of the event loop, in which it reads what is there. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
