import { expect, test } from 'vitest'
import type { Block } from '../../src/domain/message.ts'
import type { Transcript } from '../../src/transcript/transcript.ts'
import {
  formatTranscript,
  kindOf,
  parseTranscript,
  type TranscriptKind,
} from '../../src/transcript/transcript-format.ts'

const kinds: TranscriptKind[] = ['markdown', 'json']

test.each(kinds)('%s: whatever was said comes back exactly', (kind) => {
  for (let seed = 1; seed <= 3000; seed += 1) {
    const transcript = anyTranscript(random(seed))
    const text = formatTranscript(transcript, kind)
    expect(parseTranscript(text, kind, 'f'), `seed ${seed}`).toEqual(transcript)
  }
})

test.each(kinds)('%s: a saved conversation within a conversation comes back exactly', (kind) => {
  const inner = formatTranscript(anyTranscript(random(7)), 'markdown')
  const twice = formatTranscript(conversation([{ type: 'text', text: inner }]), 'markdown')
  const outer = conversation([{ type: 'text', text: twice }])
  expect(parseTranscript(formatTranscript(outer, kind), kind, 'f')).toEqual(outer)
})

test('Markdown reads well', () => {
  const transcript = conversation(
    [{ type: 'text', text: 'What is in it?\n\n```sh\nls\n```' }],
    [
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', id: 't1', name: 'bash', input: { command: 'ls' } },
    ],
  )
  expect(formatTranscript(transcript, 'markdown')).toBe(`<!-- q:transcript {"v":1,"name":"s3-debug"} -->

# s3-debug

## You, 2026-03-01 12:00 UTC <!-- q:user {"at":1772366400000} -->

What is in it?

\`\`\`sh
ls
\`\`\`

## Answer, 2026-03-01 12:00 UTC <!-- q:assistant {"at":1772366400000} -->

I look.

<!-- q:tool_use -->

\`\`\`json
{
  "id": "t1",
  "name": "bash",
  "input": {
    "command": "ls"
  }
}
\`\`\`

<!-- q:end -->
`)
})

test('a result with fences in it stands in a longer fence', () => {
  const content = '```\nls\n```'
  const transcript = conversation([{ type: 'tool_result', id: 't', content, status: 'success' }])
  expect(formatTranscript(transcript, 'markdown')).toContain(`\n\`\`\`\`\n${content}\n\`\`\`\`\n`)
})

const saved = formatTranscript(conversation([{ type: 'text', text: 'hi' }]), 'markdown')

test.each([
  ['', 'f, line 1: this is not a conversation that /save wrote'],
  ['# Notes\n\ntext\n', 'f, line 1: this is not a conversation that /save wrote'],
  [saved.replaceAll('\n', '\r\n'), 'f, line 1: this line begins like a mark'],
  [saved.replace('"v":1', '"v":2'), 'f, line 1: this is version 2; this q reads version 1'],
  [saved.slice(0, -20), 'f, line 5: the end is missing'],
  [saved.replace('q:user', 'q:system'), 'f, line 5: nothing is called "system" here'],
  [saved.replace('"at":1772366400000', '"at":"now"'), 'f, line 5: a time is a whole number'],
  [saved.replace('"at":', '"x":1,"at":'), 'f, line 5: nothing is called "x" here'],
  [`${saved}more\n`, 'f, line 9: something stands behind the end'],
  [saved.replace('hi', 'hi\n<!-- q:what'), 'f, line 8: this line begins like a mark of /save but is not one'],
])('Markdown that /save did not write is refused with the line: %#', (text, reason) => {
  expect(() => parseTranscript(text, 'markdown', 'f')).toThrow(reason)
})

const json = formatTranscript(
  conversation(
    [{ type: 'text', text: 'a "}]' }],
    [{ type: 'tool_use', id: 't', name: 'n', input: [1, { x: '{' }] }],
  ),
  'json',
)

test.each([
  ['', 'f, line 1: Unexpected end of JSON input'],
  ['{"format":', 'f, line 1: Unexpected end of JSON input'],
  [
    json.replace('"name": "s3-debug",', '"name": "s3-debug"'),
    "f, line 5: Expected ',' or '}' after property value",
  ],
  ['[]', 'f, line 1: an object with format, v, name, messages is expected'],
  [json.replace('"v": 1', '"v": 2'), 'f, line 3: v: version 2; this q reads version 1'],
  [json.replace('"assistant"', '"system"'), 'f, line 18: messages[1].role: role is one of user, assistant'],
  [json.replace('"tool_use"', '"image"'), 'f, line 23: messages[1].blocks[0].type: type is one of text'],
  [json.replace('"id": "t"', '"id": 7'), 'f, line 24: messages[1].blocks[0].id: id is a text'],
  [
    json.replace('"partial": false', '"partial": false, "extra": 1'),
    'f, line 9: messages[0].extra: nothing is called',
  ],
  [json.replace('"partial": false,', ''), 'f, line 6: messages[0]: partial is missing'],
])('JSON of another shape is refused with the line and the place: %#', (text, reason) => {
  expect(() => parseTranscript(text, 'json', 'f')).toThrow(reason)
})

test('the name of the file says what is in it', () => {
  expect(['a.json', 'a.JSON', 'a.md', 'json', 'a.json.md'].map(kindOf)).toEqual([
    'json',
    'json',
    'markdown',
    'markdown',
    'markdown',
  ])
})

function conversation(...messages: Block[][]): Transcript {
  return {
    name: 's3-debug',
    messages: messages.map((blocks, place) => ({
      role: place % 2 === 0 ? 'user' : 'assistant',
      createdAt: Date.UTC(2026, 2, 1, 12),
      partial: false,
      blocks,
    })),
  }
}

const nasty = [
  '\n', '\n\n', '\r\n', '\r', ' ', '', 'word', '```', '````json', '~~~', '\u2028', '\u0085', '\t', '🚀', 'é',
  '## You', '## You, 2026-03-01 12:00 UTC <!-- q:user {"at":1} -->', '<!-- q:end -->', '<!-- q:text -->', '\\',
  '\n<!-- q:end -->\n', '\n\\<!-- q:tool_use -->\n', '\n## x\r<!-- q:user -->\n', '-->', '>', '{"v":1}', '\u0000', '\u001b[31m', '# ',
] // biome-ignore format: a list of bits

function anyTranscript(next: (below: number) => number): Transcript {
  const text = (): string => Array.from({ length: next(7) }, () => nasty[next(nasty.length)]).join('')
  const block = (): Block => {
    const type = next(4)
    if (type === 0)
      return { type: 'tool_use', id: text(), name: text(), input: { [text()]: [text(), next(9), null] } }
    if (type === 1)
      return { type: 'tool_result', id: text(), content: text(), status: next(2) ? 'success' : 'error' }
    return { type: 'text', text: text() }
  }
  return {
    name: text(),
    messages: Array.from({ length: next(5) }, () => ({
      role: next(2) ? 'user' : 'assistant',
      createdAt: next(2 ** 40),
      partial: next(2) === 0,
      blocks: Array.from({ length: next(4) }, block),
    })),
  }
}

/** mulberry32 */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}
