import { afterEach, beforeEach, expect, test } from 'vitest'
import { closeSession } from '../../src/sessions/close-session.ts'
import type { Workspace } from '../../src/sessions/workspace/workspace-context.ts'
import { getSession } from '../../src/store/sessions.ts'
import { TmuxError } from '../../src/tmux/door.ts'
import { openTestStore, type TestStore } from '../support/store.ts'

let at: TestStore
beforeEach(async () => {
  at = await openTestStore()
  await at.add('one')
})
afterEach(() => at.dispose())

const pane = 's|$1|q|1|:q:/run\np|%3|@3|$1|0|one|q|1|%3|42|1|0||1|0|one|1|0|sh q-mux-asleep|dev-1'

/** tmux as it answers while a pane goes away, which no test can have it do at the right moment. */
async function close(...answers: (string | TmuxError)[]): Promise<void> {
  const session = getSession(at.store, 'one')
  if (!session) throw new Error('Expected a session')
  const run = async () => {
    const answer = answers.shift() ?? ''
    if (typeof answer !== 'string') throw answer
    return answer
  }
  const paths = { workersDir: at.directory, statusDir: at.directory }
  await closeSession({ store: at.store, name: 'q', paths, tmux: { run } } as unknown as Workspace, session)
  expect(getSession(at.store, 'one')?.status).toBe('Completed')
}

test.each([
  [
    'before it is looked for',
    [new TmuxError('list-sessions ; list-panes ; list-clients', 'no current target')],
  ],
  ['before it is closed', [pane, new TmuxError('kill-pane', "can't find pane: %3")]],
  ['with the server', [pane, new TmuxError('kill-pane', 'no server running on /tmp/x')]],
])('a session whose pane goes away by itself %s is closed', async (_, answers) => {
  await close(...answers)
})

test('what tmux refuses otherwise is said', async () => {
  await expect(close(pane, new TmuxError('kill-pane', 'not allowed'))).rejects.toThrow('not allowed')
})
