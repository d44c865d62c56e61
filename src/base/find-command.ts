import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'

/** The file that a command would run, as the system looks for it; undefined if there is none. */
export function findCommand(command: string, cwd: string, path: string | undefined): string | undefined {
  if (command.includes('/')) return isProgram(resolve(cwd, command)) ? resolve(cwd, command) : undefined
  const directories = (path ?? '/usr/bin:/bin').split(delimiter)
  return directories.map((directory) => resolve(cwd, directory, command)).find(isProgram)
}

/** What cannot be looked at cannot be run either. */
function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
