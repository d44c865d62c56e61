import type { ConsolaInstance } from 'consola'
import { tell } from '../text/print.ts'
import { createStyle, wantsColour } from '../text/style.ts'

let instance: ConsolaInstance | undefined

/** What a verb says to a person: on stderr, so that a result on stdout stays clean. */
export async function talk(): Promise<ConsolaInstance> {
  if (!instance) {
    const { createConsola } = await import('consola/basic')
    const style = createStyle(wantsColour(process.stderr, process.env))
    const signs: Record<string, string> = { success: `${style.green('✓')} `, warn: `${style.yellow('!')} ` }
    instance = createConsola({
      reporters: [{ log: ({ type, args }) => void tell(`${signs[type] ?? ''}${args.join(' ')}`) }],
    })
  }
  return instance
}
