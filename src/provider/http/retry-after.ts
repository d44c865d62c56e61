export type Headers = Readonly<Record<string, unknown>>

/**
 * How long a service asks to wait, in ms; undefined where it does not say. `Retry-After` in either form goes before what
 * a limit says of its reset. `now` in ms since the epoch.
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const plain = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), text(value)]))
  const ms = number(plain.get('retry-after-ms'))
  if (ms !== undefined) return ms
  const said = plain.get('retry-after') ?? ''
  const seconds = number(said)
  if (seconds !== undefined) return seconds * 1000
  const date = dateIn(said, now)
  if (date !== undefined) return date
  const resets = [...plain].flatMap(([name, value]) => {
    if (!isReset.test(name) || isLeft(plain.get(name.replace('reset', 'remaining')))) return []
    return resetIn(value, now) ?? []
  })
  return resets.length > 0 ? Math.max(...resets) : undefined
}

/** `x-ratelimit-reset`, `x-ratelimit-reset-tokens`, `anthropic-ratelimit-requests-reset` and the like. */
const isReset = /^(?:[a-z]+-)?ratelimit-(?:[a-z-]+-)?reset(?:-[a-z-]+)?$/

/** A limit that is not used up is not the one that was hit. */
function isLeft(remaining: string | undefined): boolean {
  return (number(remaining) ?? 0) > 0
}

/** Seconds from now, a moment in seconds or ms since the epoch, a date, or a span such as `6m0s` and `20ms`. */
function resetIn(value: string, now: number): number | undefined {
  const plain = number(value)
  if (plain !== undefined) {
    if (plain < 1e9) return plain * 1000
    return Math.max(0, (plain < 1e12 ? plain * 1000 : plain) - now)
  }
  const span = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(value)
  if (span && value !== '') {
    const [days, hours, minutes, seconds, ms] = span.slice(1).map((part) => Number(part ?? 0))
    return (
      (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000 + (ms ?? 0)
    )
  }
  return dateIn(value, now)
}

/** Ms from now to a date of HTTP or one of ISO; `Date.parse` alone takes nearly everything for a date. */
function dateIn(value: string, now: number): number | undefined {
  const date = /^(?:[A-Z][a-z]{2,8},? |\d{4}-\d\d-\d\dT)/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

function number(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}(?:\.\d{1,15})?$/.test(value) ? Number(value) : undefined
}

/** The first of several, and of that no more than what could say when. */
function text(value: unknown): string {
  return String(Array.isArray(value) ? value[0] : value)
    .slice(0, 64)
    .trim()
}
