import { agentNames } from '../../agents/agents.ts'
import { UserError } from '../../base/errors.ts'
import { parseModelChoice } from '../../config/checks/model-choice.ts'
import { wantedType } from '../../domain/session-type.ts'
import { chooseAgent } from '../../sessions/choose-agent.ts'
import { goToSession } from '../../sessions/go-to-session.ts'
import { createSession, openSession } from '../../sessions/open-session.ts'
import { requireStartable } from '../../sessions/workspace/in-the-way.ts'
import { withLock } from '../../sessions/workspace/lock.ts'
import { startWorkspace } from '../../sessions/workspace/start-workspace.ts'
import { findRunning, requireRunning } from '../../sessions/workspace/workspace.ts'
import type { Workspace } from '../../sessions/workspace/workspace-context.ts'
import { saveEnvironment } from '../../sessions/workspace/workspace-environment.ts'
import { displayMessage } from '../../tmux/verbs.ts'
import { globalArgs, typeArg } from '../arguments.ts'
import { directory } from '../directory-argument.ts'
import { sayWhomItMeant, showOpened } from '../show-opened.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'new', description: 'Open a new session and go there' },
  args: {
    name: {
      type: 'positional',
      required: false,
      description: 'Its name; without one it gets one from what is said',
    },
    ...typeArg,
    cwd: {
      type: 'string',
      valueHint: 'DIR',
      completes: 'file',
      description: 'Where it works; default: here',
    },
    prompt: { type: 'string', valueHint: 'TEXT', description: 'Said to it as soon as it is up' },
    agent: {
      type: 'string',
      valueHint: 'NAME',
      completes: agentNames,
      description: "Whose program runs in it: chat (ours) or another agent's own",
    },
    model: {
      type: 'string',
      valueHint: 'ID',
      description: 'The model that answers in it, as its provider writes it',
    },
    background: { type: 'boolean', alias: 'b', description: 'Stay where you are' },
    json: { type: 'boolean', description: 'Print what q mux list --json says of it' },
    'from-key': {
      type: 'string',
      valueHint: 'DIR',
      completes: 'file',
      description: 'Used by the key: in that directory, without a terminal',
    },
    args: {
      type: 'positional',
      behindDashes: true,
      required: false,
      description: "Behind --: the agent's own flags",
    },
    ...globalArgs,
  },
  run: ({ args, rawArgs }) =>
    withWorkspace(args, async (workspace, invocation) => {
      const fromKey = args['from-key'] !== undefined
      const { name, behind } = namesIn(args._, rawArgs)
      const cwd = directory(args['from-key'] || args.cwd)
      const type = args.type === undefined ? undefined : wantedType(args.type)
      const model = args.model === undefined ? null : parseModelChoice(args.model)
      try {
        const agent = await chooseAgent({
          name: args.agent,
          args: behind,
          model,
          settings: workspace.settings,
          agents: workspace.agents,
          cwd,
          env: invocation.env,
        })
        const { session, before } = await withLock(invocation, 'start', async () => {
          await requireStartable(workspace)
          const running = await findRunning(workspace)
          const created = await createSession(workspace, {
            name,
            type,
            cwd,
            prompt: args.prompt,
            model,
            agent,
          })
          // What was refused changes nothing for the others.
          if (!fromKey) await saveEnvironment(invocation.paths.environmentFile, invocation.env)
          // A workspace that does not run opens it with the others that are open.
          if (!running) await startWorkspace(workspace, { cwd: () => cwd, size: undefined })
          await openSession(workspace, created.session)
          return created
        })
        await sayWhomItMeant(session.name, before)
        if (fromKey) await goToSession(workspace, session)
        else await showOpened(workspace, invocation, session, args)
      } catch (error) {
        if (!fromKey || !(error instanceof UserError)) throw error
        await tellInTmux(workspace, error)
      }
    }),
})

/** What stands before `--` is a name, and what stands behind it is for the agent. */
function namesIn(positional: readonly string[], raw: readonly string[]): { name?: string; behind: string[] } {
  const at = raw.indexOf('--')
  const behind = at === -1 ? [] : raw.slice(at + 1)
  const [name] = positional.slice(0, positional.length - behind.length)
  return name === undefined ? { behind } : { name, behind }
}

/** A key has no terminal to complain on: tmux shows it in its status line. */
async function tellInTmux(workspace: Workspace, error: UserError): Promise<void> {
  const { id } = await requireRunning(workspace)
  const line = `q mux: ${error.message}${error.hint ? ` (${error.hint})` : ''}`
  await displayMessage(workspace.tmux, id, line)
}
