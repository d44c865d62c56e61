import type { SessionType } from '../domain/session.ts'
import { typeCues } from './data/type-cues.ts'
import { withoutGreeting } from './sentences.ts'

/** What kind of work a session is, from what its user said first; Development where nothing tells. */
export function typeFrom(messages: readonly string[]): SessionType {
  const points: Record<SessionType, number> = { Debug: 0, Planning: 0, CodeReview: 0, Development: 0 }
  const texts = messages.slice(0, maxMessages).map((message) => withoutGreeting(message.slice(0, maxLength)))
  texts.filter(Boolean).forEach((text, index) => {
    for (const { type, weight, pattern } of typeCues) {
      if (pattern.test(text)) points[type] += weight / (index + 1)
    }
  })
  const best = (Object.keys(points) as SessionType[]).reduce((a, b) => (points[b] > points[a] ? b : a))
  return points[best] >= enough ? best : 'Development'
}

const maxMessages = 3
/** Cues further on are about details. */
const maxLength = 3000
/** A single weak cue is no type. */
const enough = 2
