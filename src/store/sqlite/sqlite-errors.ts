import { errorCode, UserError } from '../../base/errors.ts'
import { Emptied, NotAFile, sqliteCode } from './sqlite.ts'

/** An error of SQLite or of the file system in words for people; any other error is returned as it is. */
export function storeError(error: unknown, file: string): unknown {
  if (error instanceof NotAFile)
    return new UserError(error.message, {
      hint: `the store is kept there; look what it is, and move it away: ls -ld ${file}`,
      cause: error,
    })
  if (error instanceof Emptied)
    return new UserError(error.message, {
      hint: `nothing was touched; put back a copy of ${file}, or move both away to start afresh`,
      cause: error,
    })
  const code = sqliteCode(error) ?? systemCode(errorCode(error))
  if (code === undefined) return error
  const [message, hint] = words(code, file)
  return new UserError(message, { hint, cause: error })
}

/** What the file system said before SQLite could, as SQLite would have said it. */
function systemCode(code: string | undefined): string | undefined {
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'SQLITE_READONLY'
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'SQLITE_FULL'
  if (code === 'EIO') return 'SQLITE_IOERR'
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'EMFILE'
    ? 'SQLITE_CANTOPEN'
    : undefined
}

function words(code: string, file: string): [string, string] {
  if (code.startsWith('SQLITE_FULL'))
    return [
      `the disk is full: nothing more can be saved to ${file}`,
      'free some space and send the line again',
    ]
  if (code.startsWith('SQLITE_READONLY'))
    return [`${file} cannot be written`, `check the permissions: ls -l ${file}`]
  if (code.startsWith('SQLITE_IOERR'))
    return [
      `${file} cannot be read or written (${code})`,
      'check the disk and its free space, then send the line again',
    ]
  if (code.startsWith('SQLITE_CANTOPEN'))
    return [`${file} cannot be opened`, 'check that the directory exists and is yours']
  if (code.startsWith('SQLITE_NOTADB'))
    return [
      `${file} is not a database`,
      `it was left as it is; move it away to start afresh: mv ${file} ${file}.old`,
    ]
  if (code.startsWith('SQLITE_CORRUPT'))
    return [
      `${file} is damaged (${code})`,
      `it was left as it is; save what can be read: sqlite3 ${file} .recover > q.sql`,
    ]
  return [`the store ${file} refused (${code})`, 'q mux doctor says more']
}
