import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../support/until.ts'
import { type BedrockLab, query, session } from '../worker/harness.ts'

const question = /Allow this action\?[\s\S]*\[y\/n\/t\]:/

/** What a session's window shows, long lines whole. */
export function screenOf(lab: BedrockLab, name = 'dev-1'): string {
  return lab.tmux('capture-pane', '-p', '-J', '-S', '-', '-t', `=q:${name}`)
}

/** Has a session ask leave for a tool, and waits until the question stands. */
export async function askFor(lab: BedrockLab, tool: string, input: object, name = 'dev-1'): Promise<void> {
  const sent = await lab.q(['mux', 'send', name, `tool ${tool} ${JSON.stringify(input)}`])
  if (sent.code !== 0) throw new Error(sent.stderr)
  await until(() => question.test(screenOf(lab, name)), { what: `the question of ${name}` })
  await until(async () => (await session(lab, name)).waitingFor === 'approval')
}

/** Asks for a command that adds a line to the file `ran` of the lab's home. */
export const askToRun = (lab: BedrockLab, name = 'dev-1', word: string = name): Promise<void> =>
  askFor(lab, 'execute_bash', { command: `echo ${word} >> ran` }, name)

/** The lines of what ran, in order. */
export function ran(lab: BedrockLab): string[] {
  const file = join(lab.home, 'ran')
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
}

/** The results that the last request carried to the model. */
export function results(lab: BedrockLab): { status: string; content: { text: string }[] }[] {
  const content = lab.server.requests.at(-1)?.body.messages?.at(-1)?.content ?? []
  return content.flatMap(({ toolResult }) => (toolResult ? [toolResult as never] : []))
}

export const openQuestions = (lab: BedrockLab): number => query(lab, 'SELECT * FROM approvals').length

/** The session's turn is over: it waits for the next prompt. */
export async function turnOver(lab: BedrockLab, name = 'dev-1'): Promise<void> {
  await until(async () => (await session(lab, name)).waitingFor === 'input', { what: `the end of ${name}` })
}
