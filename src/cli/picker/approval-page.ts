import { type Asked, permissionDeaf, readVerdict, type Verdict } from '../../domain/approval.ts'
import { isPress, type Key } from '../../terminal/keys/key.ts'
import { frameOf, permissionReader, press, typedIn } from '../../terminal/reader.ts'
import { createCallView, type WindowSize } from '../../terminal/screen/call-scroll.ts'
import { drawPage } from '../../terminal/screen/draw.ts'
import type { Style } from '../../text/style.ts'
import type { AlternateScreen, Size } from './alternate-screen.ts'

/** Shows what a session asks permission for and reads the answer, as its window does. undefined: the person went back. */
export function approvalPage(
  screen: AlternateScreen,
  session: string,
  asked: Asked,
  style: Style,
): Promise<Verdict | undefined> {
  const title = `${session} asks permission for (Esc goes back)`
  const reader = permissionReader(createCallView({ asked, style, title }, windowOf(screen.size())), () => {})
  let over = false

  return new Promise((resolve) => {
    screen.show({
      key,
      draw: (size) => drawPage(frameOf(reader, windowOf(size))),
      deaf: permissionDeaf,
      heard() {
        reader.armed = true
      },
    })

    function key(key: Key): void {
      if (over) return
      const effect = isPress(key, 'Escape') ? 'interrupt' : press(reader, key, () => [])
      if (effect === 'submit') end(readVerdict(typedIn(reader)))
      else if (effect === 'interrupt' || effect === 'end') end(undefined)
    }

    function end(verdict: Verdict | undefined): void {
      over = true
      resolve(verdict)
    }
  })
}

function windowOf({ columns, rows }: Size): WindowSize {
  return { columns, height: rows }
}
