import type { ProviderKind } from '../provider-kind.ts'
import { guideProvider } from './guide.ts'

/** The built-in guide: always there, and what `auto` comes to where there is no model. */
export const guideKind: ProviderKind = {
  name: 'guide',
  create: (_settings, _env, around) => guideProvider(around),
  async detect(_settings, _env, around) {
    return { provider: guideProvider(around), notice: 'No model yet: the built-in guide answers.' }
  },
  isSetUp: () => false,
  async check() {
    const detail = 'the built-in guide, which is not a model'
    return [{ name: 'model', ok: false, works: true, detail, hint: 'q config set model.provider auto' }]
  },
}
