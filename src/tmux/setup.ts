import { type Command, type Tmux, TmuxError } from './door.ts'
import {
  type KeptWindow,
  type Opened,
  openAround,
  openedFormat,
  type PaneSpec,
  paneCommands,
  programOf,
  runOpening,
  type WriteFile,
} from './open-panes.ts'
import { type StatusLine, statusCommands } from './status-line.ts'
import { shieldFromHooks } from './tmux-hooks.ts'
import { readUserStatus } from './user-status.ts'
import { setOption } from './verbs.ts'

/** What a tmux session of the workspace carries. */
export interface MemberFacts {
  workspace: string
  /** The shell words that run this `q`, for keys that need a process (picker, new session). */
  command: string
  /** Where status files, locks and the saved environment lie: whoever finds the workspace uses it. */
  runtime: string
  /** For every pane of the session; shown by `show-environment`, so no secrets. */
  environment: Readonly<Record<string, string>>
}

export interface WorkspaceSpec extends MemberFacts {
  /** What tmux is to call it: nothing else has that name. */
  called: string
  /** Cells of the terminal that will attach, if one will. */
  size: { columns: number; rows: number } | undefined
  /** In their order; at least one. */
  windows: readonly (PaneSpec | KeptWindow)[]
  /** The one of them that is seen first: it begins to start before the others. */
  shown: PaneSpec | KeptWindow
  status: StatusLine
  /** Called when the shown window is there; the others wait for what it returns. */
  started(): Promise<void>
}

/** tmux took the workspace away while it was made. */
export class EndedAtOnce extends TmuxError {
  /** The user's settings that do so, in words. */
  readonly endings: string[]

  constructor({ command, reason }: TmuxError, endings: string[]) {
    super(command, reason)
    this.endings = endings
  }
}

/**
 * Starts the workspace's tmux session with its windows. What keeps it alive is in the command line that makes it: a
 * user's `destroy-unattached on` would win a race otherwise. Returns the user's settings that may end it all the same.
 * @throws TmuxError `duplicate session` when another process was quicker
 */
export async function createWorkspace(
  tmux: Tmux,
  spec: WorkspaceSpec,
  writeFile: WriteFile,
): Promise<string[]> {
  const { shown, windows, workspace, called, runtime } = spec
  const program = 'window' in shown ? stopgap : shown
  const size = spec.size ? ['-x', String(spec.size.columns), '-y', String(spec.size.rows)] : []
  const { opened, output } = await runOpening(
    tmux,
    [program.session],
    [
      ...['new-session', '-d', '-P', '-F', openedFormat(program.session), '-s', called, '-n', program.name],
      ...[...size, '--', ...programOf(program)],
    ],
    ['set-option', '-t', `=${called}:`, 'destroy-unattached', 'off'],
    // Who is killed after this has made a workspace that the next one recognises.
    ...identityCommands(`=${called}:`, spec),
    ...readingEndings,
  )
  const [first] = opened
  if (!first) throw new Error('a workspace starts with a window')
  const endings = endingsIn(output)
  try {
    const user = await readUserStatus(tmux)
    const room = { tmux, workspace, runtime, home: first.home, writeFile }
    // Whatever becomes of who starts it, what is there now has its corner.
    await tmux.run(
      setOption(first.home, 'destroy-unattached', 'off'),
      ...statusCommands(first.home, spec.status, user),
      ...memberCommands(first.home, spec),
      ...('window' in shown ? putInPlace(first, shown) : paneCommands(room, first, shown, user)),
    )
    await shieldFromHooks(tmux, first.home)
    await spec.started()
    const at = windows.indexOf(shown)
    const window = 'window' in shown ? shown.window : first.window
    await openAround(room, window, windows.slice(0, at), windows.slice(at + 1))
  } catch (error) {
    if (error instanceof TmuxError && (error.noServer || error.notThere))
      throw new EndedAtOnce(error, endings)
    throw error
  }
  return endings
}

/** A tmux session begins with a window of its own: this one goes as soon as a window is linked in its place. */
const stopgap: PaneSpec = { session: 'stopgap', name: 'q-mux', argv: ['sh', '-c', 'sleep 60'] }

function putInPlace({ home, window }: Opened, kept: KeptWindow): Command[] {
  return [
    ['link-window', '-d', '-b', '-s', kept.window, '-t', `${home}:${window}`],
    ['kill-window', '-t', window],
  ]
}

const readingEndings: Command[] = [
  ['display-message', '-p', 'exit-unattached #{exit-unattached}'],
  ['show-options', '-g', 'destroy-unattached'],
  ['show-hooks', '-g'],
]

/** The user's settings that end tmux sessions which no terminal shows, set by themselves or by a hook. */
function endingsIn(output: string): string[] {
  const lines = output.split('\n')
  const named = /\b(?:exit|destroy)-unattached\b/
  return [
    ...lines
      .filter((line) => /^exit-unattached (?:1|on)$/.test(line))
      .map(() => 'the option exit-unattached is on'),
    ...lines
      .filter((line) => /^destroy-unattached (?!off$)/.test(line))
      .map((line) => `the option ${line.replace(' ', ' is ')}`),
    ...lines
      .filter((line) => /^[a-z-]+\[\d+\] /.test(line) && named.test(line))
      .map((line) => `a hook sets it: ${line}`),
  ]
}

/** Makes a tmux session one of the workspace: what it is grouped with is already. */
export async function adoptSession(
  tmux: Tmux,
  session: string,
  facts: MemberFacts & { status: StatusLine },
): Promise<void> {
  await tmux.run(
    ...statusCommands(session, facts.status, await readUserStatus(tmux)),
    ...memberCommands(session, facts),
  )
}

/** What makes a tmux session one of the workspace, besides its status line. The last of it says that all is there. */
function memberCommands(session: string, facts: MemberFacts): Command[] {
  return [
    ...identityCommands(session, facts),
    ...Object.entries(facts.environment).map(([name, value]) => [
      ...['set-environment', '-t', session, name, value],
    ]),
    ['set-option', '-t', session, '@q_command', facts.command],
  ]
}

/** What a workspace is found by. */
function identityCommands(session: string, { workspace, runtime }: MemberFacts): Command[] {
  return [
    ['set-option', '-t', session, '@q_workspace', workspace],
    ['set-option', '-t', session, '@q_runtime', runtime],
  ]
}
