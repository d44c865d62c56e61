import type { Session } from '../../domain/session.ts'
import type { ResumeChoice } from '../../sessions/resume-session.ts'
import { span } from '../../text/plain-text.ts'
import { sanitize } from '../../text/sanitizer.ts'
import { createStyle, wantsColour } from '../../text/style.ts'
import { pick } from './picker.ts'

/** Lets a person pick the conversation to go on with, by its name or by the last words said in it. */
export function pickChat(chats: readonly ResumeChoice[], now: number): Promise<Session | undefined> {
  const style = createStyle(wantsColour(process.stdout, process.env))
  const width = Math.min(24, Math.max(0, ...chats.map(({ session }) => session.name.length)))
  // Made when they are asked for: of hundreds of conversations a screen shows some twenty.
  const choices = chats.map(({ session, lastWords }) => ({
    value: session,
    get key() {
      return `${session.name} ${lastWords()}`
    },
    get line() {
      const age = style.dim(span(now - session.lastActive).padStart(6))
      return `${style.bold(sanitize(session.name).padEnd(width))}  ${age}  ${lastWords()}`
    },
  }))
  return pick(
    { choices, help: 'type to narrow · ↑↓ · Enter continues it · Esc', none: 'nothing matches' },
    style,
  )
}
