/**
 * A word for a line that tmux parses (control mode, a sourced file): single-quoted, so that nothing in it is expanded
 * by the parser. A newline would end the line inside the quotes and run the rest as a command, on every version.
 * @throws Error on a newline or NUL: such text never comes from a user's input unchecked, so it is a bug
 */
export function quote(word: string): string {
  if (/[\n\r\0]/.test(word))
    throw new Error(`a newline cannot be part of a tmux command: ${JSON.stringify(word.slice(0, 80))}`)
  return `'${word.replaceAll("'", "'\\''")}'`
}

/** A word for /bin/sh, which tmux starts for popups and run-shell. */
export function shellQuote(word: string): string {
  return quote(word)
}

/**
 * A command by a name that the user's `command-alias` does not stand for: tmux looks there for whole names only, and takes
 * the beginning of one for the command itself.
 */
export function unaliased([name = '', ...words]: readonly string[]): string[] {
  return [name.startsWith('-') ? name : name.slice(0, -1), ...words]
}

/** The same for the commands in a text of ours that tmux parses. */
export function unaliasedText(text: string): string {
  return text.replaceAll(ours, (name) => name.slice(0, -1))
}

const ours =
  /\b(?:bind-key|if-shell|run-shell|set-option|select-window|select-pane|switch-client|last-window|display-message|display-popup)\b/g

/** A line that tmux parses. */
export function lineOf(commands: readonly (readonly string[])[]): string {
  return commands.map((command) => unaliased(command).map(quote).join(' ')).join(' ; ')
}
