/** Deeper than any tool's arguments, and far from what SQLite and a model's service refuse. */
const deepest = 64

/**
 * Foreign JSON as it may be stored and sent: no half surrogates, and what is nested too deeply is said to be left out.
 * A key `__proto__` stays an ordinary key.
 */
export function cleanJson(value: unknown, depth = deepest): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return '(left out: nested too deeply)'
  if (Array.isArray(value)) return value.map((item) => cleanJson(item, depth - 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.toWellFormed(), cleanJson(item, depth - 1)]),
  )
}

export function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.toWellFormed() : undefined
}
