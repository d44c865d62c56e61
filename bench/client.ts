import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../tests/support/lab.ts'

/** A tmux client on a terminal of its own, whose output is watched byte by byte as it arrives. */
export interface Client {
  /** Sends bytes as a keyboard does. */
  type(bytes: string): void
  /** The time (`performance.now()`) at which the output from now on first matches. Throws when `patience` ms are over. */
  next(pattern: string | RegExp, patience?: number): Promise<number>
  /** Resolves when nothing was drawn for `ms`. */
  quiet(ms: number): Promise<void>
  /** Detaches, and resolves when the client is gone. */
  close(): Promise<void>
}

/** util-linux's `script` gives the client its terminal, and passes on what is drawn without a delay of its own. */
export async function openClient(
  lab: Lab,
  session: string,
  { columns, rows } = { columns: 120, rows: 40 },
): Promise<Client> {
  const attach = `stty cols ${columns} rows ${rows}; exec tmux -u -L ${lab.socket} attach-session -t =${session}`
  const script = lab.start('script', ['-qfc', attach, '/dev/null'])
  let wanted: { matches(text: string): boolean; found(at: number): void } | undefined
  let output = ''
  let last = performance.now()
  script.stdout?.setEncoding('utf8').on('data', (text: string) => {
    last = performance.now()
    if (!wanted) return
    output += text
    if (!wanted.matches(output)) return
    wanted.found(last)
    wanted = undefined
  })
  script.stdin?.on('error', () => {})

  const client: Client = {
    type: (bytes) => void script.stdin?.write(bytes),
    next(pattern, patience = 15_000) {
      output = ''
      const seen = new Promise<number>((resolve, reject) => {
        const timer = setTimeout(() => {
          if (wanted === mine) wanted = undefined
          reject(new Error(`${pattern} was not drawn within ${patience} ms; drawn: ${output.slice(-500)}`))
        }, patience)
        const mine = {
          matches: (text: string) =>
            typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text),
          found(at: number) {
            clearTimeout(timer)
            resolve(at)
          },
        }
        wanted = mine
      })
      // Whoever waits for it hears of a failure; when what was to cause it failed first, nobody waits.
      seen.catch(() => {})
      return seen
    },
    async quiet(ms) {
      for (;;) {
        const left = last + ms - performance.now()
        if (left <= 0) return
        await sleep(left)
      }
    },
    async close() {
      if (script.exitCode !== null || script.signalCode !== null) return
      const ended = new Promise((resolve) => script.once('exit', resolve))
      script.kill()
      await ended
    },
  }
  await client.next(/\S/)
  await client.quiet(300)
  return client
}

/** A worker's prompt as tmux draws it, with whatever styles between its parts; `name` is a session's. */
export function promptOf(name: string): RegExp {
  return new RegExp(`\\[${name}\\](?:\\u001b\\([A-Z0-9]|\\u001b\\[[0-9;]*m|\\u000f)* q>`)
}
