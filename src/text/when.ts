/** The time of a day that is not far: `14:05`, or with its date where it is not today. `now` in ms since the epoch. */
export function clockTime(ms: number, now: number): string {
  const [day, time = ''] = when(ms).split(' ')
  return when(now).startsWith(`${day} `) ? time : when(ms)
}

/** A moment as people write it, in the local time zone: `2026-03-01 14:05`. */
export function when(ms: number): string {
  const date = new Date(ms)
  if (Number.isNaN(date.getTime())) return 'at no known time'
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}
