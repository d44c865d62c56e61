import { environmentName, type SettingKey, type Value } from '../settings.ts'
import type { Problem } from './config-problems.ts'
import type { FileValues } from './config-values.ts'

/** Why a tool rule means nothing, in the words of those who know the tools; undefined for one that means something. */
export type RuleCheck = (
  rule: string,
  list: 'allow' | 'deny',
) => Promise<{ words: string; hint: string | undefined } | undefined>

/** What is wrong with the rules of a file and of the environment, each with its line. */
export async function ruleProblems(
  file: FileValues['values'],
  environment: ReadonlyMap<SettingKey, Value>,
  check: RuleCheck,
): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const list of ['allow', 'deny'] as const) {
    const key = `tools.${list}` as const
    const said = file.get(key)
    const inFile = await wrongRules(said?.value, list, check)
    for (const { index, words, hint } of inFile)
      problems.push({
        line: said?.itemLines[index] ?? said?.line,
        words: `key "${key}": ${words}`,
        hint,
        keys: [key],
      })
    for (const { words, hint } of await wrongRules(environment.get(key), list, check))
      problems.push({
        line: undefined,
        words: `environment variable ${environmentName(key)}: ${words}`,
        hint,
        keys: [key],
      })
  }
  return problems
}

async function wrongRules(rules: Value, list: 'allow' | 'deny', check: RuleCheck) {
  const found = Array.isArray(rules) ? rules.map((rule: string) => check(rule, list)) : []
  return (await Promise.all(found)).flatMap((wrong, index) => (wrong ? [{ index, ...wrong }] : []))
}
