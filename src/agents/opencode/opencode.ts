import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { UserError } from '../../base/errors.ts'
import { isObject } from '../../base/json.ts'
import type { Verdict } from '../../domain/approval.ts'
import type { Agent, AgentRun, PreparedAgent } from '../agent.ts'
import { type OpencodeEvents, opencodeEvents } from './opencode-events.ts'
import { type OpencodeServer, opencodeServer } from './opencode-server.ts'
import { catchUp } from './opencode-state.ts'

/**
 * opencode. Its own program has a server inside, which tells what happens as server-sent events, and takes prompts and
 * answers: it listens on the loopback only, and for a password that this one process was given.
 */
export const opencode: Agent = {
  kind: 'opencode',
  title: 'opencode',
  program: 'opencode',
  install: 'npm install -g opencode-ai',
  oldest: '1.18.33',
  declares: ['starting', 'input', 'approval', 'error', 'processing', 'interrupt', 'exited'],
  variables:
    /^(OPENCODE_(?!SERVER_|PID$|CLIENT$|ROUTE$|WORKSPACE_ID$)\w+|\w+_API_KEY|(AWS|AZURE|GOOGLE)_\w+)$/,
  begins: { '--continue': 0, '-c': 0, '--session': 1, '-s': 1, '--fork': 0, '--prompt': 1 },

  async prepare(run, tell) {
    refuseOwnFlags(run)
    const port = await freePort()
    const password = randomBytes(24).toString('base64url')
    const server = opencodeServer(port, user, password)
    const events = opencodeEvents(
      {
        conversation: run.conversation,
        now: run.now,
        reply: (id, verdict) => reply(server, id, verdict),
      },
      tell,
    )
    let ready = false
    run.beside(
      server.listen(
        async () => {
          await catchUp(server, events)
          if (!ready) tell({ type: 'ready' })
          ready = true
        },
        (event) => events.hear(event),
      ),
    )
    return {
      argv: argvOf(run, port),
      env: { OPENCODE_SERVER_USERNAME: user, OPENCODE_SERVER_PASSWORD: password },
      started() {},
      send: (text) => send(server, events, text),
      async close() {
        server.close()
        events.close()
      },
    } satisfies PreparedAgent
  },
}

const user = 'opencode'

function argvOf({ program, args, conversation, prompt }: AgentRun, port: number): string[] {
  return [
    program,
    ...['--port', String(port), '--hostname', '127.0.0.1'],
    ...args,
    ...(conversation === undefined ? [] : ['--session', conversation]),
    ...(prompt === undefined ? [] : [`--prompt=${prompt}`]),
  ]
}

/** Where it listens is ours to say: two words for one flag are none. */
function refuseOwnFlags({ args }: AgentRun): void {
  const word = args.find((arg) => /^--(no-)?(port|hostname|mdns|mdns-domain|cors)(=|$)/.test(arg))
  if (word === undefined) return
  throw new UserError(
    `opencode cannot be given ${word.replace(/=.*/s, '')} here: q mux says where it listens`,
    {
      hint: 'leave it out',
    },
  )
}

/** One that nobody listens on. Whoever takes it before opencode does has no use of it: the password is for nothing else. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error(`Expected a port, got ${address}`)
  return address.port
}

async function reply(server: OpencodeServer, id: string, verdict: Verdict): Promise<boolean> {
  const words = { approve: 'once', trust: 'always', decline: 'reject' }[verdict.type]
  const message = verdict.type === 'decline' && verdict.text.trim() !== '' ? { message: verdict.text } : {}
  const { status } = await server.post(`/permission/${encodeURIComponent(id)}/reply`, {
    reply: words,
    ...message,
  })
  if (status === 200 || status === 404) return status === 200
  throw new Error(`opencode answered ${status} to an answer to its question`)
}

/**
 * Its window goes to the conversation first, whatever it shows; a draft at its prompt stays. Agent and model are the
 * conversation's: without them it would take those that it begins with, which may be allowed more.
 */
async function send(server: OpencodeServer, events: OpencodeEvents, text: string): Promise<boolean> {
  if (!server.isConnected() || events.isBusy()) return false
  const id = events.conversation() ?? (await create(server))
  const path = `/session/${encodeURIComponent(id)}`
  const session = await server.get(path)
  if (!isObject(session)) return false
  const { agent, model } = session
  const { status: shown } = await server.post('/tui/select-session', { sessionID: id })
  if (shown !== 200) return false
  const { status } = await server.post(`${path}/prompt_async`, {
    ...(typeof agent === 'string' ? { agent } : {}),
    ...(isObject(model) ? { model: { providerID: model.providerID, modelID: model.id } } : {}),
    parts: [{ type: 'text', text }],
  })
  return status === 204
}

async function create(server: OpencodeServer): Promise<string> {
  const { status, body } = await server.post('/session', {})
  if (isObject(body) && typeof body.id === 'string') return body.id
  throw new Error(`opencode answered ${status} where a conversation was to begin`)
}
