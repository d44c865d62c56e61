import { parseJson } from './json.ts'

/** A line longer than this is no answer of a model's, in UTF-16 units. */
const maxLineLength = 10_000_000

/**
 * The data of server-sent events, in order, those that came together in one piece, however the bytes are cut: lines end with \n, \r\n or \r, comments and other
 * fields are skipped, an event that the end cuts off is dropped. @throws Error for a line without end, and what the
 * stream throws
 */
export async function* eventData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder()
  let open: string[] = []
  let openLength = 0
  let data: string[] = []
  let afterReturn = false

  for await (const chunk of bytes) {
    let text = decoder.decode(chunk, { stream: true })
    if (text === '') continue
    if (afterReturn && text.startsWith('\n')) text = text.slice(1)
    afterReturn = text.endsWith('\r')
    const lines = text.split(/\r\n|\n|\r/)
    const last = lines.pop() ?? ''
    const events: string[] = []
    for (const line of lines) {
      const whole = open.join('') + line
      open = []
      openLength = 0
      if (whole === '') {
        if (data.length > 0) events.push(data.join('\n'))
        data = []
      } else if (whole.startsWith('data:')) data.push(whole.slice(whole[5] === ' ' ? 6 : 5))
    }
    open.push(last)
    openLength += last.length
    if (events.length > 0) yield events
    if (openLength > maxLineLength) throw new Error('The server sent a line without end')
  }
  // Several servers close without the empty line after the last event.
  const rest = open.join('')
  if (rest.startsWith('data:') && isComplete(rest.slice(5))) data.push(rest.slice(5).trim())
  if (data.length > 0) yield [data.join('\n')]
}

function isComplete(data: string): boolean {
  return data.trim() === '[DONE]' || parseJson(data) !== undefined
}
