// npm run test:tmux -- PATH… [--only PART]…: runs the tests that start tmux with each of the given tmux programs, or
// directories that hold one. Names each failure, prints a table, and ends with 1 when there was one. `--only` names parts
// of the test files' paths.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import { testFiles } from '../repeat/timed.ts'
import { nameOf, type Report, root, runVitest } from '../repeat/vitest.ts'
import { startsTmux, type TmuxProgram, tmuxAt } from './programs.ts'

const stopper = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopper.abort())

const { programs, files, error } = plan(process.argv.slice(2))
if (error !== undefined) {
  process.stderr.write(`test:tmux: ${error}\nusage: npm run test:tmux -- PATH… [--only PART]…\n`)
  process.exit(2)
}

const reports: [TmuxProgram, Report][] = []
for (const program of programs) {
  const report = await tryWith(program)
  if (stopper.signal.aborted) break
  reports.push([program, report])
  for (const failure of report.failures)
    console.log(`FAILED with ${program.version}: ${nameOf(failure)}\n${failure.why.replaceAll(/^/gm, '  ')}`)
}

console.log(`\n${'tmux'.padEnd(12)}${'passed'.padStart(8)}${'failed'.padStart(8)}`)
for (const [{ version }, { passed, failures }] of reports)
  console.log(`${version.padEnd(12)}${String(passed).padStart(8)}${String(failures.length).padStart(8)}`)
if (stopper.signal.aborted) process.exitCode = 130
else process.exitCode = reports.every(([, { failures }]) => failures.length === 0) ? 0 : 1

/** With a directory first in PATH that holds nothing but this tmux. */
async function tryWith({ path }: TmuxProgram): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), 'q-tmux-'))
  try {
    symlinkSync(path, join(directory, 'tmux'))
    const env = { ...process.env, PATH: `${directory}${delimiter}${process.env.PATH}` }
    execFileSync('tmux', ['-V'], { env })
    return await runVitest(files, root, stopper.signal, env)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

interface Plan {
  programs: TmuxProgram[]
  files: string[]
  error?: string
}

function plan(argv: string[]): Plan {
  const failed = (error: string): Plan => ({ programs: [], files: [], error })
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { only: { type: 'string', multiple: true } },
    })
    if (positionals.length === 0) return failed('name a tmux program, or the directory that it is in')
    const all = testFiles(root).filter((file) => startsTmux(root, file))
    const unknown = values.only?.find((part) => !all.some((file) => file.includes(part)))
    if (unknown !== undefined) return failed(`no test file that starts tmux is called ${unknown}`)
    return {
      programs: positionals.map(tmuxAt),
      files: all.filter((file) => values.only?.some((part) => file.includes(part)) ?? true),
    }
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error))
  }
}
