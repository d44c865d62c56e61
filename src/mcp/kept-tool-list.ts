import { createHash } from 'node:crypto'
import { isObject } from '../base/json.ts'
import type { McpServer } from '../domain/named-settings.ts'
import type { KeptLists } from './server-settings.ts'
import { asToolList, type ToolList } from './tool-list.ts'

/** The list that some session kept of this very command; undefined when there is none, or it is broken. */
export async function readKept(lists: KeptLists, server: McpServer): Promise<ToolList | undefined> {
  return keptIn(await lists.read(keyOf(server)))
}

/** Whether a value is a list that was kept. */
export function isKept(value: unknown): boolean {
  return keptIn(value) !== undefined
}

function keptIn(value: unknown): ToolList | undefined {
  return isObject(value) && value.v === version ? asToolList(value) : undefined
}

export async function keep(lists: KeptLists, server: McpServer, list: ToolList): Promise<void> {
  await lists.write(keyOf(server), `${JSON.stringify({ v: version, ...list })}\n`)
}

/** By the command with its arguments and the names of its variables, of which none has its value in there. */
export function keyOf({ command, args, env }: McpServer): string {
  const words = JSON.stringify([command, args, Object.keys(env).sort()])
  return createHash('sha256').update(words).digest('hex').slice(0, 32)
}

const version = 1
