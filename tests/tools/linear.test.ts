import { expect, test } from 'vitest'
import { wildcard } from '../../src/text/wildcard.ts'
import { decide, type Trust } from '../../src/tools/policy/policy.ts'
import { ruleMeant } from '../../src/tools/policy/rules/rule-meant.ts'
import { parseRule, ruleFor } from '../../src/tools/policy/rules/rules.ts'
import { simpleWords } from '../../src/tools/policy/shell/shell-words.ts'
import type { Claim } from '../../src/tools/policy/tool-claim.ts'

const length = 100_000
const cwd = '/w'
const rules = (list: 'allow' | 'deny', ...texts: string[]) => texts.map((text) => parseRule(text, cwd, list))
const stars = `x ${'*a'.repeat(400)}`
const trust: Trust = {
  cwd,
  granted: [],
  all: true,
  deny: rules(
    'deny',
    `execute_bash(${stars})`,
    'execute_bash(git a b c *)',
    'fs_read(**/*a*a*b)',
    'fs_read(**/a/**/b/*)',
  ),
  allow: rules(
    'allow',
    `execute_bash(${stars})`,
    'execute_bash(x **/a/**/b)',
    `execute_bash(x *${'a'.repeat(900)}b)`,
  ),
}
const line = (command: string): Claim => ({ type: 'command', tool: 'execute_bash', command, cwd })
const read = (path: string): Claim => ({ type: 'read', tool: 'fs_read', paths: [path], directories: [] })

const pieces = [
  ...[...'a\'"\\ *[{~/=.1\u3164\u{1f600}'],
  ...[
    'a ',
    '\'"',
    '"\\',
    '\\\n',
    "a'",
    '*a',
    '**/',
    'a/',
    '/..',
    '../',
    'a=',
    '=!',
    '{a,',
    '{a,b}',
    '[a-',
    '$HOME/',
  ],
  ...[
    'nice ',
    "'nice ",
    'sudo a=b ',
    'xsh ',
    '1.',
    '-.',
    'git a b ',
    'x aa',
    '2>',
    '$(',
    'grep -rn createSession src/open.ts | head -20 ',
  ],
]
const shapes = pieces.map((piece) => `x ${piece.repeat(length / piece.length)}`)
const quoted = pieces.map((piece) => `watch "${piece.repeat(length / piece.length)}"`)

const readers: [name: string, reads: (text: string) => unknown, texts: string[]][] = [
  ['a decision on a command', (text) => decide(line(text), trust), [...shapes, ...quoted]],
  ['a decision on a path', (text) => decide(read(`/${text}`), trust), shapes],
  ['the words of a simple command', simpleWords, [...shapes, ...quoted]],
  ['the rule that is offered', (text) => ruleFor(line(text), cwd), shapes],
  ['the rule that was meant', (text) => ruleMeant(text, ['execute_bash']), shapes],
  ['a pattern for paths', (text) => wildcard('**/*a*a*b')?.(text), shapes],
  ['a rule for commands', (text) => attempt(() => parseRule(`execute_bash(${text})`, cwd, 'deny')), shapes],
  ['a rule for paths', (text) => attempt(() => parseRule(`fs_read(${text})`, cwd, 'deny')), shapes],
]

/** ms of this thread, the best of some runs. */
function cost(work: () => unknown, runs: number): number {
  const times = Array.from({ length: runs }, () => {
    const before = process.threadCpuUsage()
    work()
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...times)
}

function attempt(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'UserError') throw error
  }
}

const harmless = 'git commit the words of a line '.repeat(length / 31)

test.each(readers)(
  '%s costs no more than the length, whatever stands there',
  { timeout: 120_000 },
  (_, reads, texts) => {
    // Some readers leave harmless text at once: a decision on it is the measure for all.
    const usual = Math.max(
      cost(() => decide(line(harmless), trust), 3),
      cost(() => reads(harmless), 3),
    )
    const slow = texts.flatMap((text) => {
      const once = cost(() => reads(text), 1)
      const ratio = once > 20 * usual ? cost(() => reads(text), 3) / usual : 0
      return ratio > 20 ? [`${JSON.stringify(text.slice(0, 30))}: ${Math.round(ratio)} times`] : []
    })
    expect(slow).toEqual([])
  },
)
