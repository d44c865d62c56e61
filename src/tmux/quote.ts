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
