import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a run of vitest came to, as its JSON reporter has it. */
export interface Report {
  passed: number
  failures: Failure[]
}

export interface Failure {
  /** Below the root; empty: the run itself failed, not a test of it. */
  file: string
  /** With the names of its groups; empty: the file could not be run. */
  test: string
  /** What was wrong. */
  why: string
}

export function nameOf({ file, test }: Failure): string {
  return [file || 'the run itself', test].filter(Boolean).join(' > ')
}

/** Runs some test files below a directory, all where none is named, and waits for the end. */
export async function runVitest(
  files: readonly string[],
  cwd = root,
  signal?: AbortSignal,
  env = process.env,
): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), 'q-repeat-'))
  try {
    const out = join(directory, 'report.json')
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const words = [vitest, 'run', '--reporter=json', `--outputFile.json=${out}`, ...files]
    const child = spawn(process.execPath, words, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
    const stop = () => void child.kill('SIGINT')
    signal?.addEventListener('abort', stop, { once: true })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const [code] = await once(child, 'close')
    signal?.removeEventListener('abort', stop)
    return readReport(out, cwd, code, said.trim())
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

interface Json {
  numPassedTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

/**
 * What vitest wrote before it ended with `code`. Where no test failed and it did not end well, or did not come so far as
 * to write it, the run itself failed.
 */
export function readReport(file: string, cwd: string, code: number | null, said = ''): Report {
  const failed = (passed: number, why: string): Report => ({
    passed,
    failures: [{ file: '', test: '', why }],
  })
  let json: Json
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return failed(0, `${said}\nthere is no report of it: ${error}`.trim())
  }
  const failures = json.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const at = relative(cwd, name)
    const failed = assertionResults
      .filter((result) => result.status === 'failed')
      .map(({ fullName, failureMessages }) => ({ file: at, test: fullName, why: failureMessages.join('\n') }))
    return status === 'failed' && failed.length === 0 ? [{ file: at, test: '', why: message }] : failed
  })
  if (failures.length === 0 && code !== 0)
    return failed(json.numPassedTests, said || `vitest ended with ${code}`)
  return { passed: json.numPassedTests, failures }
}
