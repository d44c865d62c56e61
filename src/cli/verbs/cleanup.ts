import type { Session } from '../../domain/session.ts'
import { type CleanedUp, cleanUp, filesOf, oldSessions } from '../../sessions/remove-old-sessions.ts'
import { count } from '../../text/plain-text.ts'
import { print } from '../../text/print.ts'
import { sanitize } from '../../text/sanitizer.ts'
import { createStyle, type Style, wantsColour } from '../../text/style.ts'
import { when } from '../../text/when.ts'
import { globalArgs } from '../arguments.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineVerb({
  meta: {
    name: 'cleanup',
    description: 'Delete sessions that were closed long ago, with what was said in them',
  },
  args: {
    'dry-run': { type: 'boolean', alias: 'n', description: 'Only list what would go' },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace) => {
      const days = workspace.settings.sessions.cleanup_after_days
      const { log } = await talk()
      if (days === 0) {
        log('sessions.cleanup_after_days is 0: nothing is ever cleaned up')
        return
      }
      const style = createStyle(wantsColour(process.stdout, process.env))
      const old = oldSessions(workspace)
      const lines = new Map(old.map((session) => [session.id, lineOf(session, style)]))
      if (args['dry-run']) {
        for (const line of lines.values()) print(line)
        log(`${count(old.length, 'session')} closed more than ${count(days, 'day')} ago would go`)
        return
      }
      const cleaned = await cleanUp(workspace)
      for (const { id } of cleaned.gone) print(lines.get(id) ?? '')
      await tell(cleaned, days)
    }),
})

/** Says how many went, and what of them is still there. */
export async function tell({ gone, left }: CleanedUp, days: number): Promise<void> {
  const { log, warn } = await talk()
  log(`cleaned up ${count(gone.length, 'session')} closed more than ${count(days, 'day')} ago`)
  for (const line of left) warn(sanitize(line))
}

function lineOf(session: Session, style: Style): string {
  const files = filesOf(session)
  const facts = `closed ${when(session.since)}, ${count(session.messages, 'message')}${files ? `, files in ${files}` : ''}`
  return `${style.bold(sanitize(session.name))}  ${style.dim(sanitize(facts))}\n`
}
