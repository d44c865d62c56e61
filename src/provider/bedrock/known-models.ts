import { geographyOf } from './bedrock-model-id.ts'

/**
 * Well-known inference profiles that requests from `region` may use, the nearest first. A help for choosing and no more:
 * which of them an account may use, and what else there is, only Bedrock knows, and asking takes a permission and a
 * client of its own.
 */
export function knownModels(region: string): string[] {
  const near = geographyOf(region)
  const wide = region.startsWith('ap-') ? ['apac'] : []
  const prefixes = near === 'us-gov' ? [near] : [...new Set([near, ...wide, 'global'])]
  return models.flatMap(([model, ...where]) =>
    prefixes.filter((prefix) => where.includes(prefix)).map((prefix) => `${prefix}.${model}`),
  )
}

/** Each model and the prefixes of its profiles. */
const models: readonly [model: string, ...prefixes: string[]][] = [
  ['anthropic.claude-opus-4-6-v1', 'us', 'eu', 'global'],
  ['anthropic.claude-sonnet-4-6', 'us', 'eu', 'jp', 'au', 'global'],
  ['anthropic.claude-sonnet-4-5-20250929-v1:0', 'us', 'us-gov', 'eu', 'jp', 'au', 'global'],
  ['anthropic.claude-haiku-4-5-20251001-v1:0', 'us', 'eu', 'jp', 'au', 'global'],
  ['anthropic.claude-sonnet-4-20250514-v1:0', 'us', 'eu', 'apac', 'global'],
  ['amazon.nova-pro-v1:0', 'us', 'eu', 'apac'],
  ['amazon.nova-lite-v1:0', 'us', 'eu', 'apac'],
]
