import { UserError } from '../../base/errors.ts'
import { settingKeys } from '../../config/settings.ts'
import { handlesOf } from '../../sessions/list/find-session.ts'
import { print } from '../../text/print.ts'
import type { GlobalArgs } from '../arguments.ts'
import {
  type Argument,
  argumentsOf,
  type Completes,
  defineVerb,
  flagsOf,
  positionals,
  subVerb,
  subVerbs,
  takesValue,
  type Verb,
} from '../verb.ts'
import { withWorkspace } from '../with-workspace.ts'

const complete = defineVerb({
  meta: { name: 'complete', description: 'Words that complete a command line, one a line', hidden: true },
  args: {
    text: {
      type: 'positional',
      rest: true,
      required: false,
      description: 'The words so far; the last one is to be completed',
    },
  },
  async run({ args, data: q }) {
    const { before, last, sign } = readLine(args._)
    for (const word of await candidates(q, before, last))
      if (word === files) print(`${word}\n`)
      else if (word.startsWith(last)) print(`${sign}${word}\n`)
  },
})
export default complete

/** Tells the shell's script to complete names of files by itself. */
const files = ':files'

/** The words before the last one, the last one, and what stands before it in the same word: `--type=`. */
function readLine(typed: readonly string[]): { before: readonly string[]; last: string; sign: string } {
  // bash takes --type=debug apart at the sign, the others do not.
  const words = typed.filter((word) => word !== '=')
  const last = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const [, flag, value = ''] = /^(--[\w-]+)=(.*)$/s.exec(last) ?? []
  return flag === undefined
    ? { before, last, sign: '' }
    : { before: [...before, flag], last: value, sign: `${flag}=` }
}

/** Where a command line has come to. */
interface Position {
  verb: Verb
  /** How many words stand in places already. */
  places: number
  /** A flag that waits for its value. */
  flag: Argument | undefined
  workspace: GlobalArgs
}

/** What may come next. Flags are offered once their first sign is typed. */
async function candidates(q: Verb, before: readonly string[], last: string): Promise<readonly string[]> {
  const at = await follow(q, before)
  if (!at) return []
  if (at.flag) return wordsFor(at.flag.completes, at.workspace, last)
  const args = await argumentsOf(at.verb)
  if (last.startsWith('-')) return [...flagsOf(args).keys()].filter((flag) => flag.startsWith('--'))
  const verbs = Object.keys((await subVerbs(at.verb)) ?? {}).filter((name) => name !== 'complete')
  const [, argument] = positionals(args)[at.places] ?? []
  return [...verbs, ...(await wordsFor(argument?.completes, at.workspace, last))]
}

/** undefined: there is no such verb. */
async function follow(q: Verb, words: readonly string[]): Promise<Position | undefined> {
  const at: Position = { verb: q, places: 0, flag: undefined, workspace: {} }
  for (const [index, word] of words.entries()) {
    if (at.flag) {
      at.flag = undefined
      const given = words[index - 1]
      if (given === '--workspace') at.workspace.workspace = word
      if (given === '--socket') at.workspace.socket = word
    } else if (word.startsWith('-')) {
      const flag = flagsOf(await argumentsOf(at.verb)).get(word)
      if (flag && takesValue(flag)) at.flag = flag
    } else {
      const next = await subVerb(at.verb, word)
      if (next) at.verb = next
      else if (await subVerbs(at.verb)) return undefined
      else at.places += 1
    }
  }
  return at
}

async function wordsFor(
  completes: Completes | undefined,
  workspace: GlobalArgs,
  begun: string,
): Promise<readonly string[]> {
  switch (completes) {
    case undefined:
      return []
    case 'file':
      return [files]
    case 'setting':
      return settingKeys()
    case 'open-session':
      return sessions(workspace, begun, false)
    case 'any-session':
      return sessions(workspace, begun, true)
    default:
      return completes
  }
}

async function sessions(of: GlobalArgs, begun: string, all: boolean): Promise<string[]> {
  try {
    return await withWorkspace(of, async (workspace) => handlesOf(workspace, begun, all))
  } catch (error) {
    // A completion has nowhere to complain.
    if (error instanceof UserError) return []
    throw error
  }
}
