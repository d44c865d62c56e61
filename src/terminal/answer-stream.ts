import { sanitizer } from '../domain/sanitizer.ts'

/** An untrusted text as it comes. */
export interface TextStream {
  write(text: string): void
  /** Shows at once what waits for its batch. */
  flush(): void
  end(): void
}

/** Ten windows at 200 tokens a second: one write a batch halves what tmux does with one write a token. */
const batchEvery = 33

export function openStream(print: (text: string) => void): TextStream {
  const clean = sanitizer()
  let pending = ''
  let timer: NodeJS.Timeout | undefined

  return {
    write(text) {
      pending += clean(text)
      timer ??= setTimeout(flush, batchEvery)
    },
    flush,
    end: flush,
  }

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const text = pending
    pending = ''
    if (text !== '') print(text)
  }
}
