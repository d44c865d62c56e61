/** Time that passes, whatever the date is set to. */
export interface Clock {
  /** ms since some moment. */
  now(): number
  /** Resolves after so many ms. */
  sleep(ms: number): Promise<void>
}
