import { parseArgs } from 'node:util'
import { controllerMain } from '../app/run-controller.ts'
import { findPlace } from '../app/surroundings.ts'

/** The hidden verb `q mux controller`: runs until the workspace ends. */
export async function controllerVerb(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: { workspace: { type: 'string' }, socket: { type: 'string' }, runtime: { type: 'string' } },
  })
  await controllerMain(
    await findPlace(
      { workspace: values.workspace, socket: values.socket, runtime: values.runtime },
      process.env,
    ),
  )
  return 0
}
