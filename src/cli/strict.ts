import { exitCode, UserError } from '../base/errors.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { type Arguments, flagsOf, positionals } from './verb.ts'

/**
 * Refuses what a command does not know: citty lets unknown flags, missing values and surplus words pass.
 * @throws UserError with exit code 2
 */
export function checkWords(words: readonly string[], args: Arguments, path: readonly string[]): void {
  const called = ['q', ...path].join(' ')
  const positional = positionals(args).filter(([, { behindDashes }]) => !behindDashes)
  const takesDashes = positionals(args).length > positional.length
  const endless = positional.some(([, { rest }]) => rest)
  const known = flagsOf({ help: { type: 'boolean' }, version: { type: 'boolean' }, ...args })
  let places = 0
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '--') {
      if (!takesDashes) places += words.length - at - 1
      break
    }
    if (!word.startsWith('-') || word === '-') {
      places += 1
      continue
    }
    const [flag = '', ...value] = word.split('=')
    const definition = known.get(flag)
    if (!definition) {
      const otherwise = endless ? `text that begins with - goes after --` : `see ${called} --help`
      throw new UserError(`${called} has no flag ${flag.slice(0, 40)}`, {
        hint: didYouMean(flag, [...known.keys()]) ?? otherwise,
        exit: exitCode.usage,
      })
    }
    if (definition.type === 'boolean') {
      if (value.length > 0) throw new UserError(`${flag} takes no value`, { exit: exitCode.usage })
    } else if (value.length === 0) {
      at += 1
      if (words[at] === undefined)
        throw new UserError(`${flag} needs a value`, { hint: `see ${called} --help`, exit: exitCode.usage })
    }
    if (definition.type === 'enum') {
      const given = value.length > 0 ? value.join('=') : (words[at] ?? '')
      const options = definition.options ?? []
      if (!options.includes(given)) {
        throw new UserError(`${flag} is one of ${options.join(', ')}, not "${given.slice(0, 40)}"`, {
          ...hintOf(didYouMean(given, options)),
          exit: exitCode.usage,
        })
      }
    }
  }
  if (places > positional.length && !endless) {
    throw new UserError(
      `${called} takes ${positional.length === 0 ? 'no words' : `at most ${positional.length}`}, and got ${places}`,
      { hint: `see ${called} --help`, exit: exitCode.usage },
    )
  }
  const needed = positional.filter(([, definition]) => definition.required !== false)
  const missing = needed[places]
  if (missing)
    throw new UserError(`${called} needs ${missing[0].toUpperCase()}`, {
      hint: `see ${called} --help`,
      exit: exitCode.usage,
    })
}

function hintOf(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint }
}
