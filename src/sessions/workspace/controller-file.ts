import { join } from 'node:path'
import { fields, processId, text } from '../../base/checked-json.ts'
import { readOwn, writeOwn } from '../../config/paths/own-file.ts'
import type { Paths } from '../../config/paths/paths.ts'
import type { ProcessId } from '../../domain/session.ts'
import type { ProcessTable } from '../../status/process-identity.ts'

/** Where a controller says that it is the workspace's. */
export function controllerFile({ runtimeDir }: Paths): string {
  return join(runtimeDir, 'controller.json')
}

export async function recordController(paths: Paths, controller: ProcessId): Promise<void> {
  writeOwn(controllerFile(paths), JSON.stringify(controller))
}

/** The process of the workspace's controller, if it lives. */
export function findController({
  paths,
  processes,
}: {
  paths: Paths
  processes: ProcessTable
}): ProcessId | undefined {
  const lost = 'which process the controller is, is not known; q mux --detach starts one where there is none'
  const found = readOwn(controllerFile(paths), fields<ProcessId>({ pid: processId, startTime: text }), lost)
  return found && processes.livenessOf(found) !== 'gone' ? found : undefined
}
