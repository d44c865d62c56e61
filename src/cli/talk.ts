import type { ConsolaInstance } from 'consola'

let instance: ConsolaInstance | undefined

/** What a verb says to a person: on stderr, so that a result on stdout stays clean. */
export async function talk(): Promise<ConsolaInstance> {
  if (!instance) {
    const { createConsola } = await import('consola/basic')
    instance = createConsola({
      stdout: process.stderr,
      stderr: process.stderr,
      formatOptions: { date: false },
    })
  }
  return instance
}
