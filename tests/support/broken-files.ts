import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Ways in which a file may be broken, by name; each puts one in the place of `file`, whoever writes there meanwhile. */
export const breakages: Record<string, (file: string) => void> = Object.fromEntries(
  Object.entries(makers()).map(([name, make]) => [name, (file: string) => putInPlace(file, make)]),
)

/** Each makes a broken file where nothing is. */
function makers(): Record<string, (file: string) => void> {
  return {
    empty: (file) => put(file, ''),
    cut: (file) => put(file, '{'),
    garbage: (file) => put(file, Buffer.from([0xff, 0xfe, 0, 1, 2, 0x1b, 0x5b])),
    'NUL bytes': (file) => put(file, Buffer.alloc(64)),
    null: (file) => put(file, 'null'),
    'a list': (file) => put(file, '[]'),
    'wrong types': (file) =>
      put(file, '{"pid":"1","startTime":1,"socket":[],"bindings":{"a":1},"HOME":7,"v":"1"}'),
    'a NUL in a text': (file) =>
      put(
        file,
        JSON.stringify({ pid: 1, startTime: 'a\0', socket: '\0', bindings: [{ key: '\0' }], PATH: '\0' }),
      ),
    'another version': (file) => put(file, '{"v":99,"bindings":7,"pid":-1,"HOME":{}}'),
    'deeply nested': (file) => put(file, '['.repeat(100_000)),
    '1 GB sparse': (file) => {
      put(file, '')
      truncateSync(file, 2 ** 30)
    },
    'a FIFO': (file) => {
      execFileSync('mkfifo', [file], { stdio: 'ignore' })
    },
    'a directory': (file) => {
      mkdirSync(file)
      writeFileSync(`${file}/inside`, '')
    },
    'a link': (file) => {
      symlinkSync('/dev/zero', file)
    },
    'a link to nothing': (file) => {
      symlinkSync('/nowhere', file)
    },
    unreadable: (file) => {
      put(file, '{}')
      chmodSync(file, 0)
    },
  }
}

function putInPlace(file: string, make: (file: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'q-broken-'))
  const made = join(directory, 'made')
  make(made)
  while (!replaced(made, file)) rmSync(file, { force: true, recursive: true })
  rmSync(directory, { recursive: true })
}

/** Not where one of both is a directory. */
function replaced(made: string, file: string): boolean {
  try {
    renameSync(made, file)
    return true
  } catch (error) {
    if (/EISDIR|ENOTDIR|EEXIST|ENOTEMPTY/.test(String(error))) return false
    throw error
  }
}

function put(file: string, content: string | Buffer): void {
  writeFileSync(file, content, { mode: 0o600 })
}
