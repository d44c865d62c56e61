import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { bad, type Finding, note, ok, problem } from '../domain/finding.ts'
import { count, oneLine } from '../domain/text.ts'
import { splitWords } from '../domain/words.ts'
import { checkModel } from '../provider/check-model.ts'
import { examineWorkspace } from '../sessions/examine.ts'
import { listSessions } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'
import { modelSettings } from './model.ts'
import { findPlace, type Place, type Selection } from './place.ts'
import { openPlaceStore } from './store.ts'
import { makeWorkspace } from './workspace.ts'

/** Looks at everything that q mux needs, one thing after the other; what is broken does not keep it from going on. */
export async function* examine(
  selection: Selection,
  env: NodeJS.ProcessEnv,
  probe: boolean,
): AsyncGenerator<Finding> {
  yield ok('node', `${process.versions.node} (${process.execPath})`)
  const place = await findPlace(selection, env).catch((error: unknown) => problem('config', error))
  if ('level' in place) {
    yield place
    return
  }
  yield ok('config', place.config.file)
  const store = await openPlaceStore(place, () => {}).catch((error: unknown) => problem('store', error))
  if ('level' in store) yield store
  else {
    yield examineStore(place, store)
    yield* examineWorkspace(makeWorkspace(place, store))
    store.close()
  }
  yield* examineProgram(place)
  yield* examineModel(place, probe)
}

async function* examineProgram({ config, env }: Place): AsyncGenerator<Finding> {
  const [program] = splitWords(config.settings.ui.on_waiting ?? '') ?? []
  if (program === undefined) return
  const places = program.includes('/')
    ? [program]
    : (env.PATH ?? '').split(':').map((path) => join(path, program))
  for (const file of places) {
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    ) {
      yield ok('on_waiting', file)
      return
    }
  }
  yield bad(
    'on_waiting',
    `${oneLine(program)} is no program that can be run`,
    'q config set ui.on_waiting PROGRAM, or "" for none',
  )
}

function examineStore(place: Place, store: Store): Finding {
  const file = place.paths.database
  const check = store.db.pragma('integrity_check', { simple: true })
  if (check !== 'ok')
    return bad(
      'store',
      `${file} is damaged: ${String(check)}`,
      `copy it away, then: sqlite3 ${file} .recover`,
    )
  return ok(
    'store',
    `${file}, ${count(listSessions(store, { workspace: place.name, all: true }).length, 'conversation')}`,
  )
}

async function* examineModel(place: Place, probe: boolean): AsyncGenerator<Finding> {
  const settings = modelSettings(place.config.settings)
  if (settings.provider === 'guide') {
    yield note('model', 'the built-in guide, which is not a model', 'q config set model.provider auto')
    return
  }
  for (const { name, ok: fine, detail, hint } of await checkModel(settings, place.env, { probe })) {
    // With `auto`, no credentials mean the guide, and that works.
    if (fine) yield ok(name, detail)
    else if (name === 'credentials' && settings.provider === 'auto') yield note(name, detail, hint)
    else yield bad(name, detail, hint)
  }
}
