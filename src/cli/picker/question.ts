import { createInterface } from 'node:readline/promises'
import { exitCode, UserError } from '../../base/errors.ts'
import { printable, tell } from '../../text/print.ts'
import { wantsColour } from '../../text/style.ts'

/**
 * Asks on stderr, so that stdout stays a result; the end of input counts as an empty answer.
 * @throws UserError with exit code 130 on Ctrl-C
 */
export async function question(text: string): Promise<string> {
  const line = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const ended = new Promise<string>((resolve, reject) => {
      line.once('close', () => resolve(''))
      line.once('SIGINT', () => {
        tell('')
        reject(new UserError('interrupted; nothing was changed', { exit: exitCode.interrupted }))
      })
    })
    return await Promise.race([
      line.question(printable(text, wantsColour(process.stderr, process.env))),
      ended,
    ])
  } finally {
    line.close()
  }
}
