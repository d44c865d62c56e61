import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Invocation } from '../../app/invocation.ts'
import { UserError } from '../../base/errors.ts'
import { nameFromDirectory } from '../../importer/imported-name.ts'
import { defaultDatabases } from '../../importer/places.ts'
import { readConversations } from '../../importer/read.ts'
import { emptyReport, type ImportReport, leftOutLines, summaryLine } from '../../importer/report.ts'
import { nameFrom } from '../../naming/name-from.ts'
import { typeFrom } from '../../naming/type-from.ts'
import { importConversations } from '../../sessions/import-conversations.ts'
import type { Workspace } from '../../sessions/workspace/workspace-context.ts'
import { openAmazonQ } from '../../store/amazon-q/amazon-q.ts'
import { print } from '../../text/print.ts'
import { sanitize } from '../../text/sanitizer.ts'
import { globalArgs } from '../arguments.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

/** How long another program's lock is waited for, in ms. */
const timeoutMs = 5000

export default defineVerb({
  meta: { name: 'import', description: "Take over Amazon Q CLI's conversations; its database is only read" },
  args: {
    file: {
      type: 'positional',
      completes: 'file',
      required: false,
      description: 'Its data.sqlite3, if it lies elsewhere',
    },
    ...globalArgs,
  },
  run: ({ args }) =>
    withWorkspace(args, async (workspace, invocation) => {
      const files = args.file === undefined ? databasesOf(invocation) : [resolve(args.file)]
      const report = emptyReport()
      const failures: UserError[] = []
      for (const file of files) {
        try {
          await importFile(workspace, invocation, file, report)
        } catch (error) {
          if (!(error instanceof UserError)) throw error
          failures.push(error)
        }
      }
      if (failures.length < files.length || report.imported > 0) await tell(report)
      for (const failure of failures.slice(1)) (await talk()).warn(sanitize(failure.message))
      if (failures[0]) throw failures[0]
    }),
})

/** @throws UserError that names the places when none of them holds a database */
function databasesOf({ env }: Invocation): string[] {
  const places = defaultDatabases(env, process.platform)
  const files = places.filter((file) => existsSync(file))
  if (files.length > 0) return files
  throw new UserError(`there is no database of Amazon Q CLI at ${places.join(' or ')}`, {
    hint: 'if it lies elsewhere: q mux import FILE',
  })
}

async function importFile(
  workspace: Workspace,
  { paths, env }: Invocation,
  file: string,
  report: ImportReport,
): Promise<void> {
  const database = await openAmazonQ(file, {
    scratch: paths.stateDir,
    lockWait: { sleep: workspace.sleep, ms: timeoutMs },
  })
  try {
    ;(await talk()).log(`reading ${sanitize(file)}`)
    const { name_max_length: maxLength, auto_generate_names: naming } = workspace.settings.sessions
    const fromDirectory = nameFromDirectory(maxLength)
    await importConversations(workspace, readConversations(database, workspace.now()), {
      nameFor: (said, given, directory) =>
        (naming ? nameFrom(said, { maxLength, taken: given.taken }) : undefined) ??
        fromDirectory(said, given, directory),
      typeFor: typeFrom,
      home: env.HOME ?? '/',
      report,
    })
  } finally {
    database.close()
  }
}

async function tell(report: ImportReport): Promise<void> {
  print(`${summaryLine(report)}\n`)
  const { log, warn } = await talk()
  for (const line of leftOutLines(report)) warn(line)
  if (report.imported > 0) log('see them: q mux list --all. Go on with one: q chat --resume NAME')
}
