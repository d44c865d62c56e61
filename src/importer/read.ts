import { parseConversation } from './parse.ts'
import type { FoundConversation, SkipReason, Source, SourceRow } from './source.ts'

/** A row's value is not even read beyond this: parsing takes many times its size in memory. */
export const maxValueBytes = 64 * 1024 * 1024

/** Every conversation of a source, one in memory at a time; what cannot be used comes with its reason. */
export async function* readConversations<Row extends SourceRow>(
  source: Source<Row>,
  now: number,
): AsyncGenerator<FoundConversation> {
  for await (const row of source.rows()) {
    const skipped = (reason: SkipReason): FoundConversation => ({
      kind: 'skipped',
      skipped: { reason, sourceId: row.conversationId, directory: row.directory },
    })
    if (row.bytes > maxValueBytes) {
      yield skipped('too-large')
      continue
    }
    const value = await source.value(row)
    if (value.kind === 'gone') continue
    if (value.kind !== 'text') {
      yield skipped(value.kind)
      continue
    }
    const parsed = parseConversation(row, value.text, now)
    yield typeof parsed === 'string' ? skipped(parsed) : { kind: 'conversation', conversation: parsed }
  }
}
