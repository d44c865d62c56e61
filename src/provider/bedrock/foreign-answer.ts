import { isObject, parseJson } from '../../base/json.ts'
import type { Headers } from '../http/retry-after.ts'
import { saidIn } from '../http/said-in.ts'

/** Something that is not the AWS service answered in its place: a proxy, a gateway, a web server. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer'
  readonly status: number
  /** What kind of error it calls it. */
  readonly code: string
  readonly headers: Headers

  constructor(status: number, headers: Headers, body: string) {
    const { words, code } = saidIn(body)
    super(words)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** Whether an error response has AWS's own shape, so that its SDK knows what to make of it. */
export function isAwsError(headers: Headers, body: string): boolean {
  const named = Object.keys(headers).some((name) => /^x-amzn-?errortype$/i.test(name) && headers[name] !== '')
  if (named) return true
  const json = parseJson(body)
  return isObject(json) && (typeof json.__type === 'string' || typeof json.code === 'string')
}
