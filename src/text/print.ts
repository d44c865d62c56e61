import { wantsColour } from './style.ts'

/** What a command was asked for, on stdout. The one door there, with `tell`: nothing passes that steers a terminal. */
export function print(text: string): boolean {
  return process.stdout.write(printable(text, wantsColour(process.stdout, process.env)))
}

/** A line for the person at the terminal, on stderr. */
export function tell(line: string): void {
  process.stderr.write(`${printable(line, wantsColour(process.stderr, process.env))}\n`)
}

/** Calls `then` when what is printed reaches nobody any more: the reader of the pipe went away. */
export function whenReaderGoes(then: () => void): void {
  process.stdout.once('error', then)
}

/** A value as one line of JSON, whole: what a terminal would obey or hide stands as `\u…` in it. */
export function printJson(value: unknown): boolean {
  return process.stdout.write(`${jsonLine(value)}\n`)
}

export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(hidden, (letter) =>
    letter
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/**
 * A text of ours around texts of others: newlines, tabs and, where `colour` is wanted, the styles that we use
 * (`text/style.ts`) pass; every other control character and what turns the direction of text is left out.
 */
export function printable(text: string, colour: boolean): string {
  if (!steering.test(text)) return text
  return text.replaceAll(/(\u001b\[(?:[1-4]|2[2-4]|3[0-79]|9[0-7])m)|[^\n\t]/gsu, (found, style) =>
    style === undefined ? (steering.test(found) ? '' : found) : colour ? style : '',
  )
}

const steering =
  /[\0-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/
const hidden =
  /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu
