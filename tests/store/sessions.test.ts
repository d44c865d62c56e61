import { afterEach, beforeEach, expect, test } from 'vitest'
import { countPrompts, enqueuePrompt } from '../../src/store/prompts.ts'
import {
  completeSession,
  countClosed,
  getSession,
  listAll,
  listBegunBy,
  listOpen,
  listOthers,
  renameSession,
  setSessionStatus,
} from '../../src/store/sessions.ts'
import type { Store } from '../../src/store/store.ts'
import { rejectionOf } from '../support/thrown.ts'
import { addSession, type Home, id, openHome } from './harness.ts'

let home: Home
let store: Store
let clock = 0
beforeEach(async () => {
  home = openHome()
  clock = 1000
  store = await home.open({ now: () => clock })
})
afterEach(() => home.dispose())

const names = (workspace: string, all = false): string[] =>
  [...listOpen(store, workspace), ...(all ? listOthers(store, workspace) : [])].map(({ name }) => name)

test('a new session is Paused, last in its workspace, and has all that it was made with', async () => {
  await addSession(store, 1)
  await addSession(store, 2, { workspace: 'other' })
  await addSession(store, 3, {
    name: 's3',
    nameSource: 'user',
    type: 'Debug',
    cwd: '/home/me',
    model: 'some.model',
  })
  expect(getSession(store, id(3))).toEqual({
    id: id(3),
    name: 's3',
    nameSource: 'user',
    type: 'Debug',
    typeSource: 'auto',
    status: 'Paused',
    waitingFor: null,
    since: 1000,
    detail: '',
    until: null,
    workspace: 'q',
    position: 2,
    cwd: '/home/me',
    model: 'some.model',
    agent: null,
    lastActive: 1000,
    messages: 0,
    turns: 0,
    owner: null,
  })
  expect(getSession(store, id(9))).toBeUndefined()
})

test("a list has the workspace's open sessions in their order; all of them adds closed and plain ones behind", async () => {
  for (const [number, facts] of [{}, {}, { workspace: null }, { workspace: 'other' }, {}].entries()) {
    clock = 1000 + number
    await addSession(store, number + 1, facts)
  }
  await completeSession(store, id(2))
  expect(names('q')).toEqual(['dev-1', 'dev-5'])
  expect(names('other')).toEqual(['dev-4'])
  expect(listOpen(store, null).map(({ name }) => name)).toEqual(['dev-3'])
  expect(names('q', true)).toEqual(['dev-1', 'dev-5', 'dev-4', 'dev-3', 'dev-2'])
  expect(listOthers(store, 'q', 2).map(({ name }) => name)).toEqual(['dev-4', 'dev-3'])
  expect(listAll(store).map(({ name }) => name)).toEqual(['dev-5', 'dev-4', 'dev-3', 'dev-2', 'dev-1'])
  expect(listBegunBy(store, 'dev-2').map(({ name }) => name)).toEqual(['dev-2'])
  expect(listBegunBy(store, id(4).slice(0, -1)).map(({ name }) => name)).toHaveLength(5)
  expect(countClosed(store, 'q')).toBe(1)
})

test('a status is kept with its reason and the moment when it began', async () => {
  await addSession(store, 1)
  clock = 3000
  await setSessionStatus(store, id(1), { status: 'WaitingForInput', waitingFor: 'approval', since: 2000 })
  expect(getSession(store, id(1))).toMatchObject({
    status: 'WaitingForInput',
    waitingFor: 'approval',
    since: 2000,
    lastActive: 3000,
  })
})

test('a closed session stays closed whatever its worker still says, and its prompts are dropped', async () => {
  await addSession(store, 1)
  await enqueuePrompt(store, id(1), 'never taken')
  await setSessionStatus(store, id(1), { status: 'WaitingForInput', waitingFor: 'input', since: 1 })
  await completeSession(store, id(1))
  await setSessionStatus(store, id(1), { status: 'Processing', waitingFor: null, since: 1 })
  expect(getSession(store, id(1))).toMatchObject({ status: 'Completed', waitingFor: null })
  expect(countPrompts(store, id(1))).toBe(0)
})

test('a rename says who gave the name, and is refused while another open session of the workspace has it', async () => {
  await addSession(store, 1)
  await addSession(store, 2)
  await addSession(store, 3, { workspace: 'other' })
  await renameSession(store, id(1), 'api')
  expect(getSession(store, id(1))).toMatchObject({ name: 'api', nameSource: 'user' })
  await renameSession(store, id(1), 'api')
  await renameSession(store, id(3), 'api')
  expect(await rejectionOf(renameSession(store, id(2), 'api'))).toMatchObject({
    name: 'UserError',
    message: 'another open session is called api',
    hint: 'choose another name, or rename that one',
  })
  expect(getSession(store, id(2))).toMatchObject({ name: 'dev-2', nameSource: 'auto' })
  await completeSession(store, id(1))
  await renameSession(store, id(2), 'api')
  expect(names('q')).toEqual(['api'])
})

test('two open sessions of a workspace cannot have one name, whatever way they come', async () => {
  await addSession(store, 1, { name: 'api' })
  await addSession(store, 2, { name: 'api', workspace: 'other' })
  await addSession(store, 3, { name: 'api', workspace: null })
  expect(await rejectionOf(addSession(store, 4, { name: 'api' }))).toMatchObject({ name: 'UserError' })
  await completeSession(store, id(1))
  await addSession(store, 5, { name: 'api' })
  expect(names('q')).toEqual(['api'])
})
