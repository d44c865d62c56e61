import type { Settings } from '../../config/settings.ts'
import type { ModelSettings } from '../../provider/provider.ts'

/** The `[model]` section as the providers take it. */
export function modelSettings({ model }: Settings): ModelSettings {
  return {
    provider: model.provider,
    id: model.id,
    region: model.region,
    baseUrl: model.base_url,
    timeouts: {
      firstEventMs: model.first_token_timeout_s * 1000,
      betweenEventsMs: model.idle_timeout_s * 1000,
    },
  }
}
