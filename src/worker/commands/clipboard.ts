import { UserError } from '../../base/errors.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { TmuxError, tmuxDoor } from '../../tmux/door.ts'
import { setBuffer } from '../../tmux/verbs.ts'

/**
 * Puts a text on the clipboard and returns how to paste it. Inside tmux it is tmux that takes it, into a buffer of its
 * own and, where `set-clipboard` lets it, on to the terminal around it. Outside, the terminal is asked directly.
 * @throws UserError when neither can be had
 */
export async function copyText(
  text: string,
  env: NodeJS.ProcessEnv,
  terminal: Pick<Terminal, 'copy'>,
): Promise<string> {
  if (!env.TMUX) {
    if (terminal.copy(text)) return 'it is on the clipboard, if this terminal allows it (OSC 52)'
    throw new UserError('this terminal has no clipboard that q can reach', {
      hint: 'save it instead: /save FILE',
    })
  }
  try {
    await setBuffer(tmuxDoor(undefined, env), text)
    return 'paste with prefix ]'
  } catch (error) {
    if (!(error instanceof TmuxError)) throw error
    throw new UserError(`tmux did not take it: ${error.reason}`, {
      hint: 'save it instead: /save FILE',
      cause: error,
    })
  }
}
