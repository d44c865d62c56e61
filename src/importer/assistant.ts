import { isObject } from '../base/json.ts'
import type { Block } from '../domain/message.ts'
import { cleanJson, textOrNone } from './clean-json.ts'
import type { EntryTools } from './entry-tools.ts'

/** What the model said and which tools it used; nothing for null, undefined for an unknown shape. */
export function readAssistant(assistant: unknown, tools: EntryTools): Block[] | undefined {
  tools.open.clear()
  if (assistant === null || assistant === undefined) return []
  if (!isObject(assistant)) return undefined
  const { Response, ToolUse } = assistant
  if (isObject(Response)) return textBlocks(Response.content)
  if (isObject(ToolUse)) {
    const uses: unknown[] = Array.isArray(ToolUse.tool_uses) ? ToolUse.tool_uses : []
    return [...textBlocks(ToolUse.content), ...uses.flatMap((use) => toolUse(use, tools))]
  }
  return undefined
}

function textBlocks(content: unknown): Block[] {
  const text = textOrNone(content)
  return text === undefined ? [] : [{ type: 'text', text }]
}

function toolUse(use: unknown, tools: EntryTools): Block[] {
  if (!isObject(use) || typeof use.id !== 'string' || tools.open.has(use.id)) return []
  const id = freshId(use.id, tools.used)
  tools.open.set(use.id, id)
  const name = textOrNone(use.name) ?? textOrNone(use.orig_name) ?? 'tool'
  return [{ type: 'tool_use', id, name: whitelisted(name), input: inputOf(use.args ?? use.orig_args) }]
}

/** Services accept ids and names of tools of 64 letters, digits, `_` and `-`, and want an id to stand for one use. */
function whitelisted(text: string): string {
  return text.slice(0, 64).replaceAll(/[^A-Za-z0-9_-]/g, '_') || 'tool'
}

function freshId(wanted: string, used: Set<string>): string {
  const base = whitelisted(wanted)
  let id = base
  for (let number = used.size + 1; used.has(id); number += 1) id = `${base.slice(0, 56)}-${number}`
  used.add(id)
  return id
}

function inputOf(args: unknown): unknown {
  if (args === null || args === undefined) return {}
  return isObject(args) ? cleanJson(args) : { value: cleanJson(args) }
}
