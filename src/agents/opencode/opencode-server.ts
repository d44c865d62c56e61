import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../base/errors.ts'
import { eventData } from '../../base/event-data.ts'
import { parseJson } from '../../base/json.ts'

/** The server inside one opencode, as long as it may be there. What it says is untrusted. */
export interface OpencodeServer {
  /** What it has there; undefined: nothing. @throws NotThere */
  get(path: string): Promise<unknown>
  /** @throws NotThere */
  post(path: string, body: unknown): Promise<Answer>
  /**
   * Hears its events until `close`, however late it comes up and however often it goes. `connected` runs before the first
   * event of each connection is heard, and with a new one when it finds it not there.
   * @throws UserError when somebody else listens in its place
   */
  listen(connected: () => Promise<void>, heard: (event: unknown) => void): Promise<void>
  isConnected(): boolean
  close(): void
}

export interface Answer {
  status: number
  body: unknown
}

/** It does not answer, or not with what was asked for: not yet, or no longer. */
export class NotThere extends Error {
  override readonly name = 'NotThere'
}

const maxAnswerMs = 10_000
/** One that just starts may take a request and never answer it: then it is asked again. In ms. */
const maxEventsMs = 2000
/** Pauses between attempts begin and end with these, in ms. */
const minPauseMs = 50
const maxPauseMs = 500
const maxBodyBytes = 8_000_000

export function opencodeServer(port: number, user: string, password: string): OpencodeServer {
  // One of our own: what is for this machine goes through no proxy.
  const agent = new Agent()
  const closed = new AbortController()
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  let connected = false

  return {
    async get(path) {
      const { status, body } = await call('GET', path)
      if (status === 200) return body
      if (status === 404) return undefined
      throw new NotThere(`opencode answered ${status} to GET ${path}`)
    },
    post: (path, body) => call('POST', path, body),
    async listen(onConnect, heard) {
      for (let pause = minPauseMs; !closed.signal.aborted; pause = Math.min(pause * 1.5, maxPauseMs)) {
        try {
          await hear(onConnect, heard)
        } catch (error) {
          if (!(error instanceof NotThere)) throw error
        }
        if (connected) pause = minPauseMs
        connected = false
        await pauseFor(pause)
      }
    },
    isConnected: () => connected,
    close() {
      closed.abort()
      agent.destroy()
    },
  }

  async function hear(onConnect: () => Promise<void>, heard: (event: unknown) => void): Promise<void> {
    const response = await open('GET', '/event', undefined, maxEventsMs)
    const { statusCode: status = 0, headers } = response
    if (status !== 200 || !headers['content-type']?.startsWith('text/event-stream')) {
      response.destroy()
      if (status >= 500) throw new NotThere(`opencode answered ${status}`)
      throw new UserError(
        `what listens on port ${port} is not the opencode that was started (it answered ${status})`,
        {
          hint: 'start the session again: it takes another port',
        },
      )
    }
    for await (const events of eventData(bytesOf(response))) {
      // The first event says no more than that others will follow.
      if (!connected) await onConnect()
      connected = true
      for (const data of events) if (!closed.signal.aborted) heard(parseJson(data))
    }
  }

  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await open(method, path, body)
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of bytesOf(response, AbortSignal.timeout(maxAnswerMs))) {
      size += chunk.length
      if (size > maxBodyBytes) throw new NotThere(`opencode's answer to ${path} has no end`)
      chunks.push(chunk)
    }
    return { status: response.statusCode ?? 0, body: parseJson(Buffer.concat(chunks).toString('utf8')) }
  }

  /** The head of its answer. */
  function open(method: string, path: string, body?: unknown, maxMs = maxAnswerMs): Promise<IncomingMessage> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(new NotThere(error.message, { cause: error }))
      const asked = request(
        {
          ...{ host: '127.0.0.1', port, path, method, agent, signal: closed.signal },
          headers: { authorization, ...(text === undefined ? {} : { 'content-type': 'application/json' }) },
        },
        (response) => {
          clearTimeout(patience)
          // What comes after the answer was left is nobody's.
          response.on('error', fail)
          resolve(response)
        },
      )
      const patience = setTimeout(
        () => asked.destroy(new Error(`opencode did not answer ${path} in time`)),
        maxMs,
      )
      asked.on('error', (error) => {
        clearTimeout(patience)
        fail(error)
      })
      asked.end(text)
    })
  }

  async function pauseFor(ms: number): Promise<void> {
    try {
      await sleep(ms, undefined, { signal: closed.signal })
    } catch (error) {
      if (!closed.signal.aborted) throw error
    }
  }
}

/** @throws NotThere when it breaks off */
async function* bytesOf(response: IncomingMessage, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const stop = (): void => void response.destroy(new Error('opencode did not end its answer in time'))
  signal?.addEventListener('abort', stop)
  try {
    for await (const chunk of response) yield chunk
  } catch (error) {
    throw new NotThere(error instanceof Error ? error.message : String(error), { cause: error })
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
