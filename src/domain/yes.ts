/** Whether what was typed at a question is a yes; Enter alone is none. */
export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim())
}
