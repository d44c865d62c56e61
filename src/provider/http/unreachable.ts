/** No TCP connection came about in time. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** How long a TCP connection may take to come about, in ms. */
export const connectMs = 1800
