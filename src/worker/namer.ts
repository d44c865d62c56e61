import { typedPart } from '../domain/attachment.ts'
import type { Message } from '../domain/message.ts'
import type { Session, SessionType } from '../domain/session.ts'
import { isName, isNumbered, isSessionId, numberedName, uniqueName } from '../domain/session-name.ts'
import type { Provider } from '../provider/provider.ts'
import { countTurns, readFirstPrompts } from '../store/messages.ts'
import { nameSession } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'

export interface NamerDeps {
  session: string
  store: Store
  /** As the user wants it now; undefined: sessions keep the names they have until somebody names them. */
  naming(): Promise<Naming | undefined>
  provider(): Promise<{ provider: Provider }>
  /** The session has another name or type now. */
  named(session: Session): Promise<void>
}

export interface Naming {
  /** Characters. */
  maxLength: number
  /** Asks the model too, in the background; the name found without it stands until then. */
  withModel: boolean
}

/** What a name is made from: later messages are about details. */
const messagesThatName = 3

/** How long a model may think about a name, in ms. */
const modelTimeoutMs = 15_000

/**
 * Names a session from its first prompts, better with each one up to the third, until its user names it. Call it after
 * each prompt that was committed.
 */
export function createNamer(deps: NamerDeps): () => Promise<void> {
  const { store, session: id } = deps
  let asked = false
  let namedByModel = false

  return async () => {
    if (namedByModel || countTurns(store, id) > messagesThatName) return
    const prompts = userTexts(readFirstPrompts(store, id, messagesThatName))
    if (prompts.length === 0) return
    const naming = await deps.naming()
    if (!naming) return
    const { maxLength, withModel } = naming
    const [{ nameFrom }, { typeFrom }] = await Promise.all([
      import('../naming/name-from.ts'),
      import('../naming/type-from.ts'),
    ])
    const type = typeFrom(prompts)
    await take(type, (taken) => nameFrom(prompts, { maxLength, taken }))
    if (withModel && !asked) {
      asked = true
      const name = await nameByModel((await deps.provider()).provider, prompts, maxLength)
      if (!name) return
      namedByModel = true
      await take(type, (taken) => uniqueName(name, maxLength, taken))
    }
  }

  async function take(
    type: SessionType,
    find: (taken: (name: string) => boolean) => string | undefined,
  ): Promise<void> {
    const session = await nameSession(store, id, type, (given, now) => {
      const found = find(given.taken)
      if (found !== undefined) return found
      return isNumbered(now.name, type) ? now.name : numberedName(type, given)
    })
    if (session && session.nameSource === 'auto') await deps.named(session)
  }
}

/** What was typed of prompts, without the files that went along. */
function userTexts(prompts: readonly Message[]): string[] {
  return prompts.map((message) => typedPart(message).text).filter((text) => text.trim() !== '')
}

/** A model's answer is untrusted: only a whitelisted name of the right length is taken. The guide names nothing. */
async function nameByModel(
  provider: Provider,
  prompts: readonly string[],
  maxLength: number,
): Promise<string | undefined> {
  if (!provider.isModel) return undefined
  const text = `Name this conversation in 2 to 4 lower-case words joined by dashes, at most ${maxLength} characters, with what it is about. Answer with the name alone.\n\n${prompts.join('\n\n').slice(0, 4000)}`
  let answer = ''
  const messages: Message[] = [{ role: 'user', blocks: [{ type: 'text', text }] }]
  for await (const event of provider.stream(
    { messages, maxTokens: 30 },
    AbortSignal.timeout(modelTimeoutMs),
  )) {
    if (event.type === 'text') answer += event.text
    else if (event.type === 'failure') return undefined
  }
  const name = answer.trim().toLowerCase()
  return isName(name) && !isSessionId(name) && name.length <= maxLength ? name : undefined
}
