import type { Command } from './door.ts'

const mark = '%q-mux$mark%'

/** What some text printed by tmux ends with, so that it can be told from what comes next. */
export const fence: Command = ['display-message', '-p', mark]

/**
 * The texts that were printed before each fence, and what came after the last. tmux 3.4 prints a backslash before each `$` that
 * begins a variable, which the fences show; without it, what is read could not be set again.
 */
export function betweenFences(output: string): string[] {
  const isEscaped = output.includes(`${mark.replace('$', '\\$')}`)
  const printed = isEscaped ? output.replaceAll(/\\(\$[A-Za-z_{])/g, '$1') : output
  return printed.split(`${mark}`).map((text) => text.replace(/^\n/, '').replace(/\n$/, ''))
}
