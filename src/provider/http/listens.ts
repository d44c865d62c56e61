import { connect } from 'node:net'

/** Which of some addresses accept a connection within `timeoutMs` ms: asked before the HTTP client, 9 MB, is loaded. */
export async function thoseThatListen(addresses: readonly string[], timeoutMs = 300): Promise<string[]> {
  const answers = await Promise.all(addresses.map((address) => listens(new URL(address), timeoutMs)))
  return addresses.filter((_, index) => answers[index])
}

function listens(url: URL, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port })
    const settle = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => settle(false))
    socket.on('connect', () => settle(true))
    socket.on('error', () => settle(false))
  })
}
