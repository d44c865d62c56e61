import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process of the test's own that says what it did, one line a fact. */
export interface Child {
  process: ChildProcess
  pid: number
  /** The lines so far. */
  lines: string[]
  /** Its standard error so far. */
  errors(): string
  /** Resolves with its exit code, or the signal that ended it. */
  ended: Promise<number | string>
  kill(signal?: NodeJS.Signals): Promise<number | string>
}

const children = new Set<Child>()

/** A process that is killed keeps nothing in it unless it calls `flushCompileCache` once. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/q-tests', import.meta.url))

/** Runs a TypeScript file in a Node process. It is ended by `endChildren`. */
export function startChild(file: URL, words: string[], env: NodeJS.ProcessEnv = {}): Child {
  return startProgram(process.execPath, [fileURLToPath(file), ...words], env)
}

/** Runs any program; it is ended by `endChildren`. */
export function startProgram(program: string, words: string[], env: NodeJS.ProcessEnv = {}): Child {
  const process_ = spawn(program, words, {
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  process_.stdin.on('error', () => {})
  const lines: string[] = []
  let rest = ''
  process_.stdout.setEncoding('utf8').on('data', (text: string) => {
    const pieces = (rest + text).split('\n')
    rest = pieces.pop() ?? ''
    lines.push(...pieces)
  })
  let errors = ''
  process_.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = once(process_, 'close').then(([code, signal]) => code ?? signal)
  const child: Child = {
    process: process_,
    pid: process_.pid ?? 0,
    lines,
    errors: () => errors,
    ended,
    kill(signal = 'SIGKILL') {
      process_.kill(signal)
      return ended
    },
  }
  children.add(child)
  void ended.then(() => children.delete(child))
  return child
}

/** Ends every process that is still there: for afterEach. */
export async function endChildren(): Promise<void> {
  await Promise.all([...children].map((child) => child.kill()))
}
