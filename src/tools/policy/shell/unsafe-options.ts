import { basename } from 'node:path'
import { changes, type Doubt, type Option, type Reading, readOnlyCommands } from './read-only-commands.ts'

/** A word of a command line that does more than read, or is not known to only read. */
export interface Unsafe extends Doubt {
  /** The option without its value; of other words the word. */
  name: string
}

/**
 * What in a line of a program that is known to read does more than that: options, also shortened or in a bundle, operands
 * that are written to, subcommands. Empty for programs that are not known: nothing can be said of those.
 */
export function unsafeWords(words: readonly string[]): Unsafe[] {
  const [program = '', ...others] = inPython(words)
  const name = basename(program).toLowerCase()
  const reading = Object.hasOwn(readOnlyCommands, name) ? readOnlyCommands[name] : undefined
  return reading ? examine(reading, others, name) : []
}

const unknown = 'is not known to only read'

function inPython(words: readonly string[]): readonly string[] {
  const [program = '', module, name] = words
  return /^python[\d.]*$/.test(basename(program)) && module === '-m' && name === 'pytest'
    ? words.slice(2)
    : words
}

function examine(reading: Reading, words: readonly string[], called: string): Unsafe[] {
  const { unsafe, options, operands, rest } = take(reading, words)
  const [under] = rest
  if (!reading.under || under === undefined) {
    const doubt = reading.words?.(operands, options)
    return doubt ? [...unsafe, { ...doubt, name: doubt.word }] : unsafe
  }
  // `git reflog HEAD`
  const name = /^HEAD\b/.test(under) ? '' : under
  const next = Object.hasOwn(reading.under, name) ? reading.under[name] : undefined
  if (next) return [...unsafe, ...examine(next, rest.slice(1), `${called} ${under}`)]
  return [...unsafe, { word: under, name: under, why: `${unknown}: ${called} ${under}` }]
}

interface Taken {
  unsafe: Unsafe[]
  options: Option[]
  operands: string[]
  /** From the first operand on, where that is a subcommand. */
  rest: readonly string[]
}

function take(reading: Reading, words: readonly string[]): Taken {
  const table = tableOf(reading)
  const taken: Taken = { unsafe: [], options: [], operands: [], rest: [] }
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '--' && reading.noEnd) continue
    if (word === '--') {
      for (const operand of words.slice(at + 1)) taken.operands.push(operand)
      if (reading.under) taken.rest = words.slice(at + 1)
      break
    }
    if (!/^-./.test(word) || (reading.whole && /^-\d/.test(word))) {
      taken.operands.push(word)
      if (!reading.under) continue
      taken.rest = words.slice(at)
      break
    }
    const next = words[at + 1]
    const used = reading.whole ? takeWhole(table, word, next, taken) : takeOption(table, word, next, taken)
    // What may be an option itself is looked at as one, too: a value never hides it.
    if (used && (next === undefined || !/^-[^\d]/.test(next))) at += 1
  }
  return taken
}

/** `--name`, `--name=value`, or a bundle of letters. Returns whether the next word is its value. */
function takeOption(table: Table, word: string, next: string | undefined, taken: Taken): boolean {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=')
    return takeName(table, equals < 0 ? word : word.slice(0, equals), word, next, taken)
  }
  for (let at = 1; at < word.length; at += 1) {
    const letter = word[at] ?? ''
    const name = `-${letter}`
    const known = table.get(/\d/.test(letter) && !table.has(name) ? '-#' : name)
    if (!known) {
      taken.unsafe.push({ word, name, why: unknown })
      return false
    }
    const behind = word.slice(at + 1)
    const value = known.value === 'none' ? undefined : behind === '' && known.value === 'next' ? next : behind
    taken.options.push({ name, value })
    if (known.why) taken.unsafe.push({ word, name, why: known.why })
    if (known.value === 'next') return behind === ''
    if (known.value === 'same') return false
  }
  return false
}

/** `-name`, `--name`, `-name=value`, `-test.name`. */
function takeWhole(table: Table, word: string, next: string | undefined, taken: Taken): boolean {
  const [given = ''] = word.split('=', 1)
  const name = given.replace(/^--?(?:test\.)?/, '')
  const known = table.get(name) ?? (/^newer[aBcmt]{2}$/.test(name) ? table.get('newer') : undefined)
  if (known?.why !== undefined || !known) taken.unsafe.push({ word, name: given, why: known?.why ?? unknown })
  taken.options.push({ name: given, value: word.includes('=') ? word.slice(given.length + 1) : next })
  return known?.value === 'next' && !word.includes('=')
}

function takeName(table: Table, name: string, word: string, next: string | undefined, taken: Taken): boolean {
  const known = table.get(name)
  const negated = name.startsWith('--no-') && table.has(`--${name.slice(5)}`)
  const value =
    word.length > name.length ? word.slice(name.length + 1) : known?.value === 'next' ? next : undefined
  taken.options.push({ name, value })
  if (!known && !negated) taken.unsafe.push(doubtOf(table, name, word))
  else if (known?.why !== undefined) taken.unsafe.push({ word, name, why: known.why })
  return known?.value === 'next' && word.length === name.length
}

/** A name that is not known in full may be the beginning of one that is. */
function doubtOf(table: Table, name: string, word: string): Unsafe {
  for (const [full, { why }] of table)
    if (why !== undefined && full.startsWith(name))
      return { word, name: full, why: `may mean ${full}, which ${why}` }
  return { word, name, why: unknown }
}

interface Known {
  value: 'none' | 'same' | 'next'
  /** undefined: it only reads. */
  why: string | undefined
}

type Table = ReadonlyMap<string, Known>

const tables = new WeakMap<Reading, Table>()

function tableOf(reading: Reading): Table {
  const made = tables.get(reading) ?? makeTable(reading)
  tables.set(reading, made)
  return made
}

function makeTable({ reads = '', writes = '', runs = '', whole }: Reading): Table {
  const table = new Map<string, Known>()
  const lists = [
    [reads, undefined],
    [writes, changes],
    [runs, 'may run a program, or chooses what it works with'],
  ] as const
  for (const [text, why] of lists)
    for (const spec of text.split(/\s+/).filter((part) => part !== '')) {
      const value = spec.endsWith(':') ? 'next' : spec.endsWith('?') ? 'same' : 'none'
      const name = value === 'none' ? spec : spec.slice(0, -1)
      const names = whole || name.startsWith('--') || name === '-#' ? [name] : lettersOf(name)
      // A value belongs to the last letter of a bundle.
      for (const one of names) table.set(one, { value: one === names.at(-1) ? value : 'none', why })
    }
  return table
}

function lettersOf(bundle: string): string[] {
  return [...bundle.replace(/^-/, '')].map((letter) => `-${letter}`)
}
