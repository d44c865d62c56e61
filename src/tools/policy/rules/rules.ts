import { exitCode, UserError } from '../../../base/errors.ts'
import { builtInNames, type Claim, claims } from '../tool-claim.ts'
import { type CommandPattern, commandPattern, looseLine } from './command-pattern.ts'
import { type FoldedPath, foldedPath, type PathPattern, pathPattern } from './path-pattern.ts'
import { ruleMeant } from './rule-meant.ts'

/** An entry of an allow or deny list. */
export interface Rule {
  /** As the user wrote it: `fs_write(src/**)`. */
  text: string
  tool: string
  /** undefined: the whole tool. */
  pattern: string | undefined
  /** Of a rule with a pattern for command lines, or for files. */
  command?: CommandPattern
  path?: PathPattern
}

export type RuleList = 'allow' | 'deny'

/**
 * `TOOL`, `@SERVER`, `@SERVER/TOOL`, or `TOOL(PATTERN)` with a path pattern for file tools and the words of one command
 * for execute_bash (`git log *`). Links and `cwd` are looked up now: a rule is for one call.
 * @throws UserError (exit 2) for anything else, and for what no call could ever match
 */
export function parseRule(text: string, cwd: string, list: RuleList = 'allow'): Rule {
  const [, tool = '', pattern] = /^([\w@./-]+)(?:\((.+)\))?$/s.exec(text.trim()) ?? []
  const known = builtInNames.includes(tool)
  if (!known && !/^@[a-z0-9][a-z0-9_-]{0,31}(?:\/[\w./-]+)?$/.test(tool)) {
    const meant = ruleMeant(text, builtInNames)
    const hint = 'write TOOL or TOOL(PATTERN), such as execute_bash(git status *)'
    throw wrong(
      text,
      meant === undefined
        ? `${hint}; tools are ${builtInNames.join(', ')} and @SERVER/TOOL`
        : `write ${meant}`,
    )
  }
  if (pattern === undefined) return { text, tool, pattern }
  if (!known) throw wrong(text, `${tool} takes no pattern`)
  if (claims('command', tool)) {
    const command = commandPattern(pattern, list)
    if ('wrong' in command) throw wrong(text, command.wrong)
    return { text, tool, pattern, command }
  }
  const path = pathPattern(pattern, cwd)
  if ('wrong' in path) throw wrong(text, path.wrong)
  return { text, tool, pattern, path }
}

/**
 * A rule that would trust a claim, as text that stands safely between single quotes: as narrow as one can be written, else
 * the whole tool.
 */
export function ruleFor(claim: Claim, cwd: string): string {
  const pattern = patternOf(claim)
  if (pattern === undefined || !/^[\w@%+=:,./ -]+$/.test(pattern)) return claim.tool
  const text = `${claim.tool}(${pattern})`
  try {
    return ruleCovers(parseRule(text, cwd), claim) ? text : claim.tool
  } catch (error) {
    if (error instanceof UserError) return claim.tool
    throw error
  }
}

function patternOf(claim: Claim): string | undefined {
  if (claim.type === 'command') return claim.command
  if (claim.type === 'write') return claim.asked?.[0] ?? claim.path
  return claim.type === 'read' && claim.paths.length === 1
    ? (claim.asked?.[0]?.[0] ?? claim.paths[0])
    : undefined
}

/** Whether an allow rule trusts all of the claim: the paths as they were asked for, and where they lead. */
export function ruleCovers(rule: Rule, claim: Claim): boolean {
  if (!namesTool(rule, claim)) return false
  if (rule.pattern === undefined) return true
  if (claim.type === 'command') return rule.command?.covers(claim.command) ?? false
  const { path } = rule
  if (!path) return false
  if (claim.type === 'write')
    return [claim.path, claim.asked?.[0] ?? claim.path].every((form) => path.covers(form, false))
  if (claim.type !== 'read') return false
  return claim.paths.every((real, index) => {
    const directory = claim.directories.includes(real)
    return [real, claim.asked?.[index]?.[0] ?? real].every((form) => path.covers(form, directory))
  })
}

/**
 * The first deny rule that touches any of the claim: a path as it was asked for, or where it leads. A path that may not be
 * read may not be searched either.
 */
export function denyingRule(rules: readonly Rule[], claim: Claim): Rule | undefined {
  if (claim.type === 'command') {
    const line = looseLine(claim.command)
    return rules.find((rule) => namesTool(rule, claim) && (!rule.command || rule.command.mentions(line)))
  }
  if (claim.type === 'call') return rules.find((rule) => namesTool(rule, claim))
  const forms = formsOf(claim).map(foldedPath)
  return rulesForPaths(rules, claim).find((rule) => forms.some((form) => mentionsPath(rule, form)))
}

/** A test for many paths that one tool reads: whether any of the rules denies it. */
export function deniesReading(rules: readonly Rule[], tool: string): (path: string) => boolean {
  const reading = rulesForPaths(rules, { type: 'read', tool })
  return (path) => {
    const form = foldedPath(path)
    return reading.some((rule) => mentionsPath(rule, form))
  }
}

function rulesForPaths(rules: readonly Rule[], { type, tool }: Pick<Claim, 'type' | 'tool'>): Rule[] {
  return rules.filter((rule) =>
    type === 'read' && rule.path ? claims('read', rule.tool) : rule.tool === tool,
  )
}

function mentionsPath({ path }: Rule, form: FoldedPath): boolean {
  return !path || path.mentions(form)
}

function formsOf(claim: Extract<Claim, { type: 'read' | 'write' }>): readonly string[] {
  if (claim.type === 'read') return [...claim.paths, ...(claim.asked ?? []).flatMap((ways) => ways ?? [])]
  return [claim.path, ...(claim.asked ?? [])]
}

/** `@server` names all tools of an MCP server, `@server/tool` one of them. */
function namesTool({ tool }: Rule, claim: Claim): boolean {
  if (tool === claim.tool) return true
  return claim.type === 'call' && /^@[^/]+$/.test(tool) && claim.tool.startsWith(`${tool}/`)
}

function wrong(text: string, hint: string): UserError {
  return new UserError(`Expected a tool rule, got ${JSON.stringify(text)}`, { hint, exit: exitCode.usage })
}
