import type { Agent } from './agent.ts'

/** The user's arguments for a start that goes on with a conversation: without those that chose one, or said a first prompt. */
export function laterArguments(args: readonly string[], { begins }: Pick<Agent, 'begins'>): string[] {
  const kept: string[] = []
  for (let at = 0; at < args.length; at += 1) {
    const [flag = '', ...value] = (args[at] ?? '').split('=')
    const follow = Object.hasOwn(begins, flag) ? begins[flag] : undefined
    if (follow === undefined) kept.push(args[at] ?? '')
    else if (value.length === 0) at += follow === 'perhaps' ? Number(isValue(args[at + 1])) : follow
  }
  return kept
}

function isValue(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith('-')
}
