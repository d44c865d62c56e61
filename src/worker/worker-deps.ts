import type { KeptBack } from '../domain/sensitive.ts'
import type { Session } from '../domain/session.ts'
import type { WorkingDirectory } from '../sessions/files/working-directory.ts'
import type { Terminal, TerminalEvents } from '../terminal/terminal.ts'
import type { SessionFiles } from './attached-files.ts'
import type { ModelChoice, WorkspaceCommands } from './commands/command.ts'
import type { ContextLimits } from './context/model-context.ts'
import type { Naming } from './namer.ts'
import type { ToolSettings } from './tools/worker-tools.ts'
import type { AnswerDeps } from './turn/answer.ts'

/** A session's sleep in its pane, whose process has ended. */
export interface PaneSleep {
  /** From now on whoever looks at the session, or prompts it, has it woken, and nobody reaches this process. False: it cannot be. */
  begin(): Promise<boolean>
  /** Undoes that. False: somebody woke the session meanwhile, and this process is being ended. */
  undo(): Promise<boolean>
}

/** What a worker works with, handed in by the composition root. */
export interface WorkerDeps
  extends Omit<AnswerDeps, 'session' | 'terminal' | 'tools' | 'context' | 'approvals'> {
  /** Its `cwd` is where it works now. */
  session: Session
  directory: WorkingDirectory
  workspace: WorkspaceCommands | undefined
  openTerminal(events: TerminalEvents): Terminal
  /** Lets others reach this worker: before its first status says that it is there. */
  appear(): Promise<void>
  /** How the session sleeps in its pane; undefined where nothing would wake it. */
  paneSleep: PaneSleep | undefined
  /** Checks a name that a person typed. @throws UserError */
  checkName(name: string): Promise<string>
  /** Takes a new name to the window's title. */
  showName(name: string): Promise<void>
  /** As it is now; undefined: sessions keep the names they have until somebody names them. */
  naming(): Promise<Naming | undefined>
  files: SessionFiles
  /** As they are now. */
  tools(): Promise<ToolSettings>
  contextLimits(): Promise<ContextLimits>
  /** By the rules as they are now. */
  keptBack: KeptBack
  model: ModelChoice
  /** Puts a text on the clipboard, in words how it can be pasted. @throws UserError */
  copy(text: string, terminal: Pick<Terminal, 'copy'>): Promise<string>
  /** Said before the first line is read. */
  firstPrompt: string | undefined
  /** What programs that it runs for the user get: an editor, a shell's command. */
  env: NodeJS.ProcessEnv
  /** How wide the terminal is now. */
  columns(): number
  /** The command that comes back to this session, for the last line. */
  comeBack(name: string): string
}
