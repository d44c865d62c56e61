import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/store/sqlite/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { parseQuery } from '../../src/text/text-search.ts'
import { addSession, type Home, id, openHome } from './harness.ts'

let home: Home
beforeEach(() => {
  home = openHome()
})
afterEach(() => home.dispose())

const rooms = new URL('../../src/store/', import.meta.url)
const files = readdirSync(rooms).filter((name) => name.endsWith('.ts') && name !== 'store.ts')

/** What is asked of the store, by name, with an example of each. */
const asked: Record<string, readonly unknown[] | ((store: Store) => readonly unknown[])> = {
  putQuestion: [id(1), { use: 'u', tool: 'execute_bash', lines: ['ls'], trust: 'x' }],
  dropQuestions: [id(1)],
  readQuestion: [id(1)],
  giveVerdict: [1, { type: 'decline', text: 'no' }],
  takeBackVerdict: [1],
  questionStands: [1],
  hasVerdict: [1],
  givenVerdict: [1],
  setAgentConversation: [id(1), 'conversation'],
  declineHere: [1],
  answeredThere: [1],
  dropQuestion: [1],
  isOverruled: [1],
  takeVerdict: [1],
  recordEvent: [id(1), 'woke'],
  addWorkspaceEvent: ['q', 'started'],
  recordMessage: [id(1), 'user', [{ type: 'text', text: 'hello' }]],
  readEvents: ['q', 0, 5],
  lastEvent: [],
  removeEvents: [1],
  borneNames: ['q'],
  lastBearer: ['dev-1', 'q'],
  namesBegunBy: ['dev', 'q'],
  findImport: ['x'],
  insertImport: [
    {
      id: id(7),
      sourceId: 'x',
      name: 'n',
      type: 'Debug',
      cwd: '/',
      createdAt: 1,
      updatedAt: 1,
      messages: [],
    },
  ],
  extendImport: [{ conversationId: id(1), messages: 0 }, [], 1],
  appendMessage: [id(1), 'user', [{ type: 'text', text: 'hello' }]],
  updateMessage: [id(1), 1, [], false],
  readMessages: [id(1)],
  readMessagesFrom: [id(1), 1],
  eachMessage: [id(1), 1],
  eachMessageBackwards: [id(1), 1],
  firstPlace: [id(1), 1],
  countFrom: [id(1), 1],
  bytesFrom: [id(1), 1, 1000],
  lastPromptAfter: [id(1), 1],
  readFirstPrompts: [id(1), 3],
  readLastMessages: [id(1), 3],
  readLastExchange: [id(1)],
  countTurns: [id(1)],
  fillConversation: [id(2), [{ role: 'user', blocks: [], partial: false, createdAt: 1 }]],
  insertMessage: [id(1), 'user', []],
  readMemory: [id(1)],
  setMemory: [id(1), { beginsAt: 1, summary: undefined }],
  forget: [id(1)],
  readContextChanges: [id(1)],
  changeContext: [id(1), [{ action: 'add', path: '/x', glob: undefined }]],
  oldClosedSessions: [1],
  deleteOldSession: [id(5), 1],
  takeChore: ['cleanup', 1],
  enqueuePrompt: [id(1), 'hello'],
  countPrompts: [id(1)],
  peekPrompt: [id(1)],
  takePrompt: [id(1), 1],
  dropPrompt: [1],
  searchMessages: [parseQuery('hello'), 5],
  insertSession: [
    { id: id(8), name: 'x', nameSource: 'auto', type: 'Debug', typeSource: 'auto', workspace: 'q', cwd: '/' },
  ],
  listOpen: ['q'],
  listBegunBy: ['dev'],
  countClosed: ['q'],
  getSession: [id(1)],
  renameSession: [id(1), 'other'],
  meantBefore: ['dev', 'q'],
  nameSession: [id(1), 'Debug', () => 'found'],
  setSessionStatus: [id(1), { status: 'Paused', waitingFor: null, since: 1 }],
  setSessionModel: [id(1), null],
  setSessionDirectory: [id(1), '/'],
  setPositions: ['q', [id(1)]],
  completeSession: [id(1)],
  claimSession: [id(1), { pid: 1, startTime: '1' }, () => false],
  releaseSession: [id(1), { pid: 1, startTime: '1' }],
  setOpen: [id(1), 'q', 'again'],
}

/** They are asked for all there is, or one after the other, the newest first, until there are enough. */
const reads: Record<string, string> = {
  listAll: 'all',
  listOthers: 'by idx_conversations_last_active',
  countSessions: 'all',
}

/** No query of the store's. */
const pure = ['endOf', 'verdictLasts']

test('no query reads rows that it does not need: each finds them by an index', async () => {
  const store = await home.open()
  for (let number = 1; number <= 5; number += 1) await addSession(store, number)
  const statements = new Set<string>()
  const db = new Proxy(store.db, {
    get(target, key) {
      if (key === 'prepare')
        return (sql: string) => {
          statements.add(sql)
          return target.prepare(sql)
        }
      const value = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  }) as Db
  const watched: Store = { ...store, db, read: (work) => work(db) }
  const unknown: string[] = []
  for (const file of files) {
    const module = (await import(new URL(file, rooms).href)) as Record<string, unknown>
    for (const [name, member] of Object.entries(module)) {
      if (typeof member !== 'function' || pure.includes(name) || name in reads) continue
      const words = asked[name]
      if (!words) unknown.push(name)
      else await run(member as Query, watched, words as readonly unknown[])
    }
  }
  expect(unknown).toEqual([])
  expect(statements.size).toBeGreaterThan(60)
  const scans = [...statements].flatMap((sql) =>
    plansOf(store, sql)
      .filter(isScan)
      .map((line) => `${line}: ${sql}`),
  )
  expect(scans).toEqual([])
})

test('the newest sessions are read in their order, without those behind them', async () => {
  const store = await home.open()
  const { listOthers } = await import('../../src/store/sessions.ts')
  const plans: string[] = []
  const db = {
    prepare(sql: string) {
      plans.push(...plansOf(store, sql))
      return store.db.prepare(sql)
    },
  }
  listOthers({ ...store, read: (work) => work(db as unknown as Db) }, 'q', 5)
  expect(plans).toEqual(['SCAN conversations USING INDEX idx_conversations_last_active'])
})

type Query = (store: Store, ...words: readonly unknown[]) => unknown

async function run(query: Query, store: Store, words: readonly unknown[]): Promise<void> {
  const result = await query(store, ...words)
  if (result !== null && typeof result === 'object' && Symbol.iterator in result)
    for (const _ of result as Iterable<unknown>);
  if (query.name === 'borneNames') {
    const names = result as { taken(name: string): boolean; highest(stem: string): number }
    names.taken('x')
    names.highest('dev-')
  }
}

function plansOf(store: Store, sql: string): string[] {
  const names = [...sql.matchAll(/@(\w+)/g)].map(([, name = '']) => [name, null])
  const places = Array.from(sql.matchAll(/\?/g), () => null)
  const explain = store.db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
  const rows = names.length > 0 ? explain.all(Object.fromEntries(names)) : explain.all(...places)
  return rows.map(({ detail }) => detail)
}

/** A virtual table looks its words up by itself; what a subquery found is few rows. */
function isScan(detail: string): boolean {
  return /^SCAN (?!.*VIRTUAL TABLE INDEX|\(?subquery|CONSTANT ROW)/.test(detail)
}
