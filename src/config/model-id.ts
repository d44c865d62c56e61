import { exitCode, UserError } from '../domain/errors.ts'
import { checkText } from './check.ts'
import { quote } from './quote.ts'

/** A model id that a person typed, under the rules of `model.id`. @throws UserError (exit 2) */
export function parseModelId(text: string): string {
  const checked = checkText('model.id', text)
  if (checked.ok && typeof checked.value === 'string') return checked.value
  throw new UserError(`${quote(text.slice(0, 80))} is no model id`, {
    hint: 'Expected 1 to 256 printable characters without blanks, such as global.anthropic.claude-sonnet-4-6',
    exit: exitCode.usage,
  })
}
