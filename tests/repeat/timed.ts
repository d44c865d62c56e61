import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What no two runs do at the same pace: processes, the network, timers, and those who ask for the time. */
const touchesTime =
  /from 'node:(?:child_process|cluster|worker_threads|net|tls|http|http2|https|timers(?:\/promises)?)'|\bset(?:Timeout|Interval|Immediate)\(|\bperformance\.now\(|\bDate\.now\(/

/** The test files below a root, as paths from there. */
export function testFiles(root: string): string[] {
  return readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `tests/${file.replaceAll('\\', '/')}`)
    .sort()
}

/** Whether a test file, or what it imports from the tests' own modules, touches time, terminals or processes. */
export function isTimed(root: string, file: string): boolean {
  return reaches(root, file, (_, text) => touchesTime.test(text))
}

/** Whether a file, or one of the tests' own modules that it imports, is one that is looked for. */
export function reaches(
  root: string,
  file: string,
  isWanted: (path: string, text: string) => boolean,
): boolean {
  const seen = new Set<string>()
  return look(join(root, file))

  function look(path: string): boolean {
    if (seen.has(path) || !existsSync(path)) return false
    seen.add(path)
    const text = readFileSync(path, 'utf8')
    if (isWanted(path, text)) return true
    return [...text.matchAll(/from '(\.[^']+)'/g)]
      .map(([, module = '']) => join(dirname(path), module))
      .some((module) => module.startsWith(join(root, 'tests')) && look(module))
  }
}
