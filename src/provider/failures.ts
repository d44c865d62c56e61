import type { Failure } from './provider.ts'

/** The user stopped it. */
export const abortedFailure: Failure = { type: 'failure', kind: 'aborted', message: 'Stopped.' }

/** The stream ended without a `messageStop`: over HTTP/2 that is all one sees of a connection that broke. */
export function cutFailure(begun: boolean): Failure {
  const message = begun
    ? 'The answer broke off: the connection ended before it was complete.'
    : 'The connection ended before an answer began.'
  return { type: 'failure', kind: 'cut', message, hint: 'Ask again.', again: { why: 'not reached' } }
}
