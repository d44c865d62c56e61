import { describe, expect, test } from 'vitest'
import { validHistory } from '../../src/domain/valid-history.ts'
import { parseConversation } from '../../src/importer/parse.ts'
import type { Conversation, SourceRow } from '../../src/importer/source.ts'
import { exampleId, exchange, toolTalk, value } from './example.ts'

const now = Date.parse('2025-12-01T00:00:00Z')
const row: SourceRow = {
  directory: '/home/u/app',
  conversationId: null,
  createdAt: null,
  updatedAt: null,
  bytes: 0,
}

function parsed(text: string, more: Partial<SourceRow> = {}): Conversation {
  const found = parseConversation({ ...row, ...more }, text, now)
  if (typeof found === 'string') throw new Error(found)
  return found
}

/** Role and blocks in short: `user: text`, `assistant: text + name{input}`, `user: =result`. */
function said(history: unknown[], more: object = {}): string[] {
  return validHistory(parsed(value(history, exampleId, more)).messages).map(({ role, blocks }) => {
    const words = blocks.map((block) => {
      if (block.type === 'text') return block.text
      if (block.type === 'tool_use') return `${block.name}#${block.id}${JSON.stringify(block.input)}`
      return `=${block.id} ${block.status} ${block.content}`
    })
    return `${role}: ${words.join(' + ')}`
  })
}

const user = (content: unknown, more: object = {}): object => ({ content, ...more })
const prompt = (text: string | null): object => user({ Prompt: { prompt: text } })
const response = (content: unknown): object => ({ Response: { content } })
const use = (...tool_uses: unknown[]): object => ({ ToolUse: { content: '', tool_uses } })
const ls = { id: 't1', name: 'execute_bash', args: { command: 'ls' } }
const result = (id: string, content: unknown, status = 'Success'): object =>
  user({ ToolUseResults: { tool_use_results: [{ tool_use_id: id, content, status }] } })
const cancelled = (text: string | null): object =>
  user({
    CancelledToolUses: {
      prompt: text,
      tool_use_results: [{ tool_use_id: 't1', content: [{ Text: 'cancelled' }], status: 'Error' }],
    },
  })

describe('both shapes of a history become the same conversation', () => {
  const arrays = toolTalk.map((entry) => [entry.user, entry.assistant])
  const expected = [
    'user: list the files here',
    `assistant: I'll list it. + execute_bash#tooluse_abc123{"command":"ls"}`,
    'user: =tooluse_abc123 success {"exit_status":"0","stdout":"README.md","stderr":""}',
    'assistant: One file: README.md.',
  ]
  test.each([
    ['objects', toolTalk],
    ['arrays, as before 1.13', arrays],
    ['both, in a conversation that lived through the change', [arrays[0], toolTalk[1]]],
  ])('%s', (_name, history) => {
    expect(said(history as unknown[])).toEqual(expected)
  })
})

test.each<[string, unknown[], string[]]>([
  [
    'a cancelled tool use with the words that came instead',
    [
      [prompt('go'), use(ls)],
      [cancelled('no, do not'), response('fine')],
    ],
    [
      'user: go',
      'assistant: execute_bash#t1{"command":"ls"}',
      'user: =t1 error cancelled + no, do not',
      'assistant: fine',
    ],
  ],
  [
    'a cancelled tool use without words',
    [
      [prompt('go'), use(ls)],
      [cancelled(null), response('fine')],
    ],
    [
      'user: go',
      'assistant: execute_bash#t1{"command":"ls"}',
      'user: =t1 error cancelled',
      'assistant: fine',
    ],
  ],
  [
    'results of several parts, text and JSON',
    [
      [prompt('go'), use(ls)],
      [result('t1', [{ Text: 'a' }, { Json: { b: 1 } }, { Video: 1 }, null]), response('ok')],
    ],
    [
      'user: go',
      'assistant: execute_bash#t1{"command":"ls"}',
      'user: =t1 success a\n{"b":1}',
      'assistant: ok',
    ],
  ],
  [
    'a tool use that never got its result',
    [
      [prompt('go'), use(ls)],
      [prompt('never mind'), response('ok')],
    ],
    [
      'user: go',
      'assistant: execute_bash#t1{"command":"ls"}',
      'user: =t1 error The tool was interrupted and not run again. + never mind',
      'assistant: ok',
    ],
  ],
  [
    'a tool use at the very end',
    [[prompt('go'), use(ls)]],
    [
      'user: go',
      'assistant: execute_bash#t1{"command":"ls"}',
      'user: =t1 error The tool was interrupted and not run again.',
    ],
  ],
  [
    'a result without its use',
    [
      [prompt('go'), response('ok')],
      [result('t9', [{ Text: 'lost' }]), response('well')],
    ],
    ['user: go', 'assistant: ok + well'],
  ],
  [
    'one id for two uses, also within one answer',
    [
      [prompt('go'), use(ls, ls)],
      [result('t1', [{ Text: 'a' }]), use(ls)],
      [result('t1', [{ Text: 'b' }]), response('ok')],
    ],
    [
      'user: go',
      'assistant: execute_bash#t1{"command":"ls"}',
      'user: =t1 success a',
      'assistant: execute_bash#t1-2{"command":"ls"}',
      'user: =t1-2 success b',
      'assistant: ok',
    ],
  ],
  [
    'ids, names and arguments that no service accepts',
    [
      [
        prompt('go'),
        use(
          { id: 'a b/ü', name: '@git/log x', args: ['x'] },
          { id: 'n', orig_name: 'o', orig_args: { y: 1 } },
        ),
      ],
      [result('a b/ü', []), response('ok')],
    ],
    [
      'user: go',
      'assistant: _git_log_x#a_b__{"value":["x"]} + o#n{"y":1}',
      'user: =n error The tool was interrupted and not run again. + =a_b__ success (no output)',
      'assistant: ok',
    ],
  ],
  [
    'null, absent and empty keys',
    [
      [prompt('hi'), null],
      { user: null, assistant: response('there') },
      { user: user(null), assistant: response(null) },
      {},
      { user: prompt('  '), assistant: response('') },
      { user: { content: { Prompt: {} } }, assistant: { ToolUse: {} } },
      { user: prompt('bye') },
    ],
    ['user: hi', 'assistant: there', 'user: bye'],
  ],
  [
    'an answer first',
    [{ assistant: response('hello') }],
    ['user: (the beginning is missing)', 'assistant: hello'],
  ],
  [
    'half surrogates and control characters',
    [exchange('a\ud800b', '\u001b[31mred\u0000')],
    ['user: a\ufffdb', 'assistant: \u001b[31mred\u0000'],
  ],
])('%s', (_name, history, expected) => {
  expect(said(history)).toEqual(expected)
})

test('a result is kept only where its use is in the answer just before', () => {
  const late = parsed(
    value([
      [prompt('go'), use(ls)],
      [prompt('wait'), response('ok')],
      [result('t1', [{ Text: 'late' }]), response('well')],
      [result('t9', [{ Text: 'lost' }]), response('done')],
    ]),
  )
  const kinds = late.messages.map(({ blocks }) => blocks.map(({ type }) => type).join())
  expect(kinds).toEqual(['text', 'tool_use', 'text', 'text', 'text', 'text'])
})

test('what /compact left stands first, as a pair or as a text', () => {
  const expected = ['user: Summary of what was said before:\n\nwe built it + go on', 'assistant: ok']
  expect(said([exchange('go on', 'ok')], { latest_summary: ['we built it', { model: 'm' }] })).toEqual(
    expected,
  )
  expect(said([exchange('go on', 'ok')], { latest_summary: 'we built it' })).toEqual(expected)
  expect(said([], { latest_summary: 'we built it' })).toHaveLength(1)
})

test('images are left out and counted, and a prompt of nothing else says so', () => {
  const images = [{ format: 'png', source: { Bytes: [137, 80, 78, 71] } }]
  const found = parsed(
    value([
      [user({ Prompt: { prompt: 'look' } }, { images }), response('a cat')],
      [user({ Prompt: { prompt: '' } }, { images: [...images, ...images] }), response('two cats')],
    ]),
  )
  expect(found.images).toBe(3)
  expect(found.messages.filter(({ role }) => role === 'user').map(({ blocks }) => blocks)).toEqual([
    [{ type: 'text', text: 'look' }],
    [{ type: 'text', text: '(2 images, which were not imported)' }],
  ])
})

test('a big picture does not make a conversation too large, and its like in a text is left alone', () => {
  const bytes = `[${'137,'.repeat(9_000_000)}1]`
  const quoted = 'say "source":{"Bytes":[1,2]}'
  const text = value([
    [user({ Prompt: { prompt: quoted } }, { images: [{ source: { Bytes: [] } }] }), response('x')],
  ])
  const found = parsed(text.replace('"Bytes":[]', `"Bytes":${bytes}`))
  expect(found.images).toBe(1)
  expect(found.userMessages).toEqual([quoted])
})

test.each<[string, string, string]>([
  ['not JSON', '{"history": [', 'not-json'],
  ['empty text', '', 'not-json'],
  ['null', 'null', 'not-a-conversation'],
  ['an array', '[]', 'not-a-conversation'],
  ['a number', '7', 'not-a-conversation'],
  ['a history that is none', '{"history": {"0": 1}}', 'not-a-conversation'],
  [
    'entries that are none',
    '{"history": [1, "x", true, {"user": 3, "assistant": []}]}',
    'not-a-conversation',
  ],
  [
    'variants of another program',
    '{"history": [[{"content": {"Audio": 1}}, {"Song": 2}]]}',
    'not-a-conversation',
  ],
  ['no history', '{}', 'empty'],
  ['an empty history', '{"history": []}', 'empty'],
  ['a history of nothing said', '{"history": [{"user": null, "assistant": null}, []]}', 'empty'],
  ['more than can be held', `{"history": ["${'x'.repeat(33 * 1024 * 1024)}"]}`, 'too-large'],
])('%s is skipped with its reason', (_name, text, reason) => {
  expect(parseConversation(row, text, now)).toBe(reason)
})

test('entries of an unknown shape are counted, and the rest is kept', () => {
  const found = parsed(value([exchange('a', 'b'), 'garbage', { user: prompt('c'), assistant: { Poem: {} } }]))
  expect(found.unread).toBe(2)
  expect(found.messages).toHaveLength(3)
})

test('arguments nested a hundred thousand deep are cut, and __proto__ is an ordinary key', () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
  const text = value([[prompt('go'), use({ id: 't', name: 'x', args: {} })]]).replace(
    '"args":{}',
    `"args":{"__proto__":{"bad":1},"deep":${deep}}`,
  )
  const use1 = parsed(text).messages[1]?.blocks[0]
  const input = JSON.stringify(use1?.type === 'tool_use' ? use1.input : undefined)
  expect(input).toContain('"__proto__":{"bad":1}')
  expect(input).toContain('nested too deeply')
  expect(input.length).toBeLessThan(1000)
  expect(({} as { bad?: unknown }).bad).toBeUndefined()
})

test('times come from the row, else from the timestamps, else from now, and never lie ahead', () => {
  const first = Date.parse('2025-11-20T08:30:00.123Z')
  const plain = parsed(value(toolTalk))
  expect([plain.createdAt, plain.updatedAt]).toEqual([first, first])
  expect(plain.messages.map(({ createdAt }) => createdAt)).toEqual([first, first, first, first])

  const newer = parsed(value(toolTalk), { createdAt: 1_700_000_000_000, updatedAt: 1_700_000_600_000 })
  expect([newer.createdAt, newer.updatedAt]).toEqual([1_700_000_000_000, 1_700_000_600_000])

  const wrong = parsed(value([exchange('a', 'b', 'yesterday'), exchange('c', 'd', '2999-01-01T00:00:00Z')]), {
    createdAt: -5,
    updatedAt: Number.NaN,
  })
  expect([wrong.createdAt, wrong.updatedAt]).toEqual([now, now])
})

test("the id is the row's, else the one in the JSON, else the directory", () => {
  expect(parsed(value(toolTalk), { conversationId: 'of-the-row' }).sourceId).toBe('of-the-row')
  expect(parsed(value(toolTalk)).sourceId).toBe(exampleId)
  expect(parsed(value(toolTalk, null)).sourceId).toBe('directory:/home/u/app')
  expect(parsed(value(toolTalk, 'x'.repeat(500))).sourceId).toBe('directory:/home/u/app')
})
