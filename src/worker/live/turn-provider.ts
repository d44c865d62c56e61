import { packageFiles } from '../../base/package-files.ts'
import type { Provider } from '../../provider/provider.ts'
import type { LiveSettings } from './live-settings.ts'
import { modelSettings } from './model-settings.ts'

/** The provider as it is now, and a line for people when it is another than before. */
export type Provide = () => Promise<{ provider: Provider; notice: string | undefined }>

/**
 * The provider for each turn: chosen again when the environment that `q mux` keeps, the config file, or the session's
 * `model` is another. `now` in ms since the epoch.
 */
export function providerOf(live: LiveSettings, model: () => string | undefined, now: () => number): Provide {
  let current: { provider: Provider; chosen: Provider; stamp: string; label: string } | undefined
  return provide

  /** What the environment or the settings have become during a rest. */
  async function renewed(): Promise<Provider> {
    const { provider } = await provide()
    return current?.chosen ?? provider
  }

  async function provide(): ReturnType<Provide> {
    const { stamp: read, settings, env } = await live()
    const id = model()
    const stamp = `${read},${id}`
    if (current && current.stamp === stamp && current.provider.isModel)
      return { provider: current.provider, notice: undefined }
    const { provider: chosen, notice } = await (await import('../../provider/registry.ts')).chooseProvider(
      { ...modelSettings(settings), ...(id === undefined ? {} : { id }) },
      env,
      { docs: packageFiles.docs, now },
    )
    const { patient, retryClock } = await import('../../provider/retry-provider.ts')
    const retryFor = settings.model.retry_for_s * 1000
    const provider = patient(chosen, { retryFor, clock: retryClock(now), renewed })
    const label = `${provider.label}${notice}`
    const news = current?.label === label ? undefined : notice || `model: ${provider.label}`
    current = { provider, chosen, stamp, label }
    return { provider, notice: news }
  }
}
