import { expect, test } from 'vitest'
import { isName } from '../../src/domain/session-name.ts'
import { nameFromDirectory } from '../../src/importer/imported-name.ts'
import { defaultDatabases } from '../../src/importer/places.ts'
import { maxValueBytes, readConversations } from '../../src/importer/read.ts'
import { emptyReport, leftOutLines, summaryLine } from '../../src/importer/report.ts'
import type { FoundConversation, Source, SourceRow } from '../../src/importer/source.ts'
import { parseTime } from '../../src/importer/time.ts'
import { toolTalk, value } from './example.ts'

test.each<[Record<string, string>, NodeJS.Platform, string[]]>([
  [
    { HOME: '/h' },
    'linux',
    ['/h/.local/share/kiro-cli/data.sqlite3', '/h/.local/share/amazon-q/data.sqlite3'],
  ],
  [
    { HOME: '/h', XDG_DATA_HOME: '/d' },
    'linux',
    [
      '/d/kiro-cli/data.sqlite3',
      '/h/.local/share/kiro-cli/data.sqlite3',
      '/d/amazon-q/data.sqlite3',
      '/h/.local/share/amazon-q/data.sqlite3',
    ],
  ],
  [
    { HOME: '/h', XDG_DATA_HOME: '/h/.local/share' },
    'darwin',
    [
      '/h/.local/share/kiro-cli/data.sqlite3',
      '/h/Library/Application Support/kiro-cli/data.sqlite3',
      '/h/.local/share/amazon-q/data.sqlite3',
      '/h/Library/Application Support/amazon-q/data.sqlite3',
    ],
  ],
  [{ XDG_DATA_HOME: 'relative', HOME: '' }, 'linux', []],
])('the places for %j on %s', (env, platform, expected) => {
  expect(defaultDatabases(env, platform)).toEqual(expected)
})

test.each([
  ['/home/u/My App', 'my-app'],
  ['/home/u/api_v2.1', 'api-v2-1'],
  ['/', 'dev-1'],
  ['/home/u/データ', 'dev-1'],
  ['/x/#(touch hacked);$(id)', 'touch-hacked-id'],
  ['/x/--help', 'help'],
  ['/x/..', 'dev-1'],
  ['/x/a\u001b]0;t\u0007\nb', 'a-0-t-b'],
  ['/x/exactly-twenty-chars-cut', 'exactly-twenty-chars'],
  ['/x/a-very-long-directory', 'a-very-long-director'],
  ['/x/nineteen-characters-x', 'nineteen-characters'],
  ['/x/taken', 'taken-2'],
])('%j gives the name %s', (directory, expected) => {
  const name = nameFromDirectory(20)(
    [],
    { taken: (candidate) => candidate === 'taken', highest: () => 0 },
    directory,
  )
  expect(name).toBe(expected)
  expect(isName(name)).toBe(true)
})

test.each([
  ['2025-11-20T09:30:00.123456789+01:00', '2025-11-20T08:30:00.123Z'],
  ['2025-11-20T09:30:00Z', '2025-11-20T09:30:00.000Z'],
  ['2025-11-20t09:30:00.5z', '2025-11-20T09:30:00.500Z'],
  ['2025-11-20 09:30:00-08:00', '2025-11-20T17:30:00.000Z'],
])('the time %s', (text, expected) => {
  expect(new Date(parseTime(text) ?? Number.NaN).toISOString()).toBe(expected)
})

test.each(['2025-11-20', '2025-13-40T09:30:00Z', '2025-11-20T09:30:00', 'now', '', null, 7, {}])(
  '%j is no time',
  (text) => {
    expect(parseTime(text)).toBeUndefined()
  },
)

test('a value beyond the limit is not even asked for, and the next one is read', async () => {
  const rows = [
    row('huge', maxValueBytes + 1),
    row('fine', 10),
    row('gone', 10),
    row('blob', 10),
    row('bad', 10),
  ]
  const asked: string[] = []
  const source: Source = {
    async *rows() {
      yield* rows
    },
    async value({ conversationId }) {
      asked.push(conversationId ?? '')
      if (conversationId === 'gone') return { kind: 'gone' }
      if (conversationId === 'blob') return { kind: 'not-text' }
      if (conversationId === 'bad') return { kind: 'damaged' }
      return { kind: 'text', text: value(toolTalk) }
    },
  }
  const found: FoundConversation[] = []
  for await (const one of readConversations(source, 1)) found.push(one)
  expect(asked).not.toContain('huge')
  expect(
    found.map((one) => (one.kind === 'skipped' ? one.skipped.reason : one.conversation.sourceId)),
  ).toEqual(['too-large', 'fine', 'not-text', 'damaged'])
})

function row(conversationId: string, bytes: number): SourceRow {
  return { directory: '/d', conversationId, createdAt: null, updatedAt: null, bytes }
}

test('the report is one line a reason, five conversations at most in each, and safe to print', () => {
  const skipped = Array.from({ length: 7 }, (_, index) => ({
    reason: 'empty' as const,
    sourceId: `id-${index}`,
    directory: index === 0 ? '/x/\u001b]52;c;aGk=\u0007\u202eevil\n' : null,
  }))
  const report = {
    ...emptyReport(),
    imported: 1,
    grown: 2,
    present: 3,
    images: 1,
    unread: 2,
    skipped: [...skipped, { reason: 'damaged' as const, sourceId: null, directory: '/y' }],
  }
  expect(summaryLine(report)).toBe('1 conversation imported, 2 brought up to date, 3 here already, 8 skipped')
  expect(leftOutLines(report)).toEqual([
    'skipped 7, nothing was said: id-0 (/x/ ]52;c;aGk= evil), id-1, id-2, id-3, id-4 and 2 more',
    'skipped 1, that part of the file is damaged: without an id (/y)',
    'left out 1 image: only text is imported',
    'left out 2 messages of an unknown shape',
  ])
})
