import { type ArgsDef, renderUsage, runCommand } from 'citty'
import { errorCode, exitCode, UserError } from '../base/errors.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { print, tell } from '../text/print.ts'
import { withOptionalValues } from './optional-value.ts'
import { version } from './package-version.ts'
import { checkWords } from './strict.ts'
import { q } from './tree.ts'
import { argumentsOf, subVerb, subVerbs, type Verb } from './verb.ts'

/** Runs the command that the words name and returns the exit code. Only `main.ts` ends the process. */
export async function run(words: readonly string[]): Promise<number | undefined> {
  const lost = outputLost()
  // Before there is a command to wait for, it has nobody to hear it.
  lost.catch(() => {})
  const { command, path, rest } = await findCommand(words)
  const flags = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : undefined)
  if (flags.includes('--help') || flags.includes('-h')) {
    print(`${await usage(command, path)}\n`)
    return exitCode.done
  }
  if (flags.includes('--version') || (path.length === 0 && flags.includes('-v'))) {
    print(`${version}\n`)
    return exitCode.done
  }
  if (!command.run) {
    const wrong = rest.find((word) => !word.startsWith('-'))
    if (wrong !== undefined) throw await unknownCommand(command, path, wrong)
    checkWords(rest, {}, path)
    tell(`${await usage(command, path)}`)
    return path.length === 0 && words.length === 0 ? exitCode.done : exitCode.usage
  }
  const args = await argumentsOf(command)
  const rawArgs = withOptionalValues(rest, args)
  checkWords(rawArgs, args, path)
  const { result } = await Promise.race([runCommand(command, { rawArgs, data: q }), lost])
  // What was written last fails a moment later.
  await Promise.race([new Promise((resolve) => setImmediate(resolve)), lost])
  return typeof result === 'number' ? result : exitCode.done
}

/**
 * The reader of a pipe may go before all is written (`q mux list | head -1`): that is how pipes end, and no error. Nor is
 * a terminal that is gone. Fails when what was to be written is lost.
 */
function outputLost(): Promise<never> {
  return new Promise((_, reject) => {
    for (const stream of [process.stdout, process.stderr])
      stream.on('error', (error) => {
        const code = errorCode(error) ?? ''
        if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code))
          reject(new UserError(`the output cannot be written (${code})`, { cause: error }))
        else if (!['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(code)) reject(error)
      })
  })
}

interface FoundVerb {
  command: Verb
  /** The words that led there, without `q`. */
  path: string[]
  /** What is left for it, in order. */
  rest: string[]
}

/** Global flags may stand before a command's name; a flag's value is not mistaken for one. */
async function findCommand(words: readonly string[]): Promise<FoundVerb> {
  let command: Verb = q
  const path: string[] = []
  const rest: string[] = []
  let at = 0
  for (; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '--') break
    if (word.startsWith('-')) {
      rest.push(word)
      if (takesValue(word, await argumentsOf(command))) rest.push(...words.slice(++at, at + 1))
      continue
    }
    const next = await subVerb(command, word)
    if (!next) {
      // `q mux` runs by itself, so that a word behind it is a mistyped subcommand and no argument.
      if (await subVerbs(command)) throw await unknownCommand(command, path, word)
      break
    }
    command = next
    path.push(word)
  }
  return { command, path, rest: [...rest, ...words.slice(at)] }
}

async function unknownCommand(command: Verb, path: readonly string[], word: string): Promise<UserError> {
  const known = Object.keys((await subVerbs(command)) ?? {})
  const called = ['q', ...path].join(' ')
  return new UserError(`${called} has no command "${word.slice(0, 40)}"`, {
    hint: didYouMean(word, known) ?? `see ${called} --help`,
    exit: exitCode.usage,
  })
}

function takesValue(flag: string, args: ArgsDef): boolean {
  if (flag.includes('=')) return false
  const definition = args[flag.replace(/^--?/, '')]
  return definition?.type === 'string' || definition?.type === 'enum'
}

async function usage(command: Verb, path: readonly string[]): Promise<string> {
  const parent: Verb = { meta: { name: ['q', ...path.slice(0, -1)].join(' '), version } }
  const text = await renderUsage(command, path.length === 0 ? undefined : parent)
  return process.stdout.isTTY && !process.env.NO_COLOR ? text : text.replaceAll(/\u001b\[\d+m/g, '')
}
