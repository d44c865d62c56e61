import { exitCode, UserError } from '../base/errors.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { oneLine, withoutEnd } from '../text/plain-text.ts'
import { type SessionType, shortTypes } from './session.ts'

/** Longer than any `name_max_length`; what stands in a status file, a database or a tmux option is held to it too. */
export const maxNameLength = 64

const pattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** Whether a text can be a session's name. Only such text ever reaches tmux, which runs commands out of names. */
export function isName(text: string): boolean {
  return text.length <= maxNameLength && pattern.test(text)
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
  if (!isName(name) || isSessionId(name)) {
    throw new UserError(`${JSON.stringify(shownName(text))} cannot be a session's name`, {
      hint: 'use letters a-z, digits and single dashes between them, such as s3-debug',
      exit: exitCode.usage,
    })
  }
  return name
}

/** Names as a place has them: those that are given by themselves are ones that nobody there has ever had. */
export interface GivenNames {
  taken(name: string): boolean
  /** The highest number behind `stem` that was given, 12 of `dev-12`; 0 for none. */
  highest(stem: string): number
}

/** The name of a session that nobody has named: its type and the next number, `dev-1`. */
export function numberedName(type: SessionType, given: GivenNames): string {
  const stem = `${shortTypes[type]}-`
  for (let number = given.highest(stem) + 1; ; number += 1) {
    const name = stem + number
    if (!given.taken(name)) return name
  }
}

/** Whether a name is one of those: nothing was found in what was said. */
export function isNumbered(name: string, type: SessionType): boolean {
  const stem = `${shortTypes[type]}-`
  return name.startsWith(stem) && /^\d+$/.test(name.slice(stem.length))
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

interface Called {
  id: string
  name: string
}

/** So much of an id means its session, in characters. */
export const leastOfId = 8

/**
 * Those of `candidates` that a word means, by the first of these ways that finds any: what one is called; what one was
 * called or its whole id, which `known` looks up among all there are; how names begin; how ids begin.
 */
export function meantBy<T extends Called>(
  wanted: string,
  candidates: readonly T[],
  known: (word: string) => T | undefined,
): T[] {
  const word = wanted.trim().toLowerCase()
  if (word === '') return []
  const called = candidates.filter(({ name }) => name === word)
  if (called.length > 0) return called
  const found = known(word)
  if (found) return [found]
  const begun = candidates.filter(({ name }) => name.startsWith(word))
  if (begun.length > 0 || word.length < leastOfId) return begun
  return candidates.filter(({ id }) => id.startsWith(word))
}

/** What is said where a name is given to one session and meant another, now called `before`, until then. */
export function nowMeansAnother(name: string, before: string): string {
  return `${name} is what ${shownName(before)} was called before: it means this session from now on`
}

/** Nobody is meant by `wanted`: says who may be. */
export function unknownName(wanted: string, candidates: readonly Called[]): UserError {
  const names = candidates.map(({ name }) => name)
  return new UserError(`there is no session "${shownName(wanted)}"`, {
    hint: didYouMean(wanted.trim().toLowerCase(), names) ?? 'see the list with /sessions or q mux list',
    exit: exitCode.usage,
  })
}

/** Several are meant by the letters that were typed, and each has a name of its own. */
export function ambiguousName(wanted: string, matches: readonly Called[]): UserError {
  return new UserError(
    `"${shownName(wanted)}" could be ${matches.map(({ name }) => shownName(name)).join(', ')}`,
    {
      hint: 'type one letter more',
      exit: exitCode.usage,
    },
  )
}

const sessionId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A name that reads like an id would stand before the session that has it. */
export function isSessionId(text: string): boolean {
  return sessionId.test(text)
}

/** What was typed for a session's name, or stands for one in a database that others can write to, as part of a message. */
export function shownName(text: string): string {
  return oneLine(text, 60)
}
