import { layout } from './layout.ts'
import type { Screen } from './screen.ts'
import { type Spinner, startSpinner, type WaitLabel } from './spinner.ts'

/** The spinner on a screen, while something is awaited. */
export interface Awaiting {
  /** Only where a line begins: what stands there already says enough. */
  begin(label: WaitLabel): void
  end(): void
  isShown(): boolean
}

export function createAwaiting(screen: Screen, unicode: boolean): Awaiting {
  let spinner: Spinner | undefined
  return {
    begin(label) {
      this.end()
      if (!screen.isFresh()) return
      spinner = startSpinner(label, unicode, (text) => {
        const { columns } = screen.size()
        screen.show(layout('', [...text.slice(0, columns - 1)], text.length, { columns, height: 1 }))
      })
    },
    end() {
      if (!spinner) return
      spinner.stop()
      spinner = undefined
      screen.hide()
    },
    isShown: () => spinner !== undefined,
  }
}
