import { isUtf8 } from 'node:buffer'

/** Text out of bytes, whatever way they are cut. What is no UTF-8 is escaped, so that no byte is lost or doubled. */
export interface ByteReader {
  read(bytes: Buffer): string
  /** Whether the beginning of a letter waits for its rest. */
  waits(): boolean
  /** The letter never came whole: gives out its bytes. */
  rest(): string
}

/**
 * Reads UTF-8; a byte that is none becomes one code unit from U+DC80 on, and `plainText` has it back. So do the three
 * bytes behind `ESC [ M`, a report of the mouse, which may look like a letter and must be counted.
 */
export function byteReader(): ByteReader {
  let held: Buffer = Buffer.alloc(0)
  let begun = 0
  let raw = 0
  return {
    read(bytes) {
      const all = held.length === 0 ? bytes : Buffer.concat([held, bytes])
      held = Buffer.alloc(0)
      return raw === 0 && begun === 0 && !all.includes(mouse) && !endsInMouse(all) && isUtf8(all)
        ? all.toString()
        : slowly(all)
    },
    waits: () => held.length > 0,
    rest() {
      const text = [...held].map(escaped).join('')
      held = Buffer.alloc(0)
      return text
    },
  }

  function slowly(bytes: Buffer): string {
    const parts: string[] = []
    let plainFrom = 0
    let at = 0
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0
      if (raw > 0) {
        parts.push(bytes.toString('utf8', plainFrom, at), escaped(byte))
        raw--
        plainFrom = ++at
        continue
      }
      begun = byte === mouse[begun] ? begun + 1 : byte === mouse[0] ? 1 : 0
      if (begun === mouse.length) {
        begun = 0
        raw = 3
      }
      const length = byte < 0x80 ? 1 : letterLength(bytes, at)
      if (length === 'partial') {
        parts.push(bytes.toString('utf8', plainFrom, at))
        held = bytes.subarray(at)
        return parts.join('')
      }
      if (length === 0) {
        parts.push(bytes.toString('utf8', plainFrom, at), escaped(byte))
        plainFrom = ++at
      } else at += length
    }
    parts.push(bytes.toString('utf8', plainFrom))
    return parts.join('')
  }
}

/** What `byteReader` escaped as it would have been read at once: bytes that are no UTF-8 become U+FFFD. */
export function plainText(text: string): string {
  return text.replaceAll(/[\udc80-\udcff]+/gu, (run) =>
    Buffer.from([...run].map((unit) => unit.charCodeAt(0) - 0xdc00)).toString(),
  )
}

const mouse = Buffer.from('\u001b[M')

function endsInMouse(bytes: Buffer): boolean {
  const last = bytes.at(-1)
  return last === mouse[0] || (last === mouse[1] && bytes.at(-2) === mouse[0])
}

function escaped(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)
}

/** Bytes of the letter at `at`; 0: there is none; `partial`: its rest may still come. */
function letterLength(bytes: Buffer, at: number): number | 'partial' {
  const first = bytes[at] ?? 0
  const wanted = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4) return 0
  const there = bytes.subarray(at, at + wanted)
  for (const byte of there.subarray(1)) if ((byte & 0xc0) !== 0x80) return 0
  if (there.length < wanted) return 'partial'
  return isUtf8(there) ? wanted : 0
}
