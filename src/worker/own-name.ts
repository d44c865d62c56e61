import type { WorkerDeps } from './worker-deps.ts'

/** The name of the worker's session, which its person, its prompts and others may change. */
export interface OwnName {
  now(): string
  /** Takes over a name that is in the store and in the window's title already. */
  take(name: string): Promise<void>
  /** Takes over a name that is in the store, and shows it in the window's title. */
  show(name: string): Promise<void>
}

export function createOwnName({
  session,
  reporter,
  showName,
}: Pick<WorkerDeps, 'session' | 'reporter' | 'showName'>): OwnName {
  let name = session.name
  return {
    now: () => name,
    take,
    async show(next) {
      await take(next)
      await showName(next)
    },
  }

  async function take(next: string): Promise<void> {
    name = next
    await reporter.rename(next)
  }
}
