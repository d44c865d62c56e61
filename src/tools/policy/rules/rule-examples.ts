import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { alternatives, lettersOf } from '../../../text/wildcard.ts'
import { decide } from '../policy.ts'
import { readLine, type Word } from '../shell/shell-words.ts'
import { builtInNames, type Claim, claims } from '../tool-claim.ts'
import { realOf } from './path-pattern.ts'
import { denyingRule, type Rule, type RuleList, ruleCovers } from './rules.ts'

/** Calls as `TOOL WHAT`, each one decided as a session would. */
export interface RuleExamples {
  /** At most two that the rule trusts or refuses; fewer where another rule goes before. */
  matching: string[]
  /** One that it does not. */
  other: string
}

/** What a rule covers, by examples that are made up from its words and then held against it as any call is. */
export function ruleExamples(
  rule: Rule,
  list: RuleList,
  { cwd, deny }: { cwd: string; deny: readonly Rule[] },
): RuleExamples {
  const base = { cwd, granted: [], all: false }
  const examples = [...candidates(rule, cwd), ...otherTools(rule, cwd)]
  const matches = ({ claim }: Example) =>
    list === 'deny'
      ? denyingRule([rule], claim) !== undefined
      : ruleCovers(rule, claim) && decide(claim, { ...base, deny, allow: [rule] }).type === 'run'
  const matching = examples.filter(matches).map(({ shown }) => shown)
  return {
    matching: [...new Set(matching)].slice(0, 2),
    other: examples.find((example) => !matches(example))?.shown ?? '',
  }
}

interface Example {
  shown: string
  claim: Claim
}

function candidates(rule: Rule, cwd: string): Example[] {
  const { tool, pattern } = rule
  if (claims('command', tool)) return commandLines(pattern).map((line) => command(line, cwd))
  if (builtInNames.includes(tool)) return pathsFor(pattern).map((path) => file(tool, path, cwd))
  const calls = tool.includes('/') ? [tool, `${tool}_2`] : [`${tool}/read`, `${tool}/write`, `${tool}2/read`]
  return calls.flatMap((name) => ['{}', '{"path":"a.txt"}'].map((input) => call(name, input)))
}

function otherTools({ tool }: Rule, cwd: string): Example[] {
  return [file('fs_write', 'a.txt', cwd), command('make', cwd)].filter(({ claim }) => claim.tool !== tool)
}

/** Lines near a pattern, its own ones first. */
function commandLines(pattern: string | undefined): string[] {
  if (pattern === undefined) return ['make', 'git status', 'git push']
  const words = readLine(pattern).filter((token) => token.type === 'word')
  const open = words.length > 1 && words.at(-1)?.text === '*'
  const fixed = open ? words.slice(0, -1) : words
  const line = fixed.map((word) => filled(word, 'x')).join(' ')
  const fewer = fixed.slice(0, -1).map((word) => filled(word, 'x'))
  const spelled = fixed
    .map((word, index) => (index === 0 ? filled(word, 'x') : quoted(filled(word, 'y'))))
    .join(' ')
  const others = [`${line} && rm -rf y`, [...fewer, 'y'].join(' '), fewer.join(' '), 'ls', 'true']
  return [line, ...(open ? [`${line} y`] : []), spelled, `${line} --help`, `${line} `, ...others].filter(
    (one) => one !== '',
  )
}

/** A pattern's word with letters for its stars, in quotes where a shell needs them. */
function filled({ text, stars }: Word, letters: string): string {
  const word = text
    .split('')
    .map((sign, index) => (stars.includes(index) ? letters : sign))
    .join('')
    .replaceAll(letters + letters, letters)
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function quoted(word: string): string {
  return /^\w/.test(word) ? `"${word}"` : word
}

function pathsFor(pattern: string | undefined): string[] {
  if (pattern === undefined) return ['a.txt', '/etc/hosts']
  const near = (alternatives(pattern) ?? []).flatMap((one) => [
    withLetters(one, 'x', 'a'),
    withLetters(one, 'y', 'a/b'),
    withLetters(one, 'x', ''),
    `${withLetters(one, 'x', 'a')}/z`,
    ...(/^[~/]/.test(one) ? [] : [`./${withLetters(one, 'x', 'a')}`]),
  ])
  const away = near.flatMap((path) => [`${path}.2`, ...(/^[~/]/.test(path) ? [] : [`other/${path}`])])
  return [...near, ...away, 'other.txt', '/tmp/other.txt', '../other.txt'].filter(
    (path) => path !== '' && path !== './',
  )
}

/** A pattern with `name` for what stays within a name and `directories` for `**`. */
function withLetters(pattern: string, name: string, directories: string): string {
  return pattern
    .split('/')
    .map((part) =>
      part === '**' ? directories : lettersOf(part, (sign) => (sign.startsWith('[') ? memberOf(sign) : name)),
    )
    .filter((part, index) => part !== '' || index === 0)
    .join('/')
}

/** `[a-z]` → `a`. */
function memberOf(set: string): string {
  return set.charAt(/^\[[!^]./.test(set) ? 2 : 1)
}

function command(line: string, cwd: string): Example {
  const shown = `execute_bash ${line.trim() === line ? line : JSON.stringify(line)}`
  return { shown, claim: { type: 'command', tool: 'execute_bash', command: line, cwd } }
}

function file(tool: string, path: string, cwd: string): Example {
  const asked = /^~(?:\/|$)/.test(path) ? join(homedir(), path.slice(1)) : resolve(cwd, path)
  const real = realOf(asked)
  const shown = `${tool} ${path}`
  if (claims('write', tool)) return { shown, claim: { type: 'write', tool, path: real, asked: [asked] } }
  return { shown, claim: { type: 'read', tool, paths: [real], asked: [[asked]], directories: [] } }
}

function call(tool: string, input: string): Example {
  return { shown: `${tool} ${input}`, claim: { type: 'call', tool, input } }
}
