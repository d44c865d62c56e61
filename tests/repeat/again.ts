// node tests/repeat/again.ts REPORT CODE: after a run of vitest that ended with CODE, runs what failed again, one file after
// the other, each alone and at most twice. Says what passed then, `FLAKED file > test`, and as the last line how many
// passed and failed in the end; ends with 1 when any failed.
import { fileURLToPath } from 'node:url'
import { type Failure, nameOf, type Report, readReport, root, runVitest } from './vitest.ts'

/** Who fails in more files than this has broken something: it is not tried again. */
const most = 10
/** What fails alone as often as this is broken. */
const tries = 2

/** What a run came to after what failed in it was tried again. `say` gets a line for each test that passed then. */
export async function again(first: Report, cwd: string, say: (line: string) => void): Promise<Report> {
  const files = [...new Set(first.failures.map(({ file }) => file))]
  if (files.length > most || files.includes('')) return first
  let passed = first.passed
  let failures: Failure[] = []
  for (const file of files) {
    let left = first.failures.filter((failure) => failure.file === file)
    for (let tried = 0; tried < tries && left.length > 0; tried += 1) {
      const next = await runVitest([file], cwd)
      const stillFailed = new Set(next.failures.map(nameOf))
      const flaked = left.filter((failure) => next.passed > 0 && !stillFailed.has(nameOf(failure)))
      for (const failure of flaked) say(`FLAKED ${nameOf(failure)}`)
      passed += flaked.some(({ test }) => test === '') ? next.passed : flaked.length
      left = next.failures
    }
    failures = [...failures, ...left]
  }
  return { passed, failures }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , file = '', code] = process.argv
  const { passed, failures } = await again(readReport(file, root, Number(code)), root, console.log)
  for (const failure of failures) console.log(`FAILED ${nameOf(failure)}`)
  console.log(`${passed} passed, ${failures.length} failed`)
  process.exitCode = failures.length === 0 ? 0 : 1
}
