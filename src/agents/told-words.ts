/** Of what is told beside prompts and answers, in UTF-16 units. */
export const maxDetail = 200

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 2)} …`
}
