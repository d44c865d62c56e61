const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/

/** RFC 3339, fractions down to nanoseconds, in ms since the epoch; undefined for anything else. */
export function parseTime(value: unknown): number | undefined {
  const [, day, clock, fraction = '.0', zone] = rfc3339.exec(typeof value === 'string' ? value : '') ?? []
  if (day === undefined) return undefined
  const time = Date.parse(`${day}T${clock}${fraction.slice(0, 4)}${zone?.toUpperCase()}`)
  return Number.isNaN(time) ? undefined : time
}

/** A time that can have been: whole, after 1970 and not in the future, which would stand first in a list for ever. */
export function plausibleTime(time: number | null | undefined, now: number): number | undefined {
  if (time === null || time === undefined || !Number.isFinite(time) || time <= 0) return undefined
  return Math.min(Math.floor(time), now)
}
