import type { Transcript } from './transcript.ts'
import { formatJson, parseJsonTranscript } from './transcript-json.ts'
import { formatMarkdown, parseMarkdown } from './transcript-markdown.ts'

export type TranscriptKind = 'markdown' | 'json'

/** JSON for a file that ends in `.json`, else Markdown. */
export function kindOf(file: string): TranscriptKind {
  return /\.json$/i.test(file) ? 'json' : 'markdown'
}

/** What `parseTranscript` of the same kind reads back exactly; lone surrogates, which no file holds, are replaced. */
export function formatTranscript(transcript: Transcript, kind: TranscriptKind): string {
  const text = kind === 'json' ? formatJson(transcript) : formatMarkdown(transcript)
  return text.toWellFormed()
}

/**
 * Reads what `formatTranscript` made. `file` is how messages call it.
 * @throws UserError with the line and the reason for anything else
 */
export function parseTranscript(text: string, kind: TranscriptKind, file: string): Transcript {
  return kind === 'json' ? parseJsonTranscript(text, file) : parseMarkdown(text, file)
}
