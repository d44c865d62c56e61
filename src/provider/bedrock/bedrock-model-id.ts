/** The region that is taken when neither the configuration nor the environment nor the profile names one. */
export const defaultRegion = 'us-east-1'

/** The model that is asked when `model.id` is not set: Claude Sonnet, as an inference profile that `region` may use. */
export function defaultModelId(region: string): string {
  return `${geographyOf(region)}.anthropic.claude-sonnet-4-5-20250929-v1:0`
}

/** The prefix of the inference profiles that keep requests near `region`; `global` where there is none. */
export function geographyOf(region: string): string {
  const near = geographies.find(([pattern]) => pattern.test(region))
  return near?.[1] ?? 'global'
}

const geographies: readonly [RegExp, string][] = [
  [/^us-gov-/, 'us-gov'],
  [/^us-/, 'us'],
  [/^eu-/, 'eu'],
  [/^ap-northeast-[13]$/, 'jp'],
  [/^ap-southeast-[24]$/, 'au'],
]
