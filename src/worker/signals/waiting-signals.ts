import type { WorkerStatus } from '../../domain/worker-status.ts'
import { oneLine } from '../../text/plain-text.ts'
import { splitWords } from '../../text/quoted-words.ts'
import type { Style } from '../../text/style.ts'
import type { RunProgram } from './run-program.ts'

/** Which signs a user wants: `[ui]` of the configuration. */
export interface SignalSettings {
  bell: boolean
  notify: boolean
  on_waiting: string | undefined
}

export interface SignalDeps {
  settings(): Promise<SignalSettings>
  /** Whether somebody looks at the session now, as far as that can be known. Asked only where it matters. */
  isLookedAt(): Promise<boolean>
  /** Bytes for the session's own terminal. */
  write(bytes: string): void
  /** Between the program and the terminal stands a tmux. */
  insideTmux: boolean
  run: RunProgram
  /** What the program gets to know besides the status. */
  facts: { workspace: string | undefined; cwd(): string }
  say(line: string): void
  style: Style
}

/**
 * Gives the signs that it is somebody's turn, each time a wait begins: the bell always, because tmux decides what a bell
 * means; a notification and the user's program only when nobody looks. Nothing waits for them, and what fails is said once.
 */
export function createSignals(deps: SignalDeps): (status: WorkerStatus) => void {
  const { write, say, style } = deps
  let complained = ''

  return (status) => {
    signal(status).catch((error: unknown) => complain(oneLine(String(error))))
  }

  async function signal(status: WorkerStatus): Promise<void> {
    const { bell, notify, on_waiting: command } = await deps.settings()
    if (bell) write('\u0007')
    if ((!notify && command === undefined) || (await deps.isLookedAt())) return
    if (notify) write(notification(turnWords(status), deps.insideTmux))
    const [program, ...words] = splitWords(command ?? '') ?? []
    if (program === undefined) return
    const failure = await deps.run(program, words, factsOf(status, deps.facts))
    if (failure) complain(`ui.on_waiting: ${oneLine(program)} ${failure}`)
    else complained = ''
  }

  /** The same words once, until it worked again. */
  function complain(words: string): void {
    if (words === complained) return
    complained = words
    say(style.dim(`(${words})`))
  }
}

/** `s3-debug asks: execute_bash: npm test`. One line; of the detail, which may be a model's words, only what is harmless. */
function turnWords({ name, waitingFor, detail }: WorkerStatus): string {
  const words = { input: 'has its answer', approval: 'asks', error: 'failed' }[waitingFor ?? 'input']
  return oneLine(`${name} ${words}${detail === '' ? '' : `: ${detail}`}`)
}

/** OSC 9. tmux hands on what comes in a DCS of its own, each ESC doubled, where `allow-passthrough` lets it. */
function notification(words: string, insideTmux: boolean): string {
  const sequence = `\u001b]9;${words}\u0007`
  return insideTmux ? `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\` : sequence
}

function factsOf(status: WorkerStatus, { workspace, cwd }: SignalDeps['facts']): Record<string, string> {
  return {
    Q_SESSION_ID: status.session,
    Q_SESSION_NAME: status.name,
    Q_WAITING_FOR: status.waitingFor ?? 'input',
    Q_DETAIL: oneLine(status.detail),
    Q_WORKSPACE: workspace ?? '',
    Q_CWD: cwd(),
  }
}
