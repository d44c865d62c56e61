import { resolve } from 'node:path'
import type { Invocation } from '../app/invocation.ts'
import { environmentName } from '../config/settings.ts'
import { didYouMean } from '../text/did-you-mean.ts'

/** A tool rule that is in force, and what it covers. */
export interface ExaminedRule {
  list: 'allow' | 'deny'
  text: string
  /** File or variable. */
  from: string
  /** Calls that it trusts or refuses; none where another rule goes before. */
  matching: string[]
  /** One that it does not. */
  other: string
  /** What is worth knowing besides. */
  note: string | undefined
}

/** Every tool rule in force, with examples from the matcher itself, as a session in `cwd` would decide. */
export async function examineRules({ config }: Invocation, cwd: string): Promise<ExaminedRule[]> {
  const { settings, origins, servers, file } = config
  const { allow, deny } = settings.tools
  if (allow.length + deny.length === 0) return []
  const { parseRule } = await import('../tools/policy/rules/rules.ts')
  const { ruleExamples } = await import('../tools/policy/rules/rule-examples.ts')
  const denying = deny.map((text) => parseRule(text, cwd, 'deny'))
  const names = servers.map(({ name }) => name)
  return (['deny', 'allow'] as const).flatMap((list) =>
    settings.tools[list].map((text) => {
      const rule = parseRule(text, cwd, list)
      const examples = ruleExamples(rule, list, { cwd, deny: denying })
      const from =
        origins.get(`tools.${list}`) === 'environment' ? environmentName(`tools.${list}`) : resolve(file)
      return { list, text, from, ...examples, note: noteOn(rule.tool, names) ?? noneNote(examples.matching) }
    }),
  )
}

/** A rule may come before its server. */
function noteOn(tool: string, servers: readonly string[]): string | undefined {
  const server = /^@([^/]+)/.exec(tool)?.[1]
  if (server === undefined || servers.includes(server)) return undefined
  const meant = didYouMean(server, servers)
  return `there is no MCP server "${server}" yet: the rule waits for it${meant === undefined ? '' : `; ${meant}`}`
}

function noneNote(matching: readonly string[]): string | undefined {
  if (matching.length > 0) return undefined
  return 'nothing runs unasked by it: a deny rule goes before, or its command runs what no rule can read'
}
