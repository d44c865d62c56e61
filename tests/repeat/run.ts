// npm run test:repeat [-- [--times N] [FILE…]]: the whole suite 5 times, then 20 times every file that touches time,
// terminals or processes, beside busy children of its own. Names each failure, and ends with 1 when there was one.
// With files, or parts of their paths, only those.
import { type ChildProcess, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isTimed, testFiles } from './timed.ts'
import { nameOf, root, runVitest } from './vitest.ts'

const stopper = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopper.abort())

const { rounds, error } = plan(process.argv.slice(2))
if (error !== undefined) {
  process.stderr.write(`test:repeat: ${error}\nusage: npm run test:repeat -- [--times N] [FILE…]\n`)
  process.exit(2)
}

const busy = Array.from({ length: availableParallelism() }, keepBusy)
const failed = new Map<string, number>()
let passed = 0
try {
  for (const [at, { name, files }] of rounds.entries()) {
    if (stopper.signal.aborted) break
    const start = performance.now()
    const report = await runVitest(files, root, stopper.signal)
    if (stopper.signal.aborted) break
    passed += report.passed
    const seconds = Math.round((performance.now() - start) / 1000)
    console.log(
      `${at + 1} of ${rounds.length}, ${name}: ${report.passed} passed, ${report.failures.length} failed, ${seconds} s`,
    )
    for (const failure of report.failures) {
      const called = nameOf(failure)
      failed.set(called, (failed.get(called) ?? 0) + 1)
      console.log(`FAILED ${called}\n${failure.why.replaceAll(/^/gm, '  ')}`)
    }
  }
} finally {
  for (const child of busy) child.kill('SIGKILL')
}

console.log(`\n${passed} passed, ${[...failed.values()].reduce((sum, times) => sum + times, 0)} failed`)
for (const [name, times] of [...failed].sort(([, a], [, b]) => b - a))
  console.log(`${String(times).padStart(4)} × ${name}`)
if (stopper.signal.aborted) process.exitCode = 130
else process.exitCode = failed.size === 0 ? 0 : 1

interface Round {
  name: string
  /** Empty: all. */
  files: readonly string[]
}

function plan(argv: string[]): { rounds: Round[]; error?: string } {
  const all = testFiles(root)
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { times: { type: 'string' } },
    })
    const times = values.times === undefined ? undefined : Number(values.times)
    if (times !== undefined && !(Number.isInteger(times) && times > 0))
      return { rounds: [], error: `--times ${values.times} is no number of times` }
    const unknown = positionals.find((part) => !all.some((file) => file.includes(part)))
    if (unknown !== undefined) return { rounds: [], error: `there is no test file ${unknown}` }
    if (positionals.length > 0) {
      const files = all.filter((file) => positionals.some((part) => file.includes(part)))
      return { rounds: repeated({ name: positionals.join(' '), files }, times ?? 20) }
    }
    const timed = all.filter((file) => isTimed(root, file))
    const rounds = [
      ...repeated({ name: 'the whole suite', files: [] }, times ?? 5),
      ...repeated(
        { name: `${timed.length} files that touch time, terminals or processes`, files: timed },
        times ?? 20,
      ),
    ]
    return { rounds }
  } catch (error) {
    return { rounds: [], error: error instanceof Error ? error.message : String(error) }
  }
}

function repeated(round: Round, times: number): Round[] {
  return Array.from({ length: times }, () => round)
}

/** It ends when it is killed, or when this process is gone. */
function keepBusy(): ChildProcess {
  const script = fileURLToPath(new URL('busy.ts', import.meta.url))
  return spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'inherit'] })
}
