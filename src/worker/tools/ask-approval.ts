import { type Asked, readVerdict, type Verdict } from '../../domain/approval.ts'
import {
  declineHere,
  dropQuestion,
  hasVerdict,
  putQuestion,
  takeVerdict,
  verdictLasts,
} from '../../store/approvals.ts'
import type { Store } from '../../store/store.ts'
import type { Answer, Terminal } from '../../terminal/terminal.ts'
import type { Reporter } from '../status/reporter.ts'

export type Decided =
  | { type: 'verdict'; verdict: Verdict; from: 'here' | 'elsewhere' }
  /** Ctrl-C: nothing runs, whatever somebody else has answered. */
  | { type: 'interrupted' }
  /** The window goes away, or the session was closed: nobody declined. */
  | { type: 'ended' }

export interface ApprovalDeps {
  session: string
  store: Store
  reporter: Pick<Reporter, 'report'>
  terminal: Pick<Terminal, 'askPermission'>
}

/** Questions that are answered in the session's window or, through the store, from elsewhere. */
export interface Approvals {
  /** Asks, one question at a time, and shows what is to be approved. Throws what the store throws. */
  ask(asked: Asked, detail: string, signal: AbortSignal): Promise<Decided>
  /** Whether a question is open: the session then waits, whatever else happens. */
  asking(): boolean
  /** Somebody changed the store: perhaps it was answered there. */
  look(): void
}

/**
 * The first answer counts, and the store says which one that was: a question ends there, once. Of a yes and a no that
 * come before either of them was taken, the no counts.
 */
export function createApprovals(deps: ApprovalDeps): Approvals {
  const { session, store, reporter, terminal } = deps
  let asks = false
  let open: { id: number; elsewhere: AbortController } | undefined

  return { ask, asking: () => asks, look }

  async function ask(asked: Asked, detail: string, signal: AbortSignal): Promise<Decided> {
    asks = true
    try {
      for (;;) {
        const decided = await askOnce(asked, detail, signal)
        if (decided) return decided
      }
    } finally {
      asks = false
    }
  }

  /** undefined: a verdict came and was taken back. */
  async function askOnce(asked: Asked, detail: string, signal: AbortSignal): Promise<Decided | undefined> {
    const id = await putQuestion(store, session, asked)
    const elsewhere = new AbortController()
    open = { id, elsewhere }
    let line: Answer | undefined
    let typed: Verdict | undefined
    let given: Verdict | undefined
    try {
      await reporter.report('waiting', { waitingFor: 'approval', detail })
      if (!signal.aborted) line = await terminal.askPermission(asked, elsewhere.signal)
      typed = line?.type === 'line' ? readVerdict(line.text) : undefined
    } finally {
      open = undefined
      // A no is never run over by a yes that came in the same moment, whoever said it.
      const isOpen = line?.type === 'withdrawn' || (typed !== undefined && typed.type !== 'decline')
      if (isOpen && !signal.aborted) given = await takeVerdict(store, id, typed?.type)
      else await decline(id)
    }
    if (signal.aborted || line === undefined) return { type: 'ended' }
    if (line.type === 'interrupt' || line.type === 'end') return { type: 'interrupted' }
    if (given) return { type: 'verdict', verdict: given, from: 'elsewhere' }
    return typed && { type: 'verdict', verdict: typed, from: 'here' }
  }

  /** Whoever was overruled has as long to see it as their yes would have lasted. */
  async function decline(id: number): Promise<void> {
    if (!(await declineHere(store, id))) return
    // Where the session has ended by then, the next one that starts drops it.
    setTimeout(() => void store.write(() => dropQuestion(store, id)).catch(() => {}), verdictLasts).unref()
  }

  function look(): void {
    if (open && hasVerdict(store, open.id)) open.elsewhere.abort()
  }
}
