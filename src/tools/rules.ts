import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { UserError } from '../domain/errors.ts'
import { wildcard } from '../domain/wildcard.ts'
import type { Claim } from './claim.ts'
import { matchesCommand, mentionsCommand, simpleWords } from './shell-words.ts'

/** An entry of an allow or deny list. */
export interface Rule {
  /** As the user wrote it: `fs_write(src/**)`. */
  text: string
  tool: string
  /** undefined: the whole tool. */
  pattern: string | undefined
  /** Of a rule for files: whether it names this real path. */
  names: (path: string) => boolean
}

const readers = ['fs_read', 'glob', 'grep']

/**
 * `TOOL`, `@SERVER`, `@SERVER/TOOL`, or `TOOL(PATTERN)` with a path pattern (relative to `cwd`, absolute or `~/`) for file tools and command words
 * for execute_bash (`git log *`). @throws UserError for anything else
 */
export function parseRule(text: string, cwd: string): Rule {
  const [, tool = '', pattern] = /^([\w@./-]+)(?:\((.+)\))?$/s.exec(text.trim()) ?? []
  if (tool === '') throw wrong(text, 'write TOOL or TOOL(PATTERN), such as execute_bash(git status *)')
  const [, server, called] = /^([^@]+?)___(.+)$/.exec(tool) ?? []
  if (server !== undefined) throw wrong(text, `a tool of an MCP server is written @${server}/${called}`)
  if (pattern === undefined) return { text, tool, pattern, names: () => true }
  if (tool === 'execute_bash') {
    if (!simpleWords(pattern.replaceAll('*', ''))) {
      throw wrong(text, 'the pattern must be one simple command: no ; & | $ < > or quoting tricks')
    }
    return { text, tool, pattern, names: () => false }
  }
  if (tool !== 'fs_write' && !readers.includes(tool)) throw wrong(text, `${tool} takes no pattern`)
  const path = /^~(\/|$)/.test(pattern) ? join(homedir(), pattern.slice(1)) : resolve(cwd, pattern)
  const names = wildcard(path)
  if (!names) throw wrong(text, 'the pattern has too many alternatives')
  return { text, tool, pattern, names }
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
  if (claim.type === 'write') return claim.path
  return claim.type === 'read' && claim.paths.length === 1 ? claim.paths[0] : undefined
}

/** Whether an allow rule trusts all of the claim. */
export function ruleCovers(rule: Rule, claim: Claim): boolean {
  if (!namesTool(rule, claim)) return false
  if (rule.pattern === undefined) return true
  if (claim.type === 'command') return matchesCommand(rule.pattern, claim.command)
  if (claim.type === 'write') return rule.names(claim.path)
  return claim.type === 'read' && claim.paths.every(rule.names)
}

/** Whether a deny rule touches any of the claim. A path that may not be read may not be searched either. */
export function mentionsRule(rule: Rule, claim: Claim): boolean {
  if (claim.type === 'read' && rule.pattern !== undefined && readers.includes(rule.tool)) {
    return claim.paths.some(rule.names)
  }
  if (!namesTool(rule, claim)) return false
  if (rule.pattern === undefined) return true
  if (claim.type === 'command') return mentionsCommand(rule.pattern, claim.command)
  return claim.type === 'write' && rule.names(claim.path)
}

/** `@server` names all tools of an MCP server, `@server/tool` one of them. */
function namesTool({ tool }: Rule, claim: Claim): boolean {
  if (tool === claim.tool) return true
  return claim.type === 'call' && /^@[^/]+$/.test(tool) && claim.tool.startsWith(`${tool}/`)
}

function wrong(text: string, hint: string): UserError {
  return new UserError(`Expected a tool rule, got ${JSON.stringify(text)}`, { hint })
}
