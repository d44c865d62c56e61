import type { ArgDef, ArgsDef } from 'citty'
import { defineCommand } from 'citty'
import { UserError } from '../../base/errors.ts'
import { settingKeys } from '../../config/settings.ts'
import { handlesOf } from '../../sessions/list/find-session.ts'
import { print } from '../../text/print.ts'
import { argumentsOf, type Command, subCommand, subCommands } from '../command-parts.ts'
import { withWorkspace } from '../with-workspace.ts'

export default defineCommand({
  meta: { name: 'complete', description: 'Words that complete a command line, one a line', hidden: true },
  args: {
    text: {
      type: 'positional',
      required: false,
      description: 'The words so far; the last one is to be completed',
    },
  },
  async run({ args, data: q }) {
    // bash takes --type=debug apart at the sign, the others do not.
    const words = args._.filter((word) => word !== '=')
    const [, flag, value] = /^(--[\w-]+)=(.*)$/s.exec(words.at(-1) ?? '') ?? []
    const before = [...words.slice(0, -1), ...(flag === undefined ? [] : [flag])]
    const last = value ?? words.at(-1) ?? ''
    const sign = flag === undefined ? '' : `${flag}=`
    for (const word of await candidates(q, before, last))
      if (word.startsWith(last) || word === files) print(word === files ? `${word}\n` : `${sign}${word}\n`)
  },
})

/** Tells the shell's script to complete names of files by itself. */
const files = ':files'

/** Flags are offered once their first sign is typed. */
async function candidates(q: Command, before: readonly string[], last: string): Promise<string[]> {
  let command: Command = q
  let place = 0
  const flags: { workspace?: string; socket?: string } = {}
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] ?? ''
    const args = await argumentsOf(command)
    const name = word.replace(/^--?/, '')
    if (word.startsWith('-')) {
      const definition = args[name]
      if (definition?.type !== 'string' && definition?.type !== 'enum') continue
      if (at + 1 === before.length) return valuesOf(definition, last)
      at += 1
      if (name === 'workspace' || name === 'socket') flags[name] = before[at] ?? ''
      continue
    }
    const next = await subCommand(command, word)
    if (next) command = next
    else if (await subCommands(command)) return []
    else place += 1
  }
  const args = await argumentsOf(command)
  if (last.startsWith('-'))
    return Object.keys(args)
      .filter((name) => args[name]?.type !== 'positional')
      .map((name) => `--${name}`)
  return [...(await visible(command)), ...(await atPlace(args, place, flags, last))]
}

/** What a flag takes, where it lists it. */
async function valuesOf(definition: ArgDef, last: string): Promise<string[]> {
  if (definition.type === 'enum') return definition.options ?? []
  const hint = 'valueHint' in definition ? definition.valueHint : undefined
  if (hint === 'DIR' || hint === 'FILE') return [files]
  // That of `q chat --resume`: also closed ones and plain chats.
  if (hint === '[NAME]') return sessions({}, last, true)
  return hint?.includes('|') ? hint.split('|') : []
}

async function visible(command: Command): Promise<string[]> {
  return Object.keys((await subCommands(command)) ?? {}).filter((name) => name !== 'complete')
}

/** What a word at a place may be, by the name of the argument. */
async function atPlace(
  args: ArgsDef,
  place: number,
  flags: { workspace?: string; socket?: string },
  last: string,
): Promise<string[]> {
  const positional = Object.entries(args).filter(([, definition]) => definition.type === 'positional')
  const [name, definition] = positional[place] ?? []
  if (name === 'shell') return ['bash', 'zsh', 'fish']
  if (name === 'file') return [files]
  if (name === 'key') return settingKeys()
  if (name !== 'name' || definition?.description?.startsWith('Its')) return []
  return sessions(flags, last, definition?.description?.startsWith('Any') === true)
}

async function sessions(
  flags: { workspace?: string; socket?: string },
  begun: string,
  all: boolean,
): Promise<string[]> {
  try {
    return await withWorkspace(flags, async (workspace) => handlesOf(workspace, begun, all))
  } catch (error) {
    // A completion has nowhere to complain.
    if (error instanceof UserError) return []
    throw error
  }
}
