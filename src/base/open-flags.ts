import { constants } from 'node:fs'

const { O_RDONLY, O_WRONLY, O_RDWR, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants

/**
 * How what may be anything is opened: a FIFO does not hold the program, and a terminal does not become its own. Whoever
 * opens so looks at what it is before reading. `NoLink`: a link fails with ELOOP.
 */
export const openFlags = {
  read: O_RDONLY | O_NONBLOCK | O_NOCTTY,
  readNoLink: O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW,
  /** A FIFO that nobody reads fails with ENXIO. */
  writePipe: O_WRONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW,
  writeNoLink: O_RDWR | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW,
} as const
