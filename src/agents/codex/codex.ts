import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import type { Agent, AgentRun } from '../agent.ts'
import { codexEvents } from './codex-events.ts'
import { codexServer } from './codex-server.ts'

/**
 * codex. Its program in the window is a client of its own app-server, on a socket in a directory of ours; we are another one:
 * what happens is told to both, prompts and answers are taken from both.
 */
export const codex: Agent = {
  kind: 'codex',
  title: 'Codex',
  program: 'codex',
  install: 'npm install -g @openai/codex',
  oldest: '0.171.0',
  declares: ['starting', 'input', 'approval', 'error', 'processing', 'interrupt', 'exited'],
  variables: /^(CODEX_(HOME|SQLITE_HOME|API_KEY|CA_CERTIFICATE)|OPENAI_\w+|\w+_API_KEY)$/,
  begins: { resume: 'perhaps', fork: 'perhaps', '--last': 0, '--all': 0 },
  flags: {
    '--oss': 0,
    '--search': 0,
    '--no-alt-screen': 0,
    '--approve-for-me': 0,
    '--strict-config': 0,
    '--worktree': 0,
    '--dangerously-bypass-approvals-and-sandbox': 0,
    '--dangerously-bypass-hook-trust': 0,
    '--config': 1,
    '-c': 1,
    '--enable': 1,
    '--disable': 1,
    '--model': 1,
    '-m': 1,
    '--local-provider': 1,
    '--profile': 1,
    '-p': 1,
    '--sandbox': 1,
    '-s': 1,
    '--cd': 1,
    '-C': 1,
    '--add-dir': 1,
    '--ask-for-approval': 1,
    '-a': 1,
  },

  async prepare(run, tell) {
    refuseOwnFlags(run)
    const socket = join(run.directory, 'x.sock')
    const server = codexServer(socket)
    const { conversation, now, beside } = run
    const events = codexEvents({ conversation, now, beside, server }, tell)
    run.beside(server.listen(events.catchUp, events.hear))
    return {
      argv: ['/bin/sh', '-c', script, run.program, socket, ...words(run)],
      env: { [originator]: run.env[originator] ?? 'codex-tui' },
      started() {},
      send: events.send,
      async close() {
        events.close()
        server.close()
      },
    }
  },
}

/** Who speaks to the model: the first client of a server names it, which may be us, and should be what it is by hand. */
const originator = 'CODEX_INTERNAL_ORIGINATOR_OVERRIDE'

/**
 * Server and program are one job of the terminal: they are stopped, go on and end together, whichever ends first. A server
 * that is told once to end would first end its turn; twice, it ends.
 */
const script = `trap : HUP INT TERM
socket=$1
shift
(
  "$0" app-server --listen "unix://$socket" </dev/null >>"$socket.log" 2>&1 &
  server=$!
  trap 'kill $server' HUP TERM
  wait $server
  wait $server
  kill -TERM 0
) 2>>"$socket.log" &
keeper=$!
while ! [ -S "$socket" ] && kill -0 $keeper 2>/dev/null; do sleep 0.05; done
if [ -S "$socket" ]; then
  "$0" --remote "unix://$socket" "$@"
  code=$?
else
  cat "$socket.log" >&2
  code=1
fi
kill $keeper 2>/dev/null && sleep 0.1
kill $keeper 2>/dev/null
wait $keeper
exit $code`

function words({ args, conversation, prompt }: AgentRun): string[] {
  return [
    ...args,
    ...(conversation === undefined ? [] : ['resume', conversation]),
    ...(prompt === undefined ? [] : ['--', prompt]),
  ]
}

/** Where its server listens is ours to say. */
function refuseOwnFlags({ args }: AgentRun): void {
  const word = args.find((arg) => /^--(remote(-auth-token-env)?|no-daemon)(=|$)/.test(arg))
  if (word === undefined) return
  throw new UserError(`codex cannot be given ${word.replace(/=.*/s, '')} here: q mux starts its server`, {
    hint: 'leave it out',
  })
}
