import { UserError } from '../../base/errors.ts'
import { settingsTable } from '../../config/settings.ts'
import type { Session } from '../../domain/session.ts'
import type { Provider } from '../../provider/provider.ts'
import { setSessionModel } from '../../store/sessions.ts'
import type { Store } from '../../store/store.ts'
import type { ModelChoice } from '../commands/command.ts'
import type { LiveSettings } from './live-settings.ts'
import { type Provide, providerOf } from './turn-provider.ts'

/** Who answers in a session: the model that was chosen for it and is kept with it, else the configuration's. */
export function sessionModel(
  store: Store,
  session: Pick<Session, 'id' | 'model'>,
  live: LiveSettings,
): { provider: Provide; model: ModelChoice } {
  let chosen = session.model ?? undefined
  const provide = providerOf(live, () => chosen, store.now)

  return {
    provider: provide,
    model: {
      async known() {
        const { provider } = await provide()
        if (!provider.isModel) throw noModel(provider)
        const configured = (await live()).settings.model.id
        const ids = [provider.model, chosen, configured, ...(await list(provider))].filter(
          (id) => id !== undefined,
        )
        return { ids: [...new Set(ids)], now: provider.model, chosen: chosen !== undefined }
      },
      async use(id) {
        await setSessionModel(store, session.id, id)
        chosen = id ?? undefined
        const { provider, notice } = await provide()
        return !provider.isModel
          ? `no model yet: ${provider.name} answers`
          : (notice ?? `model: ${provider.label}`)
      },
    },
  }
}

/** What a server says of itself is as untrusted as the rest: only what could be an id. */
async function list(provider: Provider): Promise<string[]> {
  try {
    const ids = (await provider.models?.(AbortSignal.timeout(2500))) ?? []
    return ids.filter((id) => settingsTable.model.id.pattern.test(id))
  } catch {
    // A list is a help: an id can be typed without it, and the next prompt says what is wrong with the server.
    return []
  }
}

function noModel(provider: Provider): UserError {
  return new UserError(`no model is connected: what answers is ${provider.label}`, {
    hint: 'connect one: q mux doctor says what is missing. /model ID is kept until then',
  })
}
