import { UserError } from '../../base/errors.ts'
import type { RuleCheck } from '../../config/checks/rule-problems.ts'

/** What a rule means, the tools know: they are loaded where there is one. */
export const checkRule: RuleCheck = async (rule, list) => {
  const { parseRule } = await import('../../tools/policy/rules/rules.ts')
  try {
    parseRule(rule, '/', list)
    return undefined
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { words: error.message, hint: error.hint }
  }
}
