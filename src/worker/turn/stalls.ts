import { isObject } from '../../base/json.ts'
import type { ToolResult } from '../../tools/tool.ts'
import type { ToolUse } from './growing-answer.ts'

/** What came of the tools of one answer. */
export interface Round {
  stopReason: string
  uses: readonly ToolUse[]
  results: readonly Pick<ToolResult, 'status'>[]
}

/** Why a turn cannot go on. */
export interface Stall {
  kind: 'cut' | 'invalid'
  message: string
  hint: string
}

/** Each round is a paid request: after so many in a row in which a call could not be read and nothing else ran, it ends. */
const maxInRow = { cut: 2, unreadable: 5 }

/** Told of each round of a turn, says when it goes on in vain. What ran, and failed, is the model's to judge. */
export function createStalls(): (round: Round) => Stall | undefined {
  const inRow = { cut: 0, unreadable: 0 }

  return ({ stopReason, uses, results }) => {
    const progress = results.some(({ status }) => status === 'success')
    const cut = cutUse(stopReason, uses)
    const unread = uses.find(({ malformed }) => malformed !== undefined)
    inRow.cut = cut && !progress ? inRow.cut + 1 : 0
    inRow.unreadable = unread && !progress ? inRow.unreadable + 1 : 0
    if (cut && inRow.cut >= maxInRow.cut) {
      return {
        kind: 'cut',
        message: `the answer reached its output limit ${maxInRow.cut} times in a row, each time in the middle of a tool call (${cut.name}): it was not run`,
        hint: 'Ask for it in smaller parts: one file, or one section of it, at a time',
      }
    }
    if (unread && inRow.unreadable >= maxInRow.unreadable) {
      return {
        kind: 'invalid',
        message: `the model called a tool (${unread.name}) ${maxInRow.unreadable} times in a row with input that is not JSON: it was not run`,
        hint: 'Tell it how to go on, or choose another model: /model',
      }
    }
    return undefined
  }
}

/** The use that an answer's output limit cut: its last one, when its input is not whole or never began. */
export function cutUse(stopReason: string, uses: readonly ToolUse[]): ToolUse | undefined {
  const last = uses.at(-1)
  if (stopReason !== 'max_tokens' || !last) return undefined
  const began = isObject(last.input) && Object.keys(last.input).length > 0
  return last.malformed !== undefined || !began ? last : undefined
}

/** What the model is told of it. */
export const cutResult: ToolResult = {
  content:
    'It was not run: your answer reached its output limit (max_tokens), which cut off the input of this call. Do not send the same again: use smaller calls, such as a part of the file in each.',
  status: 'error',
}
