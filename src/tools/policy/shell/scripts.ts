/** Whether a script for sed only prints, chooses and replaces: what is not plainly that may write files or run programs. */
export function sedScript(script: string): boolean {
  return script.length <= 1000 && script.split(/[;\n]/).every((one) => sedCommand.test(one.trim()))
}

const address = String.raw`(?:\d+|\$|\/(?:[^/\\]|\\[^/])*\/)`
const replacing = ['/', '|', '#', ',', ':', '@', '_', '%', '!']
  .map(
    (mark) =>
      `s\\${mark}(?:[^\\\\\\${mark}]|\\\\[^\\${mark}])*\\${mark}(?:[^\\\\\\${mark}]|\\\\[^\\${mark}])*\\${mark}[gpIi0-9]*`,
  )
  .join('|')
const sedCommand = new RegExp(
  `^(?:${address}(?:,\\+?${address})?!?)?\\s*(?:[pdPDqQgGhHxnNl=]?|q\\d*|${replacing})$`,
)

/** Whether a program for awk has no sign of writing or running anything. */
export function awkScript(script: string): boolean {
  return !/[|>@]|system|getline|close/.test(script)
}
