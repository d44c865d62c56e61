import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'

/** Ways in which a file may be broken, by name; each puts one in the place of `file`. */
export const breakages: Record<string, (file: string) => void> = {
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
    rmSync(file, { force: true, recursive: true })
    execFileSync('mkfifo', [file], { stdio: 'ignore' })
  },
  'a directory': (file) => {
    rmSync(file, { force: true, recursive: true })
    mkdirSync(file)
    writeFileSync(`${file}/inside`, '')
  },
  'a link': (file) => {
    rmSync(file, { force: true, recursive: true })
    symlinkSync('/dev/zero', file)
  },
  'a link to nothing': (file) => {
    rmSync(file, { force: true, recursive: true })
    symlinkSync('/nowhere', file)
  },
  unreadable: (file) => {
    put(file, '{}')
    chmodSync(file, 0)
  },
}

function put(file: string, content: string | Buffer): void {
  rmSync(file, { force: true, recursive: true })
  writeFileSync(file, content, { mode: 0o600 })
}
