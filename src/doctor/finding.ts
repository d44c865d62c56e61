import { describeError, UserError } from '../base/errors.ts'

/** One line of `q mux doctor`. */
export interface Finding {
  /** `note`: works, but worth knowing. */
  level: 'ok' | 'note' | 'bad'
  about: string
  detail: string
  /** What to do. */
  advice?: string | undefined
}

export function ok(about: string, detail: string): Finding {
  return { level: 'ok', about, detail }
}

export function note(about: string, detail: string, advice?: string): Finding {
  return { level: 'note', about, detail, advice }
}

export function bad(about: string, detail: string, advice?: string): Finding {
  return { level: 'bad', about, detail, advice }
}

/** What a check met instead of an answer. */
export function problem(about: string, error: unknown): Finding {
  return error instanceof UserError ? bad(about, error.message, error.hint) : bad(about, describeError(error))
}
