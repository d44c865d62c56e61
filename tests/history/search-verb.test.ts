import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendMessage } from '../../src/store/messages.ts'
import { completeSession } from '../../src/store/sessions.ts'
import { type Lab, openLab } from '../support/lab.ts'
import { openStoreAt } from '../support/store.ts'

let lab: Lab
beforeEach(async () => {
  lab = openLab()
  await lab.q(['mux', 'new', 's3-debug', '--background'])
  await lab.q(['chat', 'the zanzibar is mine'])
  const store = await openStoreAt(lab.database)
  const [session] = (await lab.list()).sessions.filter(({ name }) => name === 's3-debug')
  await appendMessage(store, session?.id ?? '', 'assistant', [
    { type: 'text', text: 'the zanzibar\u001b]0;owned\u0007 policy denies it' },
  ])
  await completeSession(store, session?.id ?? '')
  store.close()
})
afterEach(() => lab.dispose())

test('q mux search finds what was said in closed sessions and plain chats', async () => {
  const found = await lab.q(['mux', 'search', 'zanzibar', 'polic'])
  expect(found).toMatchObject({ code: 0, stderr: '' })
  expect(found.stdout).toMatch(
    /^s3-debug {2}\[COMPLETED\] \d{4}-\d\d-\d\d \d\d:\d\d answer\n {2}the «zanzibar» ?.*«policy» denies it\n$/,
  )
  expect(found.stdout).not.toContain('\u001b')
  const all = JSON.parse((await lab.q(['mux', 'search', 'zanzibar', '--json'])).stdout)
  expect(all.results).toHaveLength(2)
  expect(all.results[1]).toMatchObject({ name: 'dev-1', role: 'user', snippet: 'the zanzibar is mine' })
  expect(all.results[1].marks).toEqual(['zanzibar'])
  expect((await lab.q(['mux', 'search', 'zanzibar', '--limit', '1'])).stderr).toContain('there is more')
})

test('q mux search says that there is nothing, and what a query needs', async () => {
  expect(await lab.q(['mux', 'search', 'zebra "x'])).toMatchObject({ code: 1, stdout: '' })
  expect((await lab.q(['mux', 'search', 'zebra'])).stderr).toBe('nothing that was said has zebra\n')
  expect(await lab.q(['mux', 'search', ' '])).toMatchObject({ code: 2 })
  expect(await lab.q(['mux', 'search', 'x', '--limit', '0'])).toMatchObject({ code: 2 })
})
