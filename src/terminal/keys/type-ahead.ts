import type { Clock } from '../../base/clock.ts'
import { isPress, type Key } from './key.ts'

/** Somebody who types when a question comes up must pause so long, in ms, before keys answer it. */
const pauseBeforeAnswer = 250
/** Who was about to answer a question that is taken back may not have seen it yet, for so long, in ms. */
const pauseAfterWithdrawal = 1000

/** Keys that nobody has read yet, and how long what is typed still counts as meant for what stood there before. */
export interface TypeAhead {
  /** Keeps keys for whoever reads next. */
  keep(keys: readonly Key[]): void
  /** Keeps a key that a question must not take for its answer. */
  keepFromQuestion(key: Key): void
  /** Keeps what was typed into a question that was taken back. */
  keepWithdrawn(text: string): void
  /** Gives out what was kept. */
  take(): Key[]
  forget(): void
  isEmpty(): boolean
  /** Nothing that was kept is sent unseen. */
  unsend(): void
  /** Keys as they count now: the Enter that was to answer a question which was taken back sends nothing. */
  received(keys: readonly Key[]): readonly Key[]
  /** How long a question still waits until keys answer it, in ms; not above 0: they do. */
  calmIn(): number
}

export function createTypeAhead({ now }: Pick<Clock, 'now'>): TypeAhead {
  let kept: Key[] = []
  let calmAt = Number.NEGATIVE_INFINITY
  let withdrawnUntil = Number.NEGATIVE_INFINITY
  return {
    keep: (keys) => void kept.push(...keys),
    keepFromQuestion(key) {
      kept.push(key)
      calmAt = Math.max(calmAt, now() + pauseBeforeAnswer)
    },
    keepWithdrawn(text) {
      if (text !== '') kept.push({ type: 'paste', text })
      withdrawnUntil = now() + pauseAfterWithdrawal
      calmAt = Math.max(calmAt, withdrawnUntil)
    },
    take() {
      const keys = kept
      kept = []
      return keys
    },
    forget() {
      kept = []
    },
    isEmpty: () => kept.length === 0,
    unsend() {
      kept = kept.map(unsent)
    },
    received: (keys) => (now() < withdrawnUntil ? keys.map(unsent) : keys),
    calmIn: () => calmAt - now(),
  }
}

function unsent(key: Key): Key {
  return isPress(key, 'Enter') ? { type: 'text', text: '\n' } : key
}
