import type { Clock } from '../base/clock.ts'
import { permissionDeaf } from '../domain/approval.ts'
import type { Style } from '../text/style.ts'
import type { Choice } from './choice.ts'
import { type Editor, emptied, emptyEditor } from './editor/editor-state.ts'
import type { KeyBindings } from './editor/line-bindings.ts'
import { completion, inTime } from './editor/line-completion.ts'
import type { LineHistory } from './editor/line-history.ts'
import { textOf } from './editor/units.ts'
import { isPress, type Key } from './keys/key.ts'
import { createTypeAhead } from './keys/type-ahead.ts'
import {
  finalFrameOf,
  frameOf,
  lineReader,
  permissionReader,
  press,
  questionReader,
  type Reader,
  submitted,
  typedIn,
} from './reader.ts'
import { type CallViewOf, createCallView } from './screen/call-scroll.ts'
import type { Screen } from './screen/screen.ts'
import { entryOf, lineOf } from './sent-line.ts'
import type { Answer, TerminalEvents, TypedLine } from './terminal.ts'

/** The line that is read, a question above it, and which of them the keys are for. */
export interface Readers {
  read(prompt: string): Promise<TypedLine>
  /** Whether a line is awaited of which nothing was typed yet. */
  isIdle(): boolean
  suspend(): void
  ask(question: string, choices?: readonly Choice[], elsewhere?: AbortSignal): Promise<Answer>
  /** Asks for permission to run what is shown. */
  askPermission(asked: CallViewOf['asked'], elsewhere?: AbortSignal): Promise<Answer>
  cancel(): void
  /** Keys come from the keyboard. */
  typed(keys: readonly Key[]): void
  /** Draws who reads now. */
  show(): void
  /** The same, when something else was shown meanwhile. */
  showAgain(): void
  /** Who reads now, if anybody does. */
  current(): Reader | undefined
}

interface ReadersDeps {
  screen: Screen
  history: LineHistory
  events: Pick<TerminalEvents, 'interrupt' | 'complete'>
  /** Resolves when what was typed until now was read. */
  drained(): Promise<void>
  /** Called before a prompt or a question comes up. */
  settle(): void
  suspendProcess(): void
  /** Whether another program has the terminal. */
  given(): boolean
  closed(): boolean
  clock: Clock
  style: Style
  /** As they are now. */
  bindings(): KeyBindings
}

export function createReaders(deps: ReadersDeps): Readers {
  const { screen, history, events, clock } = deps
  const ahead = createTypeAhead(clock)
  let draft: Editor = emptyEditor
  let reader: Reader | undefined
  let waiting: Reader | undefined

  return {
    read(prompt) {
      return new Promise((resolve) => {
        deps.settle()
        reader = lineReader(prompt, draft, resolve)
        takeAhead()
        show()
      })
    },
    isIdle() {
      const { units, search } = reader?.editor ?? emptyEditor
      return reader?.kind === 'line' && units.length === 0 && !search && ahead.isEmpty()
    },
    suspend() {
      if (reader?.kind !== 'line') return
      draft = reader.editor
      reader = undefined
      screen.hide()
    },
    ask(question, choices, elsewhere) {
      return new Promise((resolve) => {
        if (elsewhere?.aborted) return resolve({ type: 'withdrawn' })
        deps.settle()
        const lines = question.split('\n')
        const prompt = lines.pop() ?? ''
        if (lines.length > 0) screen.print(`${lines.join('\n')}\n`)
        pose(questionReader(prompt, choices, resolve), elsewhere)
      })
    },
    askPermission(asked, elsewhere) {
      return new Promise((resolve) => {
        if (elsewhere?.aborted) return resolve({ type: 'withdrawn' })
        deps.settle()
        const view = createCallView({ asked, style: deps.style }, screen.size())
        pose(permissionReader(view, resolve), elsewhere)
      })
    },
    cancel() {
      if (reader?.kind === 'question') finish(reader, { type: 'interrupt' })
    },
    typed: (keys) => receive(ahead.received(keys)),
    show,
    showAgain() {
      show()
      if (reader?.kind === 'question') void arm(reader)
    },
    current: () => reader,
  }

  function pose(question: Reader, elsewhere: AbortSignal | undefined): void {
    waiting = reader
    reader = question
    const taken = () => withdraw(question)
    elsewhere?.addEventListener('abort', taken, { once: true })
    show()
    void arm(question)
  }

  function receive(keys: readonly Key[]): void {
    for (const [index, key] of keys.entries()) {
      const current = reader
      if (current?.completing && !isPress(key, 'C-c')) return ahead.keep(keys.slice(index))
      if (current?.armed) apply(current, key)
      else keep(key)
    }
    show()
  }

  /** Typed while nobody reads: the next line has it. Ctrl-C works at once. */
  function keep(key: Key): void {
    if (isPress(key, 'C-z')) return deps.suspendProcess()
    if (!isPress(key, 'C-c')) return ahead.keepFromQuestion(key)
    ahead.unsend()
    if (reader) return finish(reader, { type: 'interrupt' })
    events.interrupt()
  }

  function takeAhead(): void {
    receive(ahead.take())
  }

  function apply(current: Reader, key: Key): void {
    const again = current.editor.last === 'complete'
    switch (press(current, key, history.entries, deps.bindings())) {
      case 'submit':
        return submit(current)
      case 'interrupt':
        return interrupt(current)
      case 'dismiss':
        return finish(current, { type: 'interrupt' })
      case 'end':
        return finish(current, { type: 'end' })
      case 'clear':
        return screen.clear()
      case 'suspend':
        return deps.suspendProcess()
      case 'complete':
        if (current.kind === 'line') void complete(current, again)
    }
  }

  function submit(current: Reader): void {
    const text = submitted(current)
    if (current.kind === 'question') return finish(current, { type: 'line', text })
    const { units } = current.editor
    history.add(entryOf(units))
    finish(current, lineOf(units))
  }

  function interrupt(current: Reader): void {
    if (current.kind === 'question') ahead.unsend()
    if (current.kind === 'question' || current.editor.units.length === 0)
      return finish(current, { type: 'interrupt' })
    // As in a shell: the line is left on the screen and a fresh one begins; Ctrl-Y brings it back.
    leave(current, '^C')
    current.completing = false
    ahead.forget()
    current.editor = { ...emptied(current.editor), killed: current.editor.units }
  }

  function finish(current: Reader, line: TypedLine): void {
    conclude(current)
    current.resolve(line)
    show()
  }

  function conclude(current: Reader): void {
    leave(current)
    if (current.kind === 'line') draft = emptied(current.editor)
    reader = current.kind === 'question' ? waiting : undefined
    waiting = undefined
  }

  /** What was typed is for the next line. */
  function withdraw(asked: Reader): void {
    if (reader !== asked) return
    ahead.keepWithdrawn(typedIn(asked))
    asked.editor = emptyEditor
    conclude(asked)
    asked.resolve({ type: 'withdrawn' })
    show()
  }

  function leave(current: Reader, ending?: string): void {
    if (!deps.given()) screen.leave(finalFrameOf(current, screen.size().columns), ending)
  }

  /**
   * The question is on the screen: what was typed until now is read first, and a person who types on must pause. One for
   * leave to run something is looked at for a while before anything answers it.
   */
  async function arm(asked: Reader): Promise<void> {
    const showing = Symbol()
    asked.showing = showing
    asked.armed = false
    await screen.drained()
    const deafUntil = clock.now() + (asked.view ? permissionDeaf : 0)
    for (;;) {
      await deps.drained()
      if (asked.showing !== showing) return
      const pause = Math.max(ahead.calmIn(), deafUntil - clock.now())
      if (pause <= 0) break
      await clock.sleep(pause)
    }
    asked.armed = true
    if (asked.view && reader === asked) show()
  }

  async function complete(current: Reader, again: boolean): Promise<void> {
    const { editor } = current
    const line = textOf(editor.units.slice(0, editor.at))
    current.completing = true
    const found = await inTime(events.complete(line))
    if (!current.completing) return
    current.completing = false
    if (reader !== current) return
    if (found) {
      const { text, list } = completion(line, found, current.editor, screen.size().columns)
      current.editor = text
      if (again) for (const row of list) screen.print(`${row}\n`)
    }
    takeAhead()
  }

  function show(): void {
    if (reader && !deps.given() && !deps.closed()) screen.show(frameOf(reader, screen.size()))
  }
}
