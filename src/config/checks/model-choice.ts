import { exitCode, UserError } from '../../base/errors.ts'
import { quote } from '../file/toml-quote.ts'
import { checkText } from './check-values.ts'

/** The word that goes back to the configuration's model. */
export const configuredModel = 'default'

/** The model id that a person typed, under the rules of `model.id`; null: `default`. @throws UserError (exit 2) */
export function parseModelChoice(text: string): string | null {
  if (text === configuredModel) return null
  const checked = checkText('model.id', text)
  if (checked.ok && typeof checked.value === 'string') return checked.value
  throw new UserError(`${quote(text.slice(0, 80))} is not a model id`, {
    hint: 'Expected 1 to 256 printable characters without blanks, such as global.anthropic.claude-sonnet-4-6',
    exit: exitCode.usage,
  })
}
