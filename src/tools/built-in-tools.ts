import { type BashOptions, executeBash } from './execute-bash.ts'
import type { Copies } from './files/kept-copies.ts'
import { type Operations, realOperations } from './files/operations.ts'
import { fsRead } from './fs-read.ts'
import { fsWrite } from './fs-write.ts'
import { glob } from './glob.ts'
import { grep } from './grep.ts'
import type { Tool } from './tool.ts'

/** The built-in tools, by name in the order in which a model is told of them. */
export function builtInTools(
  bash: BashOptions = {},
  operations: Operations = realOperations,
  copies?: Copies,
): Tool[] {
  return [
    fsRead(operations),
    fsWrite(operations, copies),
    executeBash(bash, operations),
    glob(operations),
    grep(operations),
  ]
}
