import type { Block, Message } from '../../domain/message.ts'
import type { ToolSpec } from '../../domain/tool-spec.ts'
import type { ModelRequest } from '../provider.ts'

/** What a server turned out not to take. */
export interface Without {
  tools: boolean
  streamOptions: boolean
}

/** A request in the words of chat/completions. The messages are taken as they are: `domain/valid-history.ts` made them valid. */
export function chatBody(request: ModelRequest, model: string, without: Without): Record<string, unknown> {
  const tools = without.tools ? [] : (request.tools ?? [])
  return {
    model,
    stream: true,
    messages: [
      ...(request.system ? [{ role: 'system', content: request.system }] : []),
      ...request.messages.flatMap(chatMessages),
    ],
    ...(without.streamOptions ? {} : { stream_options: { include_usage: true } }),
    ...(request.maxTokens ? { max_tokens: request.maxTokens } : {}),
    ...(tools.length > 0 ? { tools: tools.map(chatTool) } : {}),
  }
}

/** Each tool result is a message of its own, before the text that came with them. */
function chatMessages({ role, blocks }: Message): Record<string, unknown>[] {
  const text = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n')
  if (role === 'assistant') {
    const calls = blocks.flatMap((block) => (block.type === 'tool_use' ? [toolCall(block)] : []))
    return [{ role, content: text === '' ? null : text, ...(calls.length > 0 ? { tool_calls: calls } : {}) }]
  }
  const results = blocks.flatMap((block) => (block.type === 'tool_result' ? [toolResult(block)] : []))
  return text === '' ? results : [...results, { role, content: text }]
}

function toolCall({ id, name, input }: Extract<Block, { type: 'tool_use' }>) {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } }
}

function toolResult({ id, content, status }: Extract<Block, { type: 'tool_result' }>) {
  return { role: 'tool', tool_call_id: id, content: status === 'error' ? `Error: ${content}` : content }
}

function chatTool({ name, description, schema }: ToolSpec) {
  return { type: 'function', function: { name, description, parameters: schema } }
}
