import { tokensIn, tokensOfBlock } from '../../context/token-estimate.ts'
import type { Block, Message } from '../../domain/message.ts'
import type { ToolSpec } from '../../domain/tool-spec.ts'
import type { Usage } from '../../provider/provider.ts'
import { count } from '../../text/plain-text.ts'
import { type Gauge, toolTokens, type Window } from './gauge.ts'
import type { Remembered } from './remember.ts'

/** The window by part, in tokens as the service would count them. */
export interface WindowUse {
  window: Window
  parts: { name: string; tokens: number; note: string }[]
  total: number
  /** What the service counted in the last request. */
  counted: Usage | undefined
}

export interface Measured {
  window: Window
  system: string
  documents: string
  files: number
  tools: readonly ToolSpec[]
  remembered: Remembered
}

export function windowUse(gauge: Gauge, measured: Measured): WindowUse {
  const { window, system, documents, files, tools, remembered } = measured
  const { memory, messages } = remembered
  const summary = memory?.summary === undefined ? 0 : tokensIn(memory.summary)
  const isText = ({ type }: Block) => type === 'text'
  const rows: [name: string, estimate: number, note: string][] = [
    ['system prompt', tokensIn(system), ''],
    ['context files', tokensIn(documents), count(files, 'file')],
    ['tools', toolTokens(tools), count(tools.length, 'tool')],
    ['summary', summary, 'of what was said before'],
    ['prompts', said(messages, ({ role }, block) => role === 'user' && isText(block)) - summary, ''],
    ['answers', said(messages, ({ role }) => role === 'assistant'), ''],
    ['tool results', said(messages, ({ role }, block) => role === 'user' && !isText(block)), ''],
  ]
  const parts = rows
    .filter(([name, estimate]) => name !== 'summary' || estimate > 0)
    .map(([name, estimate, note]) => ({ name, tokens: gauge.corrected(Math.max(0, estimate)), note }))
  const total = parts.reduce((sum, { tokens }) => sum + tokens, 0)
  return { window, parts, total, counted: gauge.counted() }
}

function said(messages: readonly Message[], wanted: (message: Message, block: Block) => boolean): number {
  return messages
    .flatMap((message) => message.blocks.filter((block) => wanted(message, block)))
    .reduce((sum, block) => sum + tokensOfBlock(block), 0)
}
