import { type Messages, summaryRequest, summarySystem } from '../../context/summary.ts'
import type { OnPause, Provider } from '../../provider/provider.ts'

export type Summary =
  | { type: 'summary'; text: string }
  | { type: 'failed'; message: string; hint: string | undefined }
  | { type: 'stopped' }

export interface SummaryDeps {
  provider: Provider
  signal: AbortSignal
  onPause: OnPause
  /** Of the model, in tokens. */
  window: number
  /** How much of it the conversation may take. */
  share: number
  hint: string
  /** Of what was before the messages. */
  earlier: string | undefined
}

/** Has a model summarize messages, less and less of them while it says that they are too long. */
export async function summarize(messages: Messages, deps: SummaryDeps): Promise<Summary> {
  const { provider, signal, onPause, window, share, hint, earlier } = deps
  // Three letters a token: cautious, because a summary that does not come about costs the whole turn.
  let limit = Math.floor(window * share * 3)
  for (let attempt = 1; ; attempt += 1, limit /= 4) {
    const request = {
      messages: [summaryRequest(messages, { limit, hint, earlier })],
      system: summarySystem,
      maxTokens: Math.max(500, Math.min(4000, Math.floor(window / 8))),
    }
    let text = ''
    let failure: { kind: string; message: string; hint?: string } | undefined
    for await (const event of provider.stream(request, signal, onPause)) {
      if (event.type === 'text') text += event.text
      else if (event.type === 'failure') failure = event
    }
    if (signal.aborted) return { type: 'stopped' }
    if (failure?.kind === 'overflow' && attempt < 4) continue
    if (failure) return { type: 'failed', message: failure.message, hint: failure.hint }
    if (text.trim() === '') return { type: 'failed', message: 'the model sent no summary', hint: undefined }
    return { type: 'summary', text: text.trim() }
  }
}
