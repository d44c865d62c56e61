import type { Provider, Usage } from '../../provider/provider.ts'
import { oneLine } from '../../text/plain-text.ts'
import type { Style } from '../../text/style.ts'
import type { WindowUse } from './window-use.ts'

const barWidth = 40

/** The window as a small table with a bar: `/usage`. */
export function usageLines(use: WindowUse, provider: Provider, style: Style): string[] {
  const { window, parts, total, counted } = use
  const filled = Math.min(barWidth, Math.round((total / window.tokens) * barWidth))
  const free = { name: 'free', tokens: Math.max(0, window.tokens - total), note: '' }
  const paint = total > window.tokens * 0.8 ? style.yellow : style.green
  return [
    style.bold(
      `about ${numbers(total)} of ${numbers(window.tokens)} tokens, ${percent(total, window.tokens)}`,
    ),
    `${paint('█'.repeat(filled))}${style.dim('░'.repeat(barWidth - filled))}`,
    ...[...parts, free].map(({ name, tokens, note }) =>
      `  ${name.padEnd(14)} ${numbers(tokens).padStart(9)} ${percent(tokens, window.tokens).padStart(7)}  ${style.dim(note)}`.trimEnd(),
    ),
    style.dim(`model: ${oneLine(provider.model ?? provider.label, 80)}`),
    style.dim(`window: ${window.source}`),
    style.dim(
      counted === undefined
        ? 'all of it estimated: no answer of this start was counted yet'
        : `estimated; the service counted ${numbers(counted.inputTokens)} in the last request${cached(counted)}`,
    ),
  ]
}

/** `12,345` */
export function numbers(value: number): string {
  return value.toLocaleString('en-US')
}

/** Empty where the service does not say. */
function cached({ cacheReadTokens = 0 }: Usage): string {
  return cacheReadTokens === 0 ? '' : `, ${numbers(cacheReadTokens)} of them from its cache`
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`
}
