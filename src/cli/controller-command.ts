import { parseArgs } from 'node:util'
import { readInvocation } from '../app/invocation.ts'
import { controllerMain } from '../app/run-controller.ts'

/** The hidden verb `q mux controller`: runs until the workspace ends. */
export async function controllerVerb(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: { workspace: { type: 'string' }, socket: { type: 'string' }, runtime: { type: 'string' } },
  })
  await controllerMain(
    await readInvocation(
      { workspace: values.workspace, socket: values.socket, runtime: values.runtime },
      process.env,
    ),
  )
  return 0
}
