import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { insertSession, type NewSession } from '../../src/store/sessions.ts'
import { openStore, type Store } from '../../src/store/store.ts'

export const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))

/** A real store in a directory of its own, with a clock that the test sets. */
export interface TestStore {
  store: Store
  directory: string
  clock: { now: number }
  add(id: string, session?: Partial<NewSession>): Promise<void>
  dispose(): void
}

export async function openTestStore(
  options: { migrations?: string; directory?: string } = {},
): Promise<TestStore> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'q-store-'))
  const clock = { now: Date.UTC(2026, 2, 1, 12) }
  const store = await openStoreAt(join(directory, 'q.sqlite3'), () => clock.now, options.migrations)
  return {
    store,
    directory,
    clock,
    add: (id, session = {}) =>
      store.write(() =>
        insertSession(store, {
          id,
          name: id,
          nameSource: 'user',
          typeSource: 'auto',
          type: 'Development',
          workspace: 'q',
          cwd: directory,
          ...session,
        }),
      ),
    dispose() {
      store.close()
      if (!options.directory) rmSync(directory, { recursive: true, force: true })
    },
  }
}

export function openStoreAt(file: string, now: () => number = Date.now, from = migrations): Promise<Store> {
  return openStore({ file, migrations: from, now, waiting: { sleep: (ms) => sleep(ms), onWait() {} } })
}
