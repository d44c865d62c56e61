// What the store's tests let other processes do: `process.ts VERB FILE …`. Every line it prints is a fact that holds.
import { flushCompileCache } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../src/base/errors.ts'
import { uniqueName } from '../../src/domain/session-name.ts'
import { createSession } from '../../src/sessions/open-session.ts'
import type { Workspace } from '../../src/sessions/workspace/workspace-context.ts'
import { appendMessage, updateMessage } from '../../src/store/messages.ts'
import { enqueuePrompt, peekPrompt, takePrompt } from '../../src/store/prompts.ts'
import { claimSession, completeSession, nameSession, renameSession } from '../../src/store/sessions.ts'
import { openDatabase, tryLock } from '../../src/store/sqlite/sqlite.ts'
import { openStore } from '../../src/store/store.ts'
import { livenessOf, thisProcess } from '../support/processes.ts'
import { migrations } from './harness.ts'

const [verb = '', file = '', ...words] = process.argv.slice(2)
const [session = '', amount = '0'] = words
process.umask(0)

const open = () =>
  openStore({
    file,
    migrations,
    now: Date.now,
    waiting: { sleep: (ms) => sleep(ms), onWait: () => {} },
  })

const verbs: Record<string, () => Promise<void>> = {
  async open() {
    const store = await open()
    say('open')
    store.close()
  },
  /** Says each message once it is committed: `whole SEQ` or, while an answer grows, `part SEQ LENGTH`. */
  async write() {
    const store = await open()
    for (let number = 1; ; number += 1) {
      const text = `message ${number} of ${process.pid}`
      say(`whole ${await appendMessage(store, session, 'user', [{ type: 'text', text }])} ${text}`)
      const seq = await appendMessage(store, session, 'assistant', [], true)
      for (let length = 1; length <= 3; length += 1) {
        await updateMessage(
          store,
          session,
          seq,
          [{ type: 'text', text: 'x'.repeat(length * 900) }],
          length < 3,
        )
        say(`part ${seq} ${length * 900}`)
      }
    }
  },
  async append() {
    const store = await open()
    for (let number = 0; number < Number(amount); number += 1) {
      const text = `${process.pid} ${number}`
      say(`${await appendMessage(store, session, 'user', [{ type: 'text', text }])}`)
    }
    store.close()
  },
  async enqueue() {
    const store = await open()
    for (let number = 0; number < Number(amount); number += 1)
      await enqueuePrompt(store, session, `${process.pid} ${number}`)
    store.close()
  },
  /** Takes prompts until there are none, as workers would that all believe the queue to be theirs. */
  async take() {
    const store = await open()
    say('ready')
    for (let next = peekPrompt(store, session); next; next = peekPrompt(store, session)) {
      const seq = await takePrompt(store, session, next.promptId)
      if (seq !== undefined) say(`${seq} ${next.text}`)
    }
    store.close()
  },
  /**
   * Opens sessions, has them name themselves, be renamed and closed, in an order of its own. Says each name that was given
   * by itself: `NAME ID`.
   */
  async name() {
    const store = await open()
    const settings = { sessions: { max_active_sessions: 2000, name_max_length: 20 } }
    const workspace = { name: 'q', settings, store, newId: () => crypto.randomUUID() } as unknown as Workspace
    const mine: string[] = []
    for (let step = 0; step < Number(amount); step += 1) {
      const chosen = mine[Math.floor(Math.random() * mine.length)]
      const kind = Math.floor(Math.random() * 5)
      if (chosen === undefined || kind < 2) {
        const { session } = await createSession(workspace, { cwd: '/' })
        mine.push(session.id)
        say(`${session.name} ${session.id}`)
      } else if (kind === 2) {
        const named = await nameSession(store, chosen, 'Development', ({ taken }) =>
          uniqueName(['api', 'dev', 'dev-3', 'fix-login'][step % 4] ?? '', 20, taken),
        )
        if (named?.nameSource === 'auto') say(`${named.name} ${named.id}`)
      } else if (kind === 3) {
        const words = [`mine-${process.pid}-${step}`, 'dev-5', 'api']
        await renameSession(store, chosen, words[step % 3] ?? '').catch((error: unknown) => {
          if (!(error instanceof UserError)) throw error
        })
      } else await completeSession(store, chosen)
    }
    store.close()
  },
  async claim() {
    const store = await open()
    const mine = thisProcess()
    const owner = await claimSession(store, session, mine, (other) => livenessOf(other) !== 'gone')
    say(owner ? `refused ${owner.pid}` : `claimed ${mine.pid}`)
    if (!owner) await forever()
  },
  /** Holds the write lock, as a program like the sqlite3 shell does between BEGIN and COMMIT. */
  async hold() {
    const db = openDatabase(file)
    db.exec('BEGIN IMMEDIATE')
    say('holds')
    await new Promise((resolve) => process.stdin.once('data', resolve))
    db.exec('COMMIT')
    say('let go')
  },
  async lock() {
    const lock = tryLock(file)
    say(lock ? 'locked' : 'refused')
    if (lock) await forever()
  },
}

flushCompileCache()
await verbs[verb]?.()
process.exit()

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function forever(): Promise<never> {
  setInterval(() => {}, 1 << 30)
  return new Promise(() => {})
}
