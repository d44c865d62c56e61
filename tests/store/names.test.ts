import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { numberedName } from '../../src/domain/session-name.ts'
import { borneNames, lastBearer, namesBegunBy } from '../../src/store/borne-names.ts'
import { deleteOldSession } from '../../src/store/old-sessions.ts'
import { completeSession, nameSession, renameSession } from '../../src/store/sessions.ts'
import { setOpen } from '../../src/store/set-open.ts'
import type { Store } from '../../src/store/store.ts'
import { addSession, type Home, id, integrity, migrations, openHome } from './harness.ts'

let home: Home
let store: Store
beforeEach(async () => {
  home = openHome()
  store = await home.open()
})
afterEach(() => home.dispose())

const named = (number: number, name: string) => nameSession(store, id(number), 'Development', () => name)
const next = (workspace: string | null = 'q') => numberedName('Development', borneNames(store, workspace))

test('a name leads to the session that had it, whoever renamed that', async () => {
  await addSession(store, 1)
  await named(1, 'api')
  await renameSession(store, id(1), 'backend')
  for (const name of ['dev-1', 'api', 'backend']) expect(lastBearer(store, name, 'q')).toBe(id(1))
  expect(lastBearer(store, 'dev-1', 'other')).toBeUndefined()
  expect(lastBearer(store, 'dev-1', 'other', true)).toBe(id(1))
  expect(lastBearer(store, 'dev-2', 'q')).toBeUndefined()
})

test('a name that a user gives to another session means that one from then on, also when it is called otherwise', async () => {
  await addSession(store, 1)
  await addSession(store, 2)
  expect(await renameSession(store, id(1), 'api')).toBeUndefined()
  await renameSession(store, id(1), 'backend')
  expect(await renameSession(store, id(2), 'api')).toMatchObject({ id: id(1), name: 'backend' })
  expect(lastBearer(store, 'api', 'q')).toBe(id(2))
  await renameSession(store, id(2), 'frontend')
  expect(lastBearer(store, 'api', 'q')).toBe(id(2))
  expect(await renameSession(store, id(1), 'api')).toMatchObject({ id: id(2), name: 'frontend' })
  expect(lastBearer(store, 'api', 'q')).toBe(id(1))
  expect(await renameSession(store, id(1), 'api')).toBeUndefined()
})

test('no name is free that a session of the workspace has borne, open or closed; its own are free for it', async () => {
  await addSession(store, 1)
  await named(1, 'api')
  await completeSession(store, id(1))
  await addSession(store, 2, { workspace: 'other', name: 'elsewhere' })
  const { taken } = borneNames(store, 'q')
  expect(['dev-1', 'api', 'elsewhere', 'dev-2'].map(taken)).toEqual([true, true, false, false])
  expect(borneNames(store, 'q', id(1)).taken('api')).toBe(false)
  expect(borneNames(store, null).taken('elsewhere')).toBe(true)
})

test('numbers go on after the highest that was ever given', async () => {
  expect(next()).toBe('dev-1')
  for (const number of [1, 2, 9]) await addSession(store, number)
  await named(9, 'api')
  await completeSession(store, id(9))
  expect(next()).toBe('dev-10')
  await addSession(store, 20, { workspace: 'other' })
  expect(next()).toBe('dev-10')
  expect(next(null)).toBe('dev-21')
  await renameSession(store, id(1), 'dev-99')
  expect(next()).toBe('dev-100')
})

test('what is no count does not count: dates, other stems, zeros', async () => {
  await addSession(store, 1, { name: 'dev-20261126' })
  await addSession(store, 2, { name: 'dev-server-7' })
  await addSession(store, 3, { name: 'dev-003' })
  await addSession(store, 4, { name: 'dev8' })
  await addSession(store, 5, { name: `dev-${'9'.repeat(40)}` })
  expect(next()).toBe('dev-4')
})

test('a session that moves takes its names along, and takes nobody theirs', async () => {
  await addSession(store, 1, { workspace: null, name: 'dev-1' })
  await renameSession(store, id(1), 'trip')
  await renameSession(store, id(1), 'journey')
  await addSession(store, 2, { name: 'dev-1' })
  await named(2, 'api')
  await store.write(() => setOpen(store, id(1), 'q', 'journey'))
  expect(lastBearer(store, 'dev-1', 'q')).toBe(id(2))
  for (const name of ['trip', 'journey']) expect(lastBearer(store, name, 'q')).toBe(id(1))
  expect(lastBearer(store, 'trip', null)).toBe(id(1))
})

test('a session that is opened again has its name anew', async () => {
  await addSession(store, 1, { name: 'api' })
  await completeSession(store, id(1))
  await addSession(store, 2)
  await renameSession(store, id(2), 'api')
  await renameSession(store, id(2), 'backend')
  expect(lastBearer(store, 'api', 'q')).toBe(id(2))
  await store.write(() => setOpen(store, id(1), 'q', 'api'))
  expect(lastBearer(store, 'api', 'q')).toBe(id(1))
})

test('the names of a session that is deleted go with it', async () => {
  await addSession(store, 1)
  await named(1, 'api')
  await completeSession(store, id(1))
  expect(await deleteOldSession(store, id(1), Date.now() + 1000)).toBe(true)
  expect(store.db.prepare('SELECT * FROM names').all()).toEqual([])
  expect(lastBearer(store, 'api', 'q')).toBeUndefined()
})

test('of names that begin so, each is told once, with whom it means', async () => {
  await addSession(store, 1)
  await named(1, 'api')
  await addSession(store, 2)
  await renameSession(store, id(1), 'backend')
  await renameSession(store, id(2), 'api')
  expect(namesBegunBy(store, 'a', 'q').map(({ name, id: of }) => [name, of])).toEqual([['api', id(2)]])
  expect(namesBegunBy(store, 'dev', 'q').map(({ name }) => name)).toEqual(['dev-1', 'dev-2'])
  expect(namesBegunBy(store, '%', 'q')).toEqual([])
})

test('sessions from before have their names: the open one, else the last, has one that several bear', async () => {
  store.close()
  const older = join(home.directory, 'older')
  mkdirSync(older)
  for (const file of readdirSync(migrations).filter((name) => name < '014'))
    copyFileSync(join(migrations, file), join(older, file))
  const directory = openHome()
  try {
    const old = await directory.open({ migrations: older, now: () => 1000 })
    const insert = old.db.prepare(
      `INSERT INTO conversations (conversation_id, cwd, created_at, session_name, session_status, workspace, last_active)
       VALUES (?, '/', 1, ?, ?, ?, ?)`,
    )
    insert.run(id(1), 'dev-1', 'Completed', 'q', 5000)
    insert.run(id(2), 'dev-1', 'Paused', 'q', 1000)
    insert.run(id(3), 'dev-7', 'Paused', null, 1000)
    old.close()
    const now = await directory.open()
    expect(lastBearer(now, 'dev-1', 'q')).toBe(id(2))
    expect(lastBearer(now, 'dev-7', null)).toBe(id(3))
    expect(numberedName('Development', borneNames(now, 'q'))).toBe('dev-2')
    expect(integrity(now)).toBe('ok')
  } finally {
    await directory.dispose()
  }
})

test('of many processes that open, name, rename and close at once, no two sessions get one name by themselves', async () => {
  const children = [...Array(4)].map(() => home.start('name', 'q', '60'))
  expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0, 0])
  expect(children.map((child) => child.errors()).join('')).toBe('')
  const given = [...new Set(children.flatMap((child) => child.lines))].map((line) => line.split(' '))
  expect(given.length).toBeGreaterThan(60)
  const twice = given.filter(([name], at) => given.findIndex(([other]) => other === name) !== at)
  expect(twice).toEqual([])
  expect(integrity(store)).toBe('ok')
}, 120_000)
