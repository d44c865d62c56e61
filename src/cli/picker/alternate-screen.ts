import type { Clock } from '../../base/clock.ts'
import { isPress, type Key } from '../../terminal/keys/key.ts'
import { openKeyboard } from '../../terminal/keys/keyboard.ts'
import { processClock } from '../../terminal/process-host.ts'

export interface Size {
  columns: number
  rows: number
}

/** What has the whole terminal for a while. */
export interface View {
  key(key: Key): void
  /** All of the screen, as a text that draws it from its top. */
  draw(size: Size): string
  /** It takes no key before it was on the screen for so many ms. */
  deaf?: number
  /** Keys count from now on. */
  heard?(): void
}

/** A terminal that shows one view at a time, on a screen of its own. */
export interface AlternateScreen {
  /**
   * Shows a view. Keys from before it was on the screen are none of its business, and whoever types on must pause before they
   * count; only Esc and Ctrl-C always do.
   */
  show(view: View): void
  redraw(): void
  size(): Size
  /** Leaves the terminal as it was found. */
  end(): void
}

/** Somebody who types when a view comes up must pause so long, in ms. */
const pause = 250

/** Takes the terminal; what was typed until now is for `first`. `gone` is called when the terminal goes away. */
export function openAlternateScreen(
  first: View,
  gone: () => void,
  clock: Clock = processClock,
): AlternateScreen {
  const { stdin, stdout } = process
  const keyboard = openKeyboard(stdin, { keys: receive, hangup: gone })
  let view = first
  let deaf = false
  let ended = false
  let lastKey = Number.NEGATIVE_INFINITY

  // With bracketed paste on: a pasted Enter is not a key.
  stdout.write('\u001b[?1049h\u001b[?2004h')
  stdout.on('resize', redraw)
  process.once('SIGHUP', gone)
  keyboard.take()
  redraw()

  return {
    show(next) {
      view = next
      redraw()
      void listen(next)
    },
    redraw,
    size,
    end() {
      ended = true
      stdout.off('resize', redraw)
      process.off('SIGHUP', gone)
      keyboard.release()
      stdout.write('\u001b[?2004l\u001b[?1049l')
    },
  }

  function receive(keys: readonly Key[]): void {
    lastKey = clock.now()
    for (const key of keys) if (!ended && (!deaf || isWayOut(key))) view.key(key)
    redraw()
  }

  async function listen(to: View): Promise<void> {
    deaf = true
    await new Promise<void>((resolve) => void stdout.write('', () => resolve()))
    const until = clock.now() + (to.deaf ?? pause)
    for (;;) {
      await keyboard.drained()
      if (view !== to) return
      const rest = Math.max(until, lastKey + pause) - clock.now()
      if (rest <= 0) break
      await clock.sleep(rest)
    }
    deaf = false
    to.heard?.()
    redraw()
  }

  function redraw(): void {
    if (ended) return
    stdout.write(view.draw(size()))
  }

  function size(): Size {
    return { columns: stdout.columns || 80, rows: stdout.rows || 24 }
  }
}

function isWayOut(key: Key): boolean {
  return isPress(key, 'Escape', 'C-c')
}
