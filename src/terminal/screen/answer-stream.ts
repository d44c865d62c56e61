import { sanitizer } from '../../text/sanitizer.ts'

/** An untrusted text as it comes. */
export interface TextStream {
  write(text: string): void
  /** Shows at once what waits for its batch. */
  flush(): void
  end(): void
}

/** Gives a text its form as it comes: takes sanitised pieces, returns what is to be printed now, styles included. */
export interface TextForm {
  write(text: string): string
  /** What was held back. */
  end(): string
  /** The same form for a text from its beginning, in the width that the terminal has then. */
  anew?(): TextForm
}

const asItIs: TextForm = { write: (text) => text, end: () => '' }

/** Ten windows at 200 tokens a second: one write a batch halves what tmux does with one write a token. */
const batchEvery = 33

export function openStream(print: (text: string) => void, form = asItIs): TextStream {
  const clean = sanitizer()
  let pending = ''
  let timer: NodeJS.Timeout | undefined

  return {
    write(text) {
      pending += text
      timer ??= setTimeout(flush, batchEvery)
    },
    flush,
    end: () => show(formed() + form.end()),
  }

  function flush(): void {
    show(formed())
  }

  /** What waits for its batch, as it is shown: all at once, whatever pieces it came in. */
  function formed(): string {
    clearTimeout(timer)
    timer = undefined
    const text = pending
    pending = ''
    return text === '' ? '' : form.write(clean(text))
  }

  function show(text: string): void {
    if (text !== '') print(text)
  }
}
