import { UserError } from '../domain/errors.ts'
import { sqliteCode } from './sqlite.ts'

/** SQLite's error in words for people; an error that is not SQLite's is returned as it is. */
export function storeError(error: unknown, file: string): unknown {
  const code = sqliteCode(error)
  if (code === undefined) return error
  const [message, hint] = words(code, file)
  return new UserError(message, { hint, cause: error })
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
