import { describeWorkspace } from '../../sessions/list/describe.ts'
import { sessionLines } from '../../sessions/list/session-table.ts'
import { print, printJson } from '../../text/print.ts'
import { createStyle, wantsColour } from '../../text/style.ts'
import { globalArgs } from '../arguments.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: { name: 'list', description: 'List the sessions and what each one does' },
  args: {
    all: { type: 'boolean', alias: 'a', description: 'Closed ones and plain chats too' },
    json: { type: 'boolean', description: 'For programs' },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const description = await describeWorkspace(workspace, args.all === true)
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
      if (description.sessions.length === 0) (await talk()).log('no open session. Start with: q mux')
      else if (description.running === null)
        (await talk()).warn(
          `whether ${workspace.name} runs is unknown: its tmux server does not answer, or there is no tmux here. See q mux doctor`,
        )
      else if (!description.running)
        (await talk()).log(`the workspace ${workspace.name} does not run. Start it: q mux`)
    }),
})
