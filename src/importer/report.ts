import { count, oneLine } from '../text/plain-text.ts'
import type { Skipped, SkipReason } from './source.ts'

/** What an import did, over one or several databases. */
export interface ImportReport {
  imported: number
  /** Went on at the source since the last import, and were brought up to date. */
  grown: number
  /** Were here already. */
  present: number
  skipped: Skipped[]
  images: number
  unread: number
}

export function emptyReport(): ImportReport {
  return { imported: 0, grown: 0, present: 0, skipped: [], images: 0, unread: 0 }
}

export function summaryLine({ imported, grown, present, skipped }: ImportReport): string {
  const parts = [`${count(imported, 'conversation')} imported`]
  if (grown > 0) parts.push(`${grown} brought up to date`)
  if (present > 0) parts.push(`${present} here already`)
  if (skipped.length > 0) parts.push(`${skipped.length} skipped`)
  return parts.join(', ')
}

/** What was left out and why, a line for each reason, fit for a terminal. */
export function leftOutLines({ skipped, images, unread }: ImportReport): string[] {
  const lines = [...Map.groupBy(skipped, ({ reason }) => reason)].map(
    ([reason, all]) => `skipped ${all.length}, ${reasons[reason]}: ${listed(all)}`,
  )
  if (images > 0) lines.push(`left out ${count(images, 'image')}: only text is imported`)
  if (unread > 0) lines.push(`left out ${count(unread, 'message')} of an unknown shape`)
  return lines
}

const reasons: Record<SkipReason, string> = {
  'too-large': 'larger than can be read (64 MB, or 32 MB without images)',
  'not-text': 'no text in the row',
  'not-json': 'not JSON',
  'not-a-conversation': 'JSON, but no conversation',
  empty: 'nothing was said',
  damaged: 'that part of the file is damaged',
  'open-here': 'went on there and is open here; close it and import again',
  'both-went-on': 'went on there and here since it was imported; yours stays as it is',
  differs: 'no longer what was imported (compacted or cleared there, or changed here); yours stays as it is',
}

const maxListed = 5

function listed(skipped: readonly Skipped[]): string {
  const shown = skipped.slice(0, maxListed).map(({ sourceId, directory }) => {
    const where = directory === null ? '' : ` (${oneLine(directory, 80)})`
    return `${oneLine(sourceId ?? '', 60) || 'without an id'}${where}`
  })
  const more = skipped.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
