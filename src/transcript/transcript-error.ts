import { UserError } from '../base/errors.ts'

/** A file that is no transcript, with where and why; `line` counts from 1. */
export function transcriptError(file: string, line: number, reason: string): UserError {
  return new UserError(`${file}, line ${line}: ${reason}`, {
    hint: 'it was not loaded; /load reads what /save wrote, Markdown or (FILE.json) JSON',
  })
}
