import { isAbsolute, join } from 'node:path'

/**
 * Where Amazon Q CLI and its successor keep their database, the successor's first: it holds the longer copy of a
 * conversation that both have. An XDG variable that is empty or relative counts as not set.
 */
export function defaultDatabases(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string[] {
  const home = absolute(env.HOME)
  const data = [
    absolute(env.XDG_DATA_HOME),
    home && join(home, '.local/share'),
    platform === 'darwin' && home && join(home, 'Library/Application Support'),
  ].filter((directory) => typeof directory === 'string')
  const programs = ['kiro-cli', 'amazon-q']
  const files = programs.flatMap((program) =>
    data.map((directory) => join(directory, program, 'data.sqlite3')),
  )
  return [...new Set(files)]
}

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined
}
