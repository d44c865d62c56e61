import type { Pause } from '../../provider/provider.ts'
import { span } from '../../text/plain-text.ts'

/** `overloaded; trying again in 12 s, 3rd time`: the countdown of a request that rests. `now` in ms since the epoch. */
export function countdown({ why, attempt, until }: Pause, now: number): string {
  const left = Math.max(0, Math.ceil((until - now) / 1000)) * 1000
  return `${why}; trying again in ${span(left)}, ${ordinal(attempt)} time`
}

/** The same for who knows the moment already. */
export function pauseDetail({ why, attempt }: Pause): string {
  return `${why}; trying again, ${ordinal(attempt)} time`
}

function ordinal(number: number): string {
  const tens = number % 100
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${ending}`
}
