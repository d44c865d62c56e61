import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { UserError } from '../../src/base/errors.ts'

/** A directory of the running test's own, gone when it ends. */
export function temporaryDirectory(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'q-config-')))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Runs the rest of the test under another umask. */
export function underUmask(mask: number): void {
  const before = process.umask(mask)
  onTestFinished(() => {
    process.umask(before)
  })
}

/** Permission bits in octal: `0700`. */
export async function modeOf(path: string): Promise<string> {
  return `0${((await stat(path)).mode & 0o7777).toString(8)}`
}

/** The UserError that `action` fails with. */
export async function userErrorOf(action: () => unknown): Promise<UserError> {
  try {
    await action()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('Expected a UserError, got none')
}

/** A config file of its own, with this text. */
export function configFile(text: string): string {
  const file = join(temporaryDirectory(), 'config.toml')
  writeFileSync(file, text)
  return file
}
