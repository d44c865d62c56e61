import { isObject } from './json.ts'

/** Checks a value that somebody else may have written, part by part. @throws Unexpected with where it differs */
export type Check<T> = (value: unknown) => T

/** A value that is not what it has to be: `pid: it is not a whole number`. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected'
}

/** An object that has these fields; others are left out. */
export function fields<T extends object>(checks: { [K in keyof T]: Check<T[K]> }): Check<T> {
  return (value) => {
    const found = object(value)
    const checked = Object.entries<Check<unknown>>(checks).map(([name, check]) => [
      name,
      within(name, () => check(found[name])),
    ])
    return Object.fromEntries(checked)
  }
}

export function list<T>(check: Check<T>): Check<T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Unexpected('it is not a list')
    return value.map((item, place) => within(`[${place}]`, () => check(item)))
  }
}

export function record<T>(check: Check<T>): Check<Record<string, T>> {
  return (value) =>
    Object.fromEntries(
      Object.entries(object(value)).map(([name, item]) => [name, within(name, () => check(item))]),
    )
}

export const text: Check<string> = (value) => {
  if (typeof value !== 'string') throw new Unexpected('it is not a text')
  if (value.includes('\0')) throw new Unexpected('it has a NUL in it')
  return value
}

export const flag: Check<boolean> = (value) => {
  if (typeof value !== 'boolean') throw new Unexpected('it is neither true nor false')
  return value
}

export const processId: Check<number> = (value) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0)
    throw new Unexpected('it is not a process id')
  return value
}

function object(value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw new Unexpected('it is not a JSON object')
  return value
}

function within<T>(name: string, check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error
    throw new Unexpected(`${name.slice(0, 40)}: ${error.message}`)
  }
}
