import { didYouMean } from './did-you-mean.ts'
import { exitCode, UserError } from './errors.ts'
import { type SessionType, shortTypes } from './session.ts'
import { withoutEnd } from './text.ts'

/** Longer than any `name_max_length`; what stands in a status file, a database or a tmux option is held to it too. */
export const nameLimit = 64

const pattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** Whether a text can be a session's name. Only such text ever reaches tmux, which runs commands out of names. */
export function isName(text: string): boolean {
  return text.length <= nameLimit && pattern.test(text)
}

/**
 * The name that a person typed. Upper case, spaces, `_`, `.` and `/` are made fit; anything else is refused, because a
 * cleaned name that its owner does not recognise is worse than a message.
 */
export function parseName(text: string, maxLength: number): string {
  const name = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_./]+/g, '-')
  if (name.length > maxLength) {
    throw new UserError(`a session's name has at most ${maxLength} characters; this one has ${name.length}`, {
      hint: 'choose a shorter one, or raise sessions.name_max_length',
      exit: exitCode.usage,
    })
  }
  if (!isName(name)) {
    throw new UserError(`${JSON.stringify(plain(text))} cannot be a session's name`, {
      hint: 'use letters a-z, digits and single dashes between them, such as s3-debug',
      exit: exitCode.usage,
    })
  }
  return name
}

/** The name of a session that nobody has named: its type and the first free number, `dev-1`. */
export function numberedName(type: SessionType, taken: (name: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const name = `${shortTypes[type]}-${number}`
    if (!taken(name)) return name
  }
}

/** `name`, or with the first free number behind it, held to `maxLength`. */
export function uniqueName(name: string, maxLength: number, taken: (name: string) => boolean): string {
  if (!taken(name)) return name
  for (let number = 2; ; number += 1) {
    const suffix = `-${number}`
    const next = withoutEnd(name.slice(0, maxLength - suffix.length), '-') + suffix
    if (!taken(next)) return next
  }
}

/**
 * The one of `candidates` that a person means: its whole name, else its only match by first letters. Refused with the
 * names in question when several match, and with the nearest one when none does.
 */
export function findByName<T extends { name: string }>(wanted: string, candidates: readonly T[]): T {
  const word = wanted.trim().toLowerCase()
  const exact = candidates.filter((candidate) => candidate.name === word)
  if (exact[0] && exact.length === 1) return exact[0]
  const matches =
    exact.length > 1 || word === ''
      ? exact
      : candidates.filter((candidate) => candidate.name.startsWith(word))
  if (matches[0] && matches.length === 1) return matches[0]
  if (matches.length > 1) {
    throw new UserError(`"${plain(wanted)}" could be ${matches.map((match) => match.name).join(', ')}`, {
      hint: 'type one letter more',
      exit: exitCode.usage,
    })
  }
  throw new UserError(`there is no session "${plain(wanted)}"`, {
    hint:
      didYouMean(
        word,
        candidates.map((candidate) => candidate.name),
      ) ?? 'see the list with /sessions or q mux list',
    exit: exitCode.usage,
  })
}

/** Untrusted text as it may stand in a message: one short line without anything a terminal would act on. */
function plain(text: string): string {
  const line = text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim()
  return line.length > 60 ? `${line.slice(0, 60)}…` : line
}
