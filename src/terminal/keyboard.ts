import type { ReadStream } from 'node:tty'
import {
  type Decoded,
  type Decoding,
  decode,
  endPaste,
  type Key,
  nothingRead,
  patience,
  settle,
} from './keys.ts'

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
 */
export function openKeyboard(stdin: ReadStream, events: KeyboardEvents): Keyboard {
  let state: Decoding = nothingRead
  let settling: NodeJS.Timeout | undefined
  let quiet: NodeJS.Timeout | undefined
  let guarded = false
  let reads = 0
  let lastRead = 0
  let open = false

  stdin.setEncoding('utf8')
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
      guarded = false
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
    const chunk = String(data)
    const pause = performance.now() - lastRead
    lastRead = performance.now()
    reads++
    clearTimeout(settling)
    if (chunk === interruptKey && state.paste !== undefined && pause > stuckAfter)
      return pass(endPaste(state))
    if (chunk === interruptKey && guarded) {
      guarded = false
      return events.keys([{ type: 'press', name: 'C-c' }])
    }
    pass(decode(state, chunk))
  }

  function pass({ keys, state: next }: Decoded): void {
    state = next
    if (state.pending !== '' && state.paste === undefined)
      settling = setTimeout(() => pass(settle(state)), patience(state))
    const safe: Key[] = []
    for (const key of keys) {
      const tamed = guarded ? moreOfPaste(key) : key
      if (tamed) push(safe, tamed)
      if (key.type === 'paste') guarded = true
    }
    if (guarded) untilQuiet()
    if (safe.length > 0) events.keys(safe)
  }

  function untilQuiet(): void {
    clearTimeout(quiet)
    const seen = reads
    quiet = setTimeout(async () => {
      // A busy process finds its timer due and the rest of the paste waiting: the reading comes first.
      await turn()
      await turn()
      if (reads === seen) guarded = false
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

function moreOfPaste(key: Key): Key | undefined {
  if (key.type !== 'press') return { type: 'paste', text: key.text, more: true }
  if (key.name === 'Enter' || key.name === 'C-j') return { type: 'paste', text: '\n', more: true }
  if (key.name === 'Tab') return { type: 'paste', text: '\t', more: true }
  return undefined
}

/** One round of the event loop, in which it reads what is there. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
