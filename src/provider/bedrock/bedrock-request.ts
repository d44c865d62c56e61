import { isObject } from '../../base/json.ts'
import type { Block, Message } from '../../domain/message.ts'
import type { ToolSpec } from '../../domain/tool-spec.ts'
import type { ModelRequest } from '../provider.ts'
import type { ContentBlock, ConverseMessage, ConverseStreamCommandInput, Tool } from './aws/aws-sdk.ts'

/** A request in ConverseStream's words. The messages are taken as they are: `domain/valid-history.ts` made them valid. */
export function converseInput(
  request: ModelRequest,
  modelId: string,
  keeps: Keeps = keepsOf(request, modelId),
): ConverseStreamCommandInput {
  const tools = toolsOf(request)
  const points = keeps.messages ? cachedMessages(request.messages) : []
  return {
    modelId,
    messages: request.messages.map((message, at) => converseMessage(message, points.includes(at))),
    ...(request.system
      ? { system: [{ text: request.system }, ...(keeps.messages ? [cachePoint] : [])] }
      : {}),
    ...(request.maxTokens ? { inferenceConfig: { maxTokens: request.maxTokens } } : {}),
    ...(tools.length > 0
      ? { toolConfig: { tools: [...tools.map(converseTool), ...(keeps.tools ? [cachePoint] : [])] } }
      : {}),
  }
}

/** What is worth a cache point, and what the model takes one in. */
export function keepsOf(request: ModelRequest, modelId: string): Keeps {
  const claude = request.cache === true && cachingClaude.test(modelId)
  return { tools: claude, messages: claude || (request.cache === true && /amazon\.nova-/.test(modelId)) }
}

export interface Keeps {
  tools: boolean
  /** And the system prompt. */
  messages: boolean
}

const cachingClaude =
  /anthropic\.claude-(3-7-|3-5-haiku|3-5-sonnet-20241022|(opus|sonnet|haiku)-([4-9]|\d\d))/

const cachePoint = { cachePoint: { type: 'default' as const } }

/**
 * With one point each behind the tools and the system prompt, two of the four that a request may have are left: the
 * user's last two messages. The last one keeps this request for the next, the other one finds what the last request kept.
 */
function cachedMessages(messages: readonly Message[]): number[] {
  return messages.flatMap(({ role }, at) => (role === 'user' ? [at] : [])).slice(-2)
}

function converseMessage(message: Message, cached: boolean): ConverseMessage {
  return {
    role: message.role,
    content: [...message.blocks.map(contentBlock), ...(cached ? [cachePoint] : [])],
  }
}

function contentBlock(block: Block): ContentBlock {
  if (block.type === 'text') return { text: block.text }
  if (block.type === 'tool_use') {
    return { toolUse: { toolUseId: block.id, name: block.name, input: asObject(block.input) } }
  }
  return { toolResult: { toolUseId: block.id, status: block.status, content: [{ text: block.content }] } }
}

/** Bedrock refuses a tool's input that is no object. */
function asObject(input: unknown) {
  return (isObject(input) ? input : {}) as Json
}

/** Bedrock refuses tool blocks in the history without a toolConfig: without tools, those that were used are named. */
function toolsOf(request: ModelRequest): readonly ToolSpec[] {
  if (request.tools && request.tools.length > 0) return request.tools
  const blocks = request.messages.flatMap((message) => message.blocks)
  const used = new Set(blocks.flatMap((block) => (block.type === 'tool_use' ? [block.name] : [])))
  return [...used].map((name) => ({
    name,
    description: 'Was used earlier in this conversation and is not available any more: do not use it.',
    schema: { type: 'object' },
  }))
}

function converseTool(tool: ToolSpec): Tool {
  const { name, description, schema } = tool
  return { toolSpec: { name, description, inputSchema: { json: schema as Json } } }
}

/** JSON as the SDK's types spell it. */
type Json = Extract<
  NonNullable<NonNullable<Tool['toolSpec']>['inputSchema']>['json'],
  Record<string, unknown>
>
