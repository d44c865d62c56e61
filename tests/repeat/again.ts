// node tests/repeat/again.ts REPORT CODE: after a run of vitest that ended with CODE, runs what failed once more, one file
// after the other, each alone. Says what passed then, `FLAKED file > test`, and as the last line how many passed and
// failed in the end; ends with 1 when any failed.
import { fileURLToPath } from 'node:url'
import { nameOf, type Report, readReport, root, runVitest } from './vitest.ts'

/** Who fails in more files than this has broken something: it is not tried again. */
const most = 10

/** What a run came to after what failed in it was tried once more. `say` gets a line for each test that passed then. */
export async function again(first: Report, cwd: string, say: (line: string) => void): Promise<Report> {
  const files = [...new Set(first.failures.map(({ file }) => file))]
  if (files.length > most || files.includes('')) return first
  let passed = first.passed
  const failures = []
  for (const file of files) {
    const before = first.failures.filter((failure) => failure.file === file)
    const second = await runVitest([file], cwd)
    const stillFailed = new Set(second.failures.map(nameOf))
    const flaked = before.filter((failure) => second.passed > 0 && !stillFailed.has(nameOf(failure)))
    for (const failure of flaked) say(`FLAKED ${nameOf(failure)}`)
    passed += flaked.some(({ test }) => test === '') ? second.passed : flaked.length
    failures.push(...second.failures)
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
