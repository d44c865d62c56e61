import { type Invocation, readWorkspaceInvocation, type Selection } from '../app/invocation.ts'
import { makeWorkspace } from '../app/make-workspace.ts'
import { openSharedStore } from '../app/shared-store.ts'
import { findCommand } from '../base/find-command.ts'
import { checkModel } from '../provider/registry.ts'
import { countSessions } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { count, oneLine } from '../text/plain-text.ts'
import { splitWords } from '../text/quoted-words.ts'
import { modelSettings } from '../worker/live/model-settings.ts'
import { examineWorkspace } from './examine.ts'
import { type ExaminedRule, examineRules } from './examine-rules.ts'
import { bad, type Finding, note, ok, problem } from './finding.ts'

/** Looks at everything that q mux needs, one thing after the other; what is broken does not keep it from going on. */
export async function* examine(
  selection: Selection,
  env: NodeJS.ProcessEnv,
  { probe, deep }: { probe: boolean; deep: boolean },
): AsyncGenerator<Finding> {
  yield ok('node', `${process.versions.node} (${process.execPath})`)
  const invocation = await readWorkspaceInvocation(selection, env).catch((error: unknown) =>
    problem('config', error),
  )
  if ('level' in invocation) {
    yield invocation
    return
  }
  yield ok('config', invocation.config.file)
  yield* examineServers(invocation)
  for (const rule of await examineRules(invocation, process.cwd())) yield ruleFinding(rule)
  const store = await openSharedStore(invocation, () => {}).catch((error: unknown) => problem('store', error))
  if ('level' in store) yield store
  else {
    yield examineStore(invocation, store, deep)
    yield* examineWorkspace(makeWorkspace(invocation, store))
    store.close()
  }
  yield* examineProgram(invocation)
  yield* examineModel(invocation, probe)
}

function* examineProgram({ config, env }: Invocation): Generator<Finding> {
  const [program] = splitWords(config.settings.ui.on_waiting ?? '') ?? []
  if (program === undefined) return
  const found = findCommand(program, process.cwd(), env.PATH)
  if (found) yield ok('on_waiting', found)
  else
    yield bad(
      'on_waiting',
      `${oneLine(program)} is not an executable program`,
      'q config set ui.on_waiting PROGRAM, or "" for none',
    )
}

function ruleFinding({ list, text, matching, other, note: remark }: ExaminedRule): Finding {
  const words = list === 'deny' ? 'refuses' : 'trusts'
  const covers = matching.length > 0 ? `${words} ${matching.join(' | ')}; ` : ''
  const detail = `${text}: ${covers}not ${other}`
  return remark === undefined ? ok(list, detail) : note(list, detail, remark)
}

/** Looks for the programs of MCP servers; starts none. */
function* examineServers({ config, env }: Invocation): Generator<Finding> {
  for (const server of config.servers) {
    const about = `mcp ${server.name}`
    const found = findCommand(server.command, process.cwd(), server.env.PATH ?? env.PATH)
    const advice = `install it, or correct [mcp.${server.name}] in ${config.file}`
    if (server.disabled) yield note(about, 'disabled')
    else if (found) yield ok(about, found)
    else yield bad(about, `there is no command ${server.command}`, advice)
  }
}

/** Reading every page of a large database takes seconds: only where that is asked for. */
function examineStore(invocation: Invocation, store: Store, deep: boolean): Finding {
  const file = invocation.paths.database
  const check = deep ? store.db.pragma('integrity_check', { simple: true }) : 'ok'
  if (check !== 'ok')
    return bad(
      'store',
      `${file} is damaged: ${String(check)}`,
      `copy it away, then: sqlite3 ${file} .recover`,
    )
  return ok(
    'store',
    `${file}, ${count(countSessions(store), 'conversation')}${deep ? ', every page of it sound' : ''}`,
  )
}

async function* examineModel(invocation: Invocation, probe: boolean): AsyncGenerator<Finding> {
  const settings = modelSettings(invocation.config.settings)
  for (const { name, ok: fine, works, detail, hint } of await checkModel(settings, invocation.env, {
    probe,
    now: invocation.now,
  })) {
    if (fine) yield ok(name, detail)
    else if (works) yield note(name, detail, hint)
    else yield bad(name, detail, hint)
  }
}
