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
 * @throws UserError when no kind has that name, or the one that has it cannot be used
 */
export async function chooseProvider(
  settings: ModelSettings,
  env: Environment,
  around: Around,
): Promise<Detected> {
  if (settings.provider !== 'auto') {
    const provider = await requireKind(settings.provider).create(settings, env, around)
    return { provider, notice: '' }
  }
  for (const kind of providerKinds) {
    const detected = await kind.detect(settings, env, around)
    if (detected?.provider.isModel) return detected
    if (detected) return { ...detected, notice: `${detected.notice} ${advice(settings, env, around)}` }
  }
  throw new Error('the last kind of provider is always there, and was not')
}

/**
 * What stands between here and an answer, from the provider that the settings name; with `auto` from the one that the user
 * set up, or the first one. Never throws; at most 2 s without a probe.
 */
export async function checkModel(
  settings: ModelSettings,
  env: Environment,
  {
    now,
    probe = false,
    signal = new AbortController().signal,
    machine,
  }: Pick<CheckOptions, 'now'> & Partial<CheckOptions>,
): Promise<ModelFact[]> {
  const around = machine ? { machine } : {}
  const [first] = providerKinds
  const kind =
    kindNamed(settings.provider) ?? providerKinds.find((kind) => kind.isSetUp(settings, env, around)) ?? first
  return kind?.check(settings, env, { now, probe, signal, ...around }) ?? []
}

/** How to get a model. */
function advice(settings: ModelSettings, env: Environment, around: Around): string {
  return providerKinds.flatMap((kind) => kind.advice?.(settings, env, around) ?? []).join(', or ')
}

function requireKind(name: string): ProviderKind {
  const kind = kindNamed(name)
  if (kind) return kind
  const names = providerKinds.map((one) => one.name).join(', ')
  throw new UserError(`model.provider must be auto or one of ${names}, not ${name}`, {
    hint: 'q config set model.provider auto',
  })
}

function kindNamed(name: string): ProviderKind | undefined {
  return providerKinds.find((kind) => kind.name === name)
}
