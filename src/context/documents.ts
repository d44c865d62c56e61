import { attribute, enclosed } from '../domain/attachment.ts'
import { masked } from '../text/plain-text.ts'
import type { ContextFile } from './context-files.ts'

/** The files as the model reads them, behind the system prompt; empty without files. */
export function documents(files: readonly ContextFile[]): string {
  if (files.length === 0) return ''
  const texts = files.map(({ name, text, size, cut }) => {
    const path = `path="${attribute(masked(name))}"`
    return enclosed(
      'context_file',
      cut ? `${path} bytes="${size}" cut="only the beginning is here"` : path,
      text,
    )
  })
  return `\n\nContext files:\n\n${texts.join('\n\n')}`
}
