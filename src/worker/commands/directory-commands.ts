import { mkdir, stat } from 'node:fs/promises'
import { describeError, errorCode, UserError } from '../../base/errors.ts'
import { isYes } from '../../domain/yes.ts'
import { reveal } from '../../tools/reveal.ts'
import type { CommandContext, SlashCommand } from './command.ts'

/** The slash command about where a session works. */
export const directoryCommands: readonly SlashCommand[] = [
  {
    names: ['/cd'],
    args: '[DIR]',
    takes: [0, 1],
    help: 'show the directory that the session works in, or choose another',
    candidates: async ({ directory: { cwd, home } }, place, words) => {
      if (place > 0) return []
      const { completePath } = await import('../../sessions/files/complete-path.ts')
      const paths = await completePath(cwd, home, words[0] ?? '')
      return paths.filter((path) => path.endsWith('/') && !/[\p{Z}"'\\]/u.test(path))
    },
    async run(context, [name]) {
      const { directory, say, style } = context
      if (name === undefined) {
        say(reveal(directory.cwd))
        const trouble = directory.trouble()
        if (trouble !== undefined) say(style.red(reveal(trouble)))
        return undefined
      }
      const path = await context.files.path(name, 'read')
      if (!(await isThere(path)) && !(await make(context, path))) {
        say(style.dim('nothing has changed'))
        return undefined
      }
      const before = directory.cwd
      await directory.change(path)
      const told = directory.cwd === before ? '' : '; the model is told with your next prompt'
      say(style.dim(`(works in ${reveal(directory.cwd)}${told})`))
      return undefined
    },
  },
]

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    // Whatever else is wrong with it is said where it is entered.
    return errorCode(error) !== 'ENOENT'
  }
}

/** Makes a directory that is not there, if the user wants it. */
async function make({ ask }: CommandContext, path: string): Promise<boolean> {
  if (!isYes(await ask(`${reveal(path)} is not there. Make it? [y/N]: `))) return false
  try {
    await mkdir(path, { recursive: true })
    return true
  } catch (error) {
    throw new UserError(`${reveal(path)} cannot be made: ${describeError(error)}`, { cause: error })
  }
}
