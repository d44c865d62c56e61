import { insertMessage } from '../../src/store/messages.ts'
import { insertSession } from '../../src/store/sessions.ts'
import type { Lab } from '../../tests/support/lab.ts'
import { interleave, median, type Row } from '../measure.ts'
import { said, withLab, withStore } from '../workspace.ts'

const turns = 5
const conversations = { few: 10, many: 10_000 }
const messagesEach = 20

export const row: Row = {
  about: 'q mux doctor in a large history',
  run: () =>
    withLab((few) =>
      withLab(async (many) => {
        await fill(few, conversations.few)
        await fill(many, conversations.many)
        const doctor = (lab: Lab) => async () => {
          const begin = performance.now()
          await said(lab, ['mux', 'doctor'])
          return performance.now() - begin
        }
        const samples = await interleave(turns, { floor: doctor(few), ours: doctor(many) })
        return [
          {
            what: '10,000 conversations, 200,000 messages: q mux doctor (floor: 10 conversations)',
            unit: 'ms',
            floor: median(samples.floor),
            ours: median(samples.ours),
            budget: { ratio: 3 },
          },
        ]
      }),
    ),
}

async function fill(lab: Lab, number: number): Promise<void> {
  const facts = { nameSource: 'user', typeSource: 'user', type: 'Development', workspace: 'q' } as const
  await withStore(lab, async (store) => {
    await store.write(() => {
      for (let at = 0; at < number; at += 1) {
        const id = crypto.randomUUID()
        insertSession(store, { id, name: `talk-${at}`, cwd: lab.home, ...facts })
        for (let message = 0; message < messagesEach; message += 1)
          insertMessage(store, id, message % 2 === 0 ? 'user' : 'assistant', [
            { type: 'text', text: `message ${message} of conversation ${at}, `.repeat(5) },
          ])
      }
    })
  })
}
