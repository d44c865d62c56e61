import { UserError } from '../base/errors.ts'
import { movedBlock } from '../domain/attachment.ts'
import { directoryHint } from '../sessions/files/working-directory.ts'
import { dropPrompt } from '../store/prompts.ts'
import type { Ending } from '../terminal/external.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { isSeveralLines } from '../text/plain-text.ts'
import { sanitize } from '../text/sanitizer.ts'
import type { CommandContext } from './commands/command.ts'
import { type CommandLine, readCommandLine } from './commands/command-line.ts'
import { commitPrompt } from './commit.ts'
import type { Input } from './inputs.ts'
import { createNote } from './note.ts'
import type { Answering } from './turn/answer.ts'
import type { WorkerDeps } from './worker-deps.ts'

/** Something to do, as opposed to the end. */
type Work = Exclude<Input, { type: 'leave' }>

type Meaning =
  | Exclude<CommandLine, { type: 'unknown' | 'prompt' }>
  | { type: 'shell'; command: string }
  | { type: 'prompt'; note?: string | undefined }

interface HandlerDeps {
  terminal: Terminal
  answering: Answering
  context: CommandContext
  promptLine(): string
  /** A prompt is in the store. */
  committed(): void
}

/**
 * What becomes of an input: a slash command or a shell's command runs, everything else is answered. `quit`: the session is
 * left. @throws UserError
 */
export function createHandler(
  deps: WorkerDeps,
  { terminal, answering, context, promptLine, committed }: HandlerDeps,
): (input: Work) => Promise<'quit' | undefined> {
  const { store, style, directory } = deps
  const note = createNote(deps, terminal)
  /** The directory that the model knows of. */
  let known = directory.path()

  return async (input) => {
    const text = input.text.trim()
    if (input.type === 'prompt') terminal.say(`${promptLine()}${sanitize(input.text)} ${style.dim('(sent)')}`)
    const meant = await meaningOf(input, text)
    if (meant.type === 'command') {
      if (input.type === 'prompt') await dropPrompt(store, input.promptId)
      return runCommand(meant)
    }
    if (meant.type === 'shell') await runTyped(meant.command)
    else {
      if (meant.note !== undefined) note(meant.note)
      await answer(input)
    }
    return undefined
  }

  /** @throws UserError for what was meant as a command and cannot be done; nothing is done then, and nothing said to the model */
  async function meaningOf(input: Work, text: string): Promise<Meaning> {
    if (!mayBeCommand(input)) return { type: 'prompt', note: noteForText(input, text) }
    // Only what was typed here: a prompt that somebody sent runs nothing.
    if (input.type === 'line' && /^!\s*\S/.test(text)) return { type: 'shell', command: text.slice(1).trim() }
    try {
      const read = readCommandLine(text)
      if (read.type !== 'unknown') return read
      return { type: 'prompt', note: `(${read.word} is not a command: sent as a prompt)` }
    } catch (error) {
      if (input.type === 'prompt') await dropPrompt(store, input.promptId)
      throw error
    }
  }

  async function runCommand({
    command,
    words,
    rest,
  }: CommandLine & { type: 'command' }): Promise<'quit' | undefined> {
    const outcome = await command.run(context, words, rest)
    if (outcome === 'again') await answering.answer()
    else if (typeof outcome !== 'object') return outcome
    else {
      terminal.say(`${promptLine()}${beginning(outcome.prompt)}`)
      await answer({ type: 'line', text: outcome.prompt })
    }
    return undefined
  }

  async function answer(input: Work): Promise<void> {
    const promptId = input.type === 'prompt' ? input.promptId : undefined
    const typed = input.type !== 'line' || !input.pasted
    const moved = directory.path() !== known
    const also = moved ? [movedBlock(directory.path())] : []
    const commit = { ...deps, id: deps.session.id, note, also }
    const seq = await commitPrompt(commit, input.text, promptId, typed)
    if (seq === undefined) return
    known = directory.path()
    committed()
    await answering.answer()
  }

  async function runTyped(command: string): Promise<void> {
    const trouble = directory.trouble()
    if (trouble !== undefined) throw new UserError(`${trouble}: nothing was run`, { hint: directoryHint })
    const external = await import('../terminal/external.ts')
    const words = endingWords(await external.runCommand(terminal, command, deps.env))
    if (words !== '') note(`(${words})`)
  }
}

/** A long text is shown by its first lines. */
function beginning(text: string): string {
  const lines = sanitize(text).split('\n')
  const more = lines.length - 10
  return more > 1 ? `${lines.slice(0, 10).join('\n')}\n… ${more} more lines` : lines.join('\n')
}

/** Empty for a command that ended well. */
function endingWords(ending: Ending): string {
  if ('signal' in ending) return `ended by ${ending.signal}`
  return ending.code === 0 ? '' : `exit code ${ending.code}`
}

/** What was pasted, several lines, what was given at the start and what was sent as a prompt are nothing else. */
function mayBeCommand(input: Work): boolean {
  if (input.type === 'first' || isSeveralLines(input.text)) return false
  return input.type === 'line' ? !input.onlyPrompt : input.mayBeCommand
}

/** Who pasted or wrote what looks like a command hears that it was not done. */
function noteForText({ type }: Work, text: string): string | undefined {
  if (type !== 'line' || !/^(?:!|\/[a-z-]+(?:\s|$))/i.test(text)) return undefined
  return `(sent as a prompt: ${isSeveralLines(text) ? 'what has several lines' : 'what was pasted'} is not a command)`
}
