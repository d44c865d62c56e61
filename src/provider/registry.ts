import { UserError } from '../base/errors.ts'
import { bedrockKind } from './bedrock/bedrock-kind.ts'
import { guideKind } from './guide/guide-kind.ts'
import { openaiKind } from './openai/openai-kind.ts'
import type { Environment, ModelSettings } from './provider.ts'
import type { Around, CheckOptions, Detected, ModelFact, ProviderKind } from './provider-kind.ts'

/** Every kind of provider, in the order in which `auto` looks for them. The last one is always there. */
export const providerKinds: readonly ProviderKind[] = [bedrockKind, openaiKind, guideKind]

/**
 * The provider that the settings ask for. `auto` goes by what the machine says: without any trace of AWS it is the guide
 * within 300 ms, or what a server on this machine has, and neither SDK nor network is touched; otherwise the answer is
 * there within 2 s.
 */
export async function chooseProvider(
  settings: ModelSettings,
  env: Environment,
  around: Around,
): Promise<Detected> {
  const asked = kindNamed(settings.provider)
  if (asked) return { provider: await asked.create(settings, env, around), notice: '' }
  for (const kind of providerKinds) {
    const detected = await kind.detect(settings, env, around)
    if (detected?.provider.isModel) return detected
    if (detected) return { ...detected, notice: `${detected.notice} ${advice(settings, env, around)}` }
  }
  const names = providerKinds.map(({ name }) => name).join(', ')
  throw new UserError(`Expected model.provider auto or one of ${names}, got ${settings.provider}`)
}

/**
 * What stands between here and an answer, from the provider that the settings name; with `auto` from the one that the user
 * set up, or the first one. Never throws; at most 2 s without a probe.
 */
export async function checkModel(
  settings: ModelSettings,
  env: Environment,
  { probe = false, signal = new AbortController().signal, machine }: Partial<CheckOptions> = {},
): Promise<ModelFact[]> {
  const around = machine ? { machine } : {}
  const [first] = providerKinds
  const kind =
    kindNamed(settings.provider) ?? providerKinds.find((kind) => kind.isSetUp(settings, env, around)) ?? first
  return kind?.check(settings, env, { probe, signal, ...around }) ?? []
}

/** How to get a model. */
function advice(settings: ModelSettings, env: Environment, around: Around): string {
  return providerKinds.flatMap((kind) => kind.advice?.(settings, env, around) ?? []).join(', or ')
}

function kindNamed(name: string): ProviderKind | undefined {
  return providerKinds.find((kind) => kind.name === name)
}
