import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { parseAst } from 'vitest/node'
import { errorCode } from '../../src/base/errors.ts'
import { random } from '../support/random.ts'
import { attacksOn } from './attacks.ts'
import { bearable, costOf } from './cost.ts'

const source = fileURLToPath(new URL('../../src/', import.meta.url))
const length = 15_000

/** These are written anew. */

test('every pattern that is written in src/ takes time in proportion to the text', async () => {
  const slow: string[] = []
  for (const { where, pattern } of patternsOf(source)) {
    const attack = slowest(pattern, attacksOn(pattern, length, random(1)))
    if ('ends' in attack && (await costOf((text) => use(pattern, text), attack.text, harmless)) < bearable)
      continue
    slow.push(`${where} ${pattern}: ${JSON.stringify(attack.text.slice(0, 40))}…`)
  }
  expect(slow).toEqual([])
}, 120_000)

/** The text that a pattern takes longest for; one that it does not come to an end with is left. */
function slowest(pattern: RegExp, attacks: readonly string[]): { text: string; ends?: true } {
  let current = ''
  let worst = { text: '', ms: -1 }
  const tryAll = () => {
    for (current of attacks) {
      const begin = performance.now()
      use(pattern, current)
      const ms = performance.now() - begin
      if (ms > worst.ms) worst = { text: current, ms }
    }
  }
  try {
    runInNewContext('tryAll()', { tryAll }, { timeout: 5000 })
    return { text: worst.text, ends: true }
  } catch (error) {
    if (errorCode(error) !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    return { text: current }
  }
}

const harmless = 'harmless '.repeat(length / 9)

/** As it is used: a global one is looked for until the end of the text. */
function use(pattern: RegExp, text: string): void {
  pattern.lastIndex = 0
  if (pattern.global) text.replaceAll(pattern, '')
  else pattern.exec(text)
}

/** Each pattern once, with the first place that has it. */
function patternsOf(folder: string): { where: string; pattern: RegExp }[] {
  const found = new Map<string, { where: string; pattern: RegExp }>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.ts')) continue
    const text = readFileSync(folder + file, 'utf8')
    for (const { regex, start } of literals(parseAst(text, { lang: 'ts' }))) {
      const pattern = new RegExp(regex.pattern, regex.flags)
      const line = text.slice(0, start).split('\n').length
      if (!found.has(String(pattern))) found.set(String(pattern), { where: `${file}:${line}`, pattern })
    }
  }
  return [...found.values()]
}

interface Literal {
  regex: { pattern: string; flags: string }
  start: number
}

function literals(node: unknown): Literal[] {
  if (typeof node !== 'object' || node === null) return []
  if ('regex' in node) return [node as Literal]
  return Object.values(node).flatMap(literals)
}
