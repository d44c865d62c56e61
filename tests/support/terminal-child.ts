// A process with nothing but the terminal in it, driven over a socket: node terminal-child.ts SOCKET [HISTORY|-] [jobs]
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { editText, runCommand } from '../../src/terminal/external.ts'
import { terminalOpener } from '../../src/terminal/open-terminal.ts'
import { processHost } from '../../src/terminal/process-host.ts'

const [path = '', history = '-', jobs = ''] = process.argv.slice(2)
const socket = connect(path)
const send = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`)
const openTerminal = await terminalOpener(process.env)
const terminal = openTerminal(
  process.stdin,
  process.stdout,
  {
    interrupt: () => send({ event: 'interrupt' }),
    hangup: () => process.exit(0),
    complete: async (line) => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      const word = line.split(' ').at(-1) ?? ''
      return [['/switch', '/sessions', '/help '].filter((name) => name.startsWith(word)), word]
    },
  },
  {
    env: process.env,
    host: processHost(jobs === 'jobs'),
    historyFile: history === '-' ? undefined : { path: history, now: Date.now },
  },
)
let received = 0
process.stdin.on('data', (data) => {
  received += Buffer.byteLength(data)
})
let elsewhere = new AbortController()
let stream: { write(text: string): void; end(): void } | undefined
for (const signal of ['SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    terminal.close()
    process.exit(0)
  })

/** Empty on Ctrl-C. */
const answerTo = async (question: string): Promise<string> => {
  const line = await terminal.ask(question)
  return line.type === 'line' ? line.text : ''
}

const actions: Record<string, (words: string) => unknown> = {
  read: (prompt) => terminal.read(prompt),
  suspend: () => terminal.suspend(),
  ask: (question) => answerTo(question),
  /** A question that `withdraw` takes back. */
  askWithdrawable: (question) => {
    elsewhere = new AbortController()
    return terminal.ask(question, elsewhere.signal)
  },
  withdraw: () => elsewhere.abort(),
  /** Both at once: it was answered before it could be shown. */
  askWithdrawn: (question) => terminal.ask(question, AbortSignal.abort()),
  cancel: () => terminal.cancel(),
  /** How many bytes came from the keyboard. */
  bytesRead: () => process.stdin.bytesRead,
  say: (line) => terminal.say(line),
  wait: (label) => terminal.wait(label),
  stream: () => {
    stream = terminal.stream()
  },
  write: (text) => stream?.write(text),
  end: () => stream?.end(),
  run: (command) => runCommand(terminal, command, process.env),
  edit: (text) => editText(terminal, text, process.env),
  throw: () => setImmediate(() => Promise.reject(new Error('on purpose'))),
  askPermission: async (words) => {
    const answer = await terminal.askPermission(JSON.parse(words))
    return answer.type === 'line' ? answer.text : ''
  },
  /** How many bytes the keyboard has handed out. */
  received: () => received,
  /** 500 tokens a second until it is told to end. */
  tokens: () => {
    stream = terminal.stream()
    const timer = setInterval(() => stream?.write('token '), 2)
    return new Promise<void>((resolve) => {
      actions.end = () => {
        clearInterval(timer)
        stream?.end()
        resolve()
      }
    })
  },
  close: () => {
    terminal.close()
    setTimeout(() => process.exit(0), 50)
  },
}

createInterface({ input: socket }).on('line', (line) => {
  const { id, action, words } = JSON.parse(line)
  Promise.resolve(actions[action]?.(words)).then(
    (result) => send({ id, result }),
    (error: unknown) => send({ id, error: String(error) }),
  )
})
send({ event: 'ready' })
