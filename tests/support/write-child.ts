// One fs_write in a process of its own: `write-child.ts CWD INPUT [COPIES [KILLED_AT]]`. Prints the result. KILLED_AT:
// it dies by SIGKILL instead of its n-th write into the file itself.

import type { Copies } from '../../src/tools/files/kept-copies.ts'
import { realOperations } from '../../src/tools/files/operations.ts'
import { fsWrite } from '../../src/tools/fs-write.ts'

const [cwd = '', input = '', directory, killedAt] = process.argv.slice(2)

const open: typeof realOperations.fs.open = async (path, ...more) => {
  const file = await realOperations.fs.open(path, ...more)
  if (killedAt === undefined || more[0] === 'wx') return file
  const write = file.write.bind(file) as (...all: unknown[]) => Promise<unknown>
  let number = 0
  Object.assign(file, {
    write(...all: unknown[]) {
      if (++number === Number(killedAt)) process.kill(process.pid, 'SIGKILL')
      return write(...all)
    },
  })
  return file
}
const copies: Copies | undefined =
  directory === undefined || directory === ''
    ? undefined
    : { directory, owner: 'child', mend: async () => [] }
const tool = fsWrite({ ...realOperations, fs: { ...realOperations.fs, open } }, copies)
const prepared = await tool.prepare(JSON.parse(input), { cwd })
const context = { signal: new AbortController().signal, onOutput() {}, env: {} }
const result = prepared.type === 'ready' ? await prepared.run(context) : prepared
process.stdout.write(JSON.stringify(result))
