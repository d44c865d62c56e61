import { exitCode, UserError } from '../base/errors.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { parseSessionType, type SessionType, sessionTypes } from './session.ts'

/** The words that name the types, as they are listed for people. */
export const typeWords: readonly string[] = sessionTypes.map((type) => type.toLowerCase())

/** The type that a person wants: `debug`, `code-review`, `review`. @throws UserError with what there is */
export function wantedType(word: string): SessionType {
  const type = parseSessionType(word)
  if (type) return type
  throw new UserError(`${JSON.stringify(word.slice(0, 40))} is not a type of session`, {
    hint: didYouMean(word, typeWords) ?? `types: ${typeWords.join(', ')}`,
    exit: exitCode.usage,
  })
}
