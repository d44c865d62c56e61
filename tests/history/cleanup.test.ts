import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeSettings, settingOf } from '../../src/config/settings.ts'
import { cleanUp, cleanUpDaily, oldSessions } from '../../src/sessions/remove-old-sessions.ts'
import { reopenAsChat } from '../../src/sessions/reopen-session.ts'
import { appendMessage } from '../../src/store/messages.ts'
import { enqueuePrompt } from '../../src/store/prompts.ts'
import { claimSession, completeSession, getSession, listAll } from '../../src/store/sessions.ts'
import { openLab } from '../support/lab.ts'
import { processes, thisProcess } from '../support/processes.ts'
import { openStoreAt, openTestStore, type TestStore } from '../support/store.ts'

const day = 24 * 60 * 60 * 1000

let at: TestStore
let cwd: string
beforeEach(async () => {
  at = await openTestStore()
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'q-clean-')))
})
afterEach(() => {
  at.dispose()
  rmSync(cwd, { recursive: true, force: true })
})

test('what was closed long ago goes, with what was said, queued and indexed, and its files', async () => {
  await closed('old')
  await enqueuePrompt(at.store, 'old', 'queued')
  const files = filesIn('old')
  mkdirSync(join(files, 'sub/sub'), { recursive: true })
  at.clock.now += 31 * day
  await closed('young')
  expect(await clean()).toMatchObject({ gone: [{ id: 'old', messages: 1 }], left: [] })
  expect(ids()).toEqual(['young'])
  expect(rows('messages') + rows('prompts') + rows('said')).toBe(2)
  expect([existsSync(files), existsSync(join(cwd, '.amazonq/sessions'))]).toEqual([false, true])
})

test('open sessions stay, plain chats, what was never closed, and what was opened again', async () => {
  await at.add('open')
  await at.add('chat', { workspace: null })
  await at.add('imported', { workspace: null })
  at.store.db
    .prepare("UPDATE conversations SET session_status = 'Completed' WHERE session_name = 'imported'")
    .run()
  await closed('again')
  const again = getSession(at.store, 'again')
  if (again) await reopenAsChat(at.store, again)
  await closed('living')
  await claimSession(at.store, 'living', thisProcess(), () => true)
  at.clock.now += 1000 * day
  expect((await clean()).gone).toEqual([])
  expect(ids()).toHaveLength(5)
})

test('0 switches it off', async () => {
  await closed('old')
  at.clock.now += 4000 * day
  expect(oldSessions(parts(0))).toEqual([])
  expect(await cleanUpDaily(parts(0))).toBeUndefined()
  expect((await cleanUp(parts(0))).gone).toEqual([])
})

test('by itself it runs once a day, also after a clock that was ahead', async () => {
  expect(await cleanUpDaily(parts())).toBeDefined()
  at.clock.now += day - 1
  expect(await cleanUpDaily(parts())).toBeUndefined()
  at.clock.now += 1
  expect(await cleanUpDaily(parts())).toBeDefined()
  at.clock.now -= 3 * day
  expect(await cleanUpDaily(parts())).toBeDefined()
})

test.each(['.amazonq', '.amazonq/sessions', '.amazonq/sessions/old', '.'])(
  'no file behind a link goes: %s',
  async (level) => {
    const real = join(cwd, 'real')
    const used = level === '.' ? join(cwd, 'link') : real
    mkdirSync(real)
    if (level === '.') symlinkSync(real, used)
    await closed('old', used)
    const elsewhere = join(cwd, 'elsewhere')
    const rest =
      level === '.'
        ? join(real, '.amazonq/sessions/old')
        : join(elsewhere, '.amazonq/sessions/old'.slice(level.length))
    mkdirSync(rest, { recursive: true })
    writeFileSync(join(rest, 'precious'), '')
    if (level !== '.') {
      mkdirSync(join(used, level, '..'), { recursive: true })
      symlinkSync(elsewhere, join(used, level))
    }
    at.clock.now += 31 * day
    const { gone, left } = await clean()
    expect(gone).toHaveLength(1)
    expect(left).toEqual([expect.stringMatching(/old is left: .* a link/)])
    expect(readdirSync(rest)).toEqual(['precious'])
  },
)

test('a link in it goes itself; a conversation whose id is a path touches nothing', async () => {
  writeFileSync(join(cwd, 'precious'), '')
  await closed('old')
  await closed('..')
  symlinkSync(cwd, join(filesIn('old'), 'link'))
  symlinkSync(join(cwd, 'precious'), join(filesIn('old'), 'file'))
  at.clock.now += 31 * day
  expect((await clean()).gone).toHaveLength(2)
  expect(readdirSync(cwd).sort()).toEqual(['.amazonq', 'precious'])
  expect(readdirSync(join(cwd, '.amazonq/sessions'))).toEqual([])
})

test('q mux cleanup lists and deletes; q mux does so by itself once a day, and says it only then', async () => {
  const lab = openLab()
  try {
    for (const name of ['one', 'two']) {
      await lab.q(['mux', 'new', name, '--background'])
      await lab.q(['mux', 'close', name, '--yes'])
    }
    await age(lab.database, 'one')
    const dry = await lab.q(['mux', 'cleanup', '--dry-run'])
    expect(dry.stdout).toMatch(/^one {2}closed \d{4}-\d\d-\d\d \d\d:\d\d, 0 messages\n$/)
    expect(dry.stderr).toBe('1 session closed more than 30 days ago would go\n')
    const done = await lab.q(['mux', 'cleanup'])
    expect(done.stderr).toBe('cleaned up 1 session closed more than 30 days ago\n')
    await age(lab.database, 'two')
    const started = await lab.q(['mux', '--detach'])
    expect(started.stderr).toContain('cleaned up 1 session closed more than 30 days ago\nworkspace q ')
    expect((await lab.q(['mux', '--detach'])).stderr).not.toContain('cleaned')
    expect((await lab.list('--all')).sessions.map(({ name }) => name)).not.toContain('two')
    const off = await lab.q(['mux', 'cleanup'], { env: { Q_SESSIONS_CLEANUP_AFTER_DAYS: '0' } })
    expect(off.stderr).toContain('is 0: nothing is ever cleaned up')
  } finally {
    await lab.dispose()
  }
})

async function age(database: string, name: string): Promise<void> {
  const store = await openStoreAt(database)
  store.db
    .prepare(
      'UPDATE conversations SET status_since = status_since - ?, last_active = 0 WHERE session_name = ?',
    )
    .run(31 * day, name)
  store.close()
}

async function closed(id: string, where = cwd): Promise<void> {
  await at.add(id, { cwd: where })
  await appendMessage(at.store, id, 'user', [{ type: 'text', text: 'words' }])
  await completeSession(at.store, id)
}

function filesIn(id: string): string {
  const directory = join(cwd, '.amazonq/sessions', id)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'file.txt'), '')
  return directory
}

function parts(days = 30) {
  const settings = makeSettings((key) => settingOf(key).default)
  const sessions = { ...settings.sessions, cleanup_after_days: days }
  return { store: at.store, processes, settings: { ...settings, sessions }, now: () => at.clock.now }
}

function clean() {
  return cleanUp(parts())
}

function ids(): string[] {
  return listAll(at.store).map(({ id }) => id)
}

function rows(table: string): number {
  return at.store.db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? -1
}
