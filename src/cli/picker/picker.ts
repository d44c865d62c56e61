import fuzzysort from 'fuzzysort'
import { isPress, type Key } from '../../terminal/keys/key.ts'
import type { Style } from '../../text/style.ts'
import { type AlternateScreen, openAlternateScreen, type View } from './alternate-screen.ts'
import { type ListEntry, listScreen } from './list-screen.ts'

/** What a picker lists and says. */
export interface Listing<T> {
  choices: readonly ListEntry<T>[]
  /** Said below. */
  help: string
  /** Said when nothing matches. */
  none: string
  /** What just happened, said below until the next key. */
  news?: string | undefined
  /** The key of the choice to stand on. */
  focus?: string | undefined
}

/** What else can be done with a choice, by a key: it may have the screen meanwhile, and says what to list afterwards. */
export interface Action<T> {
  key: string
  run(value: T, screen: AlternateScreen): Promise<Listing<T>>
}

/** Shows the choices, narrowed by what is typed, until one is chosen (Enter) or none (Esc, Ctrl-C). */
export function pick<T>(first: Listing<T>, style: Style, action?: Action<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    let list = first
    let typed = ''
    let at = 0
    let busy = false
    const view: View = {
      key,
      draw: (size) => listScreen({ ...list, matches: narrow(list.choices, typed), typed, at }, size, style),
    }
    const screen = openAlternateScreen(view, () => end(undefined))

    function key(key: Key): void {
      if (busy) return
      list = { ...list, news: undefined }
      const matches = narrow(list.choices, typed)
      if (isPress(key, 'Escape', 'C-c', 'C-d')) end(undefined)
      else if (isPress(key, 'Enter')) end(matches[at]?.value)
      else if (isPress(key, 'Up', 'C-p', 'C-k')) at = Math.max(0, at - 1)
      else if (isPress(key, 'Down', 'C-n', 'C-j')) at = Math.min(Math.max(0, matches.length - 1), at + 1)
      else if (isPress(key, 'Backspace')) change([...typed].slice(0, -1).join(''))
      else if (isPress(key, 'C-u')) change('')
      else if (action && isPress(key, action.key)) void act(action, matches[at])
      else if (key.type !== 'press') change(typed + key.text.replaceAll(/\p{C}/gu, ''))
    }

    function change(next: string): void {
      typed = next
      at = 0
    }

    async function act({ run }: Action<T>, choice: ListEntry<T> | undefined): Promise<void> {
      if (!choice) return
      busy = true
      try {
        list = await run(choice.value, screen)
      } catch (error) {
        screen.end()
        return reject(error)
      }
      busy = false
      at = Math.max(
        0,
        narrow(list.choices, typed).findIndex((match) => match.key === list.focus),
      )
      screen.show(view)
    }

    function end(value: T | undefined): void {
      busy = true
      screen.end()
      resolve(value)
    }
  })
}

function narrow<T>(choices: readonly ListEntry<T>[], typed: string): readonly ListEntry<T>[] {
  if (typed.trim() === '') return choices
  return fuzzysort.go(typed, choices, { key: (choice) => choice.key }).map((result) => result.obj)
}
