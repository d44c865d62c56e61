import { describeWorkspace } from '../../sessions/list/describe.ts'
import { sessionLines } from '../../sessions/list/session-table.ts'
import { maxListed, wantedSessions } from '../../sessions/list/wanted-sessions.ts'
import { print, printJson } from '../../text/print.ts'
import { createStyle, wantsColour } from '../../text/style.ts'
import { globalArgs, parseLimit } from '../arguments.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'list', description: 'List the sessions and what each one does' },
  args: {
    all: { type: 'boolean', alias: 'a', description: 'Closed ones and plain chats too' },
    limit: {
      type: 'string',
      alias: 'n',
      valueHint: 'N',
      description: `With --all, at most so many besides the open ones, the newest; default ${maxListed}, with --json all`,
    },
    json: { type: 'boolean', description: 'For programs' },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const limit = args.limit === undefined ? (args.json ? undefined : maxListed) : parseLimit(args.limit)
      const { sessions, more } = wantedSessions(workspace.store, workspace.name, {
        all: args.all === true,
        limit,
      })
      const description = await describeWorkspace(workspace, sessions)
      if (args.json) {
        printJson(description)
        return
      }
      const style = createStyle(wantsColour(process.stdout, process.env))
      for (const line of sessionLines(
        description.sessions,
        undefined,
        workspace.now(),
        style,
        process.stdout.columns,
      ))
        print(`${line}\n`)
      if (more > 0) (await talk()).log(`${more} older ones: --limit ${(limit ?? 0) * 10}`)
      if (description.sessions.length === 0) (await talk()).log('no open session. Start with: q mux')
      else if (description.running === null)
        (await talk()).warn(
          `whether ${workspace.name} runs is unknown: its tmux server does not answer, or there is no tmux here. See q mux doctor`,
        )
      else if (!description.running)
        (await talk()).log(`the workspace ${workspace.name} does not run. Start it: q mux`)
    }),
})
