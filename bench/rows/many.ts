import { insertMessage } from '../../src/store/messages.ts'
import { insertSession } from '../../src/store/sessions.ts'
import type { Lab } from '../../tests/support/lab.ts'
import { interleave, type Line, median, type Row } from '../measure.ts'
import { said, startSessions, withLab, withStore } from '../workspace.ts'

const turns = 5
const conversations = { few: 10, many: 10_000 }
const messagesEach = 20

/** What is done, and how much more it may take than with few conversations. */
const commands: [words: (turn: number) => string[], ratio: number][] = [
  [() => ['mux', 'list'], 1.3],
  [() => ['mux', 'status'], 1.3],
  [() => ['mux', 'switch', 'one'], 1.3],
  [() => ['mux', 'send', 'one', '/help'], 1.3],
  [(turn) => ['mux', 'rename', 'two', turn % 2 ? 'two-too' : 'two'], 1.3],
  [(turn) => ['mux', 'search', `word${turn}`], 3],
  [() => ['mux', 'search', 'conversation'], 3],
  [() => ['mux', 'doctor'], 3],
]

export const row: Row = {
  about: '10,000 conversations, 200,000 messages',
  run: () =>
    withLab((few) =>
      withLab(async (many) => {
        await fill(few, conversations.few)
        await fill(many, conversations.many)
        for (const lab of [few, many]) await startSessions(lab, ['one', 'two'])
        const lines: Line[] = []
        for (const command of commands) lines.push(await compare(few, many, command))
        return lines
      }),
    ),
}

async function compare(few: Lab, many: Lab, [words, ratio]: (typeof commands)[number]): Promise<Line> {
  const timed = (lab: Lab) => async (turn: number) => {
    const begin = performance.now()
    await said(lab, words(turn + 1))
    return performance.now() - begin
  }
  const samples = await interleave(turns, { floor: timed(few), ours: timed(many) })
  return {
    what: `${row.about}: q ${words(1).join(' ')} (floor: 10)`,
    unit: 'ms',
    floor: median(samples.floor),
    ours: median(samples.ours),
    budget: { ratio },
  }
}

/** Closed sessions, in each of which the same was said, and a word that few others have. */
async function fill(lab: Lab, number: number): Promise<void> {
  const facts = { nameSource: 'user', typeSource: 'user', type: 'Development', workspace: 'q' } as const
  await withStore(lab, async (store) => {
    await store.write(() => {
      for (let at = 0; at < number; at += 1) {
        const id = crypto.randomUUID()
        insertSession(store, { id, name: `talk-${at}`, cwd: lab.home, ...facts })
        for (let message = 0; message < messagesEach; message += 1)
          insertMessage(store, id, message % 2 === 0 ? 'user' : 'assistant', [
            { type: 'text', text: `message word${at % 10} of conversation ${at}, `.repeat(5) },
          ])
      }
      store.db.prepare("UPDATE conversations SET session_status = 'Completed', closed = 1").run()
    })
  })
}
