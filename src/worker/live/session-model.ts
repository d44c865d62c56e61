import { UserError } from '../../base/errors.ts'
import { settingsTable } from '../../config/settings.ts'
import type { Session } from '../../domain/session.ts'
import type { Provider } from '../../provider/provider.ts'
import { setSessionModel } from '../../store/sessions.ts'
import type { Store } from '../../store/store.ts'
import type { ModelChoice } from '../commands/command.ts'
import type { Provide } from './turn-provider.ts'

/** The model of one session: the one that was chosen for it and is kept with it, else the configuration's. */
export interface SessionModel extends ModelChoice {
  /** undefined: the configuration's. */
  chosen(): string | undefined
}

/** `provide` is asked for the provider as it then is; `configured` gives the configuration's `model.id`. */
export function sessionModel(
  store: Store,
  session: Pick<Session, 'id' | 'model'>,
  configured: () => Promise<string | undefined>,
  provide: () => Provide,
): SessionModel {
  let chosen = session.model ?? undefined

  return {
    chosen: () => chosen,
    async known() {
      const { provider } = await provide()()
      if (!provider.isModel) throw noModel()
      const ids = [provider.model, chosen, await configured(), ...(await list(provider))].filter(
        (id) => id !== undefined,
      )
      return { ids: [...new Set(ids)], now: provider.model, chosen: chosen !== undefined }
    },
    async use(id) {
      await setSessionModel(store, session.id, id)
      chosen = id ?? undefined
      const { provider, notice } = await provide()()
      return !provider.isModel
        ? 'no model yet: the built-in guide answers'
        : (notice ?? `model: ${provider.label}`)
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

function noModel(): UserError {
  return new UserError('no model is connected: the built-in guide answers, which is not a model', {
    hint: 'connect one: q mux doctor says what is missing. /model ID is kept until then',
  })
}
