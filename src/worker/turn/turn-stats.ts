import { shortModelName } from '../../provider/model-name.ts'
import type { Provider, Usage } from '../../provider/provider.ts'
import { oneLine } from '../../text/plain-text.ts'

/** `(1.2k in · 340 out · 4.1 s · claude-sonnet-4)`: what an answer took, `ms` in all; what a cache gave is said beside it. undefined for the guide. */
export function turnStats(provider: Provider, usage: Usage | undefined, ms: number): string | undefined {
  if (!provider.isModel) return undefined
  const tokens = usage ? [input(usage), `${short(usage.outputTokens)} out`] : []
  const model = provider.model === undefined ? [] : [oneLine(shortModelName(provider.model), 60)]
  return `(${[...tokens, seconds(ms), ...model].join(' · ')})`
}

function input({ inputTokens, cacheReadTokens = 0 }: Usage): string {
  return `${short(inputTokens)} in${cacheReadTokens > 0 ? ` (${short(cacheReadTokens)} cached)` : ''}`
}

/** `340`, `1.2k`, `15k`, `1.3M`. */
function short(number: number): string {
  if (number < 1000) return String(number)
  // 999,950 is 1.0M and not 1000k.
  const [value, unit] = number < 999_500 ? [number / 1000, 'k'] : [number / 1_000_000, 'M']
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)}${unit}`
}

function seconds(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const whole = Math.round(ms / 1000)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}
