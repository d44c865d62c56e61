import { describeError, UserError } from '../../base/errors.ts'
import { sqliteCode } from '../sqlite/sqlite.ts'

/** What went wrong with somebody else's database, in words for people; an error that is not SQLite's stays as it is. */
export function foreignError(error: unknown, file: string): unknown {
  const code = sqliteCode(error)
  if (code === undefined) return error
  const [message, hint] = words(code, file)
  return new UserError(message, { hint: `${hint}. It was left as it is`, cause: error })
}

export function notAmazonQ(file: string, why: string): UserError {
  return new UserError(`${file} is not a database of Amazon Q CLI: ${why}`, {
    hint: 'it is called data.sqlite3; without a FILE, q mux import looks where Amazon Q CLI and kiro-cli keep it',
  })
}

export function unreadable(file: string, error: unknown): UserError {
  return new UserError(`${file} cannot be read: ${describeError(error)}`, {
    hint: 'check the path and its permissions',
    cause: error,
  })
}

export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error) ?? '')
}

function words(code: string, file: string): [string, string] {
  if (isBusyCode(code))
    return [
      `${file} is locked by another program`,
      'wait until Amazon Q CLI (or kiro-cli) is done, or close it, and import again',
    ]
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB'))
    return [
      `${file} is damaged (${code})`,
      'save what can be read with sqlite3 FILE .recover | sqlite3 NEW, then q mux import NEW',
    ]
  return [`${file} cannot be read (${code})`, 'check its permissions and the disk, and import again']
}

function isBusyCode(code: string): boolean {
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')
}
