import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { insertSession, type NewSession } from '../../src/store/sessions.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { type Child, endChildren, startChild } from '../support/child.ts'

export const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))

export interface Home {
  directory: string
  file: string
  /** Opens the store in this process; closed with the home. */
  open(options?: {
    migrations?: string
    now?: () => number
    onWait?: (waited: number) => void
  }): Promise<Store>
  /** A process that does what `process.ts` calls by that name to the store. */
  start(verb: string, ...words: string[]): Child
  dispose(): Promise<void>
}

export function openHome(): Home {
  const directory = mkdtempSync(join(tmpdir(), 'q-store-'))
  const file = join(directory, 'q.sqlite3')
  const stores: Store[] = []
  return {
    directory,
    file,
    async open({ migrations: from = migrations, now = Date.now, onWait = () => {} } = {}) {
      const store = await openStore({
        file,
        migrations: from,
        now,
        waiting: { sleep: (ms) => sleep(ms), onWait },
      })
      stores.push(store)
      return store
    },
    start: (verb, ...words) => startChild(new URL('process.ts', import.meta.url), [verb, file, ...words]),
    async dispose() {
      await endChildren()
      for (const store of stores) store.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The n-th of a row of session ids. */
export function id(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

export async function addSession(
  store: Store,
  number: number,
  facts: Partial<NewSession> = {},
): Promise<string> {
  const session: NewSession = {
    id: id(number),
    name: `dev-${number}`,
    nameSource: 'auto',
    type: 'Development',
    typeSource: 'auto',
    workspace: 'q',
    cwd: '/',
    ...facts,
  }
  await store.write(() => insertSession(store, session))
  return session.id
}

export function integrity(store: Store): unknown {
  return store.db.pragma('integrity_check', { simple: true })
}
