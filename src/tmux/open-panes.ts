import { type Command, type Tmux, TmuxError } from './door.ts'
import { quote } from './quote.ts'
import { tabCommands, tabOptions } from './status-line.ts'
import { readUserStatus, type UserStatus } from './user-status.ts'
import { setOption } from './verbs.ts'

/** A worker's pane to be, in a window of its own. `name` is a whitelisted session name: tmux runs commands out of window names. */
export interface PaneSpec {
  session: string
  name: string
  /** undefined: a pane without a process, which costs nothing until it is looked at. */
  argv: readonly string[] | undefined
}

/** A window that is there already, in another tmux session: it is linked. */
export interface KeptWindow {
  /** `@7`. */
  window: string
}

/** What tmux made, as it said itself: a user's hook may have opened others in that moment. */
export interface Opened {
  /** `$3`. */
  home: string
  window: string
  pane: string
}

/** Writes a private file that tmux then sources, and returns its path. */
export type WriteFile = (name: string, text: string) => Promise<string>

/** Where windows are opened. */
export interface Room {
  tmux: Tmux
  templates: string
  /** The workspace's name. */
  workspace: string
  runtime: string
  /** Its tmux session. */
  home: string
  writeFile: WriteFile
}

/** Opens windows in order, behind all others, as one file that tmux sources: a process for each would take ten times as long. */
export async function openPanes(room: Room, specs: readonly PaneSpec[]): Promise<Opened[]> {
  return openAt(
    room,
    specs.map((spec) => ({ spec, place: ['-a', '-t', `${room.home}:$`] })),
  )
}

/** The same for windows around one that is there, new ones and kept ones: `before` in order before it, `after` behind all others. */
export async function openAround(
  room: Room,
  window: string,
  before: readonly (PaneSpec | KeptWindow)[],
  after: readonly (PaneSpec | KeptWindow)[],
): Promise<void> {
  await openAt(room, [
    ...before.map((spec) => ({ spec, place: ['-b', '-t', `${room.home}:${window}`] })),
    ...after.map((spec) => ({ spec, place: ['-a', '-t', `${room.home}:$`] })),
  ])
}

/** Runs a worker in a pane whose worker is gone, or that never had one. */
export async function respawnPane(tmux: Tmux, pane: string, argv: readonly string[]): Promise<void> {
  await tmux.run(
    ['respawn-pane', '-k', '-t', pane, '--', ...argv],
    ['set-option', '-p', '-u', '-t', pane, '@q_asleep'],
  )
}

/** Runs commands that make panes for sessions. They are made also where a hook of the user fails after it. */
export async function runOpening(
  tmux: Tmux,
  sessions: readonly string[],
  ...commands: Command[]
): Promise<{ opened: Opened[]; output: string }> {
  const output = await tmux.run(...commands).catch((error: unknown) => {
    if (error instanceof TmuxError && sessions.every((session) => isOpenedIn(error.output, session)))
      return error.output
    throw error
  })
  return { opened: sessions.map((session) => openedIn(output, session)), output }
}

/** What tmux prints of what it made for a session; hooks of the user may print other lines. */
export function openedFormat(session: string): string {
  return `q-mux ${session} #{session_id} #{window_id} #{pane_id}`
}

function isOpenedIn(output: string, session: string): boolean {
  return output.split('\n').some((line) => line.startsWith(`q-mux ${session} `))
}

/** @throws Error when tmux did not say that it made a pane for the session */
function openedIn(output: string, session: string): Opened {
  const line = output.split('\n').find((one) => one.startsWith(`q-mux ${session} `))
  const [, , home, window, pane] = line?.split(' ') ?? []
  if (!home || !window || !pane) throw new Error(`tmux opened no window for the session ${session}`)
  return { home, window, pane }
}

/**
 * What runs in a pane; without a worker, a program that ends soon and leaves its pane behind, as `remain-on-exit` has it by
 * then. Where we are killed before, it takes its window along.
 */
export function programOf({ argv }: PaneSpec): readonly string[] {
  return argv ?? ['sh', '-c', 'sleep 1; exit 1']
}

/** The commands that make a new pane a session's. */
export function paneCommands(
  { templates, workspace, runtime }: Pick<Room, 'templates' | 'workspace' | 'runtime'>,
  { window, pane }: Opened,
  spec: PaneSpec,
  user: UserStatus,
): Command[] {
  const set = (...words: string[]): Command => ['set-option', '-p', '-t', pane, ...words]
  return [
    set('@q_session', spec.session),
    set('@q_home', workspace),
    set('@q_home_runtime', runtime),
    // A program inside the pane cannot rename it, and a dead worker's pane stays until it is dealt with.
    set('allow-rename', 'off'),
    set('remain-on-exit', 'failed'),
    // A user's hook that runs dead panes again would run a sleeping one for ever.
    ['set-hook', '-p', '-t', pane, 'pane-died', ''],
    ...(spec.argv === undefined ? [set('@q_asleep', '1'), set('-q', 'remain-on-exit-format', '')] : []),
    ['select-pane', '-t', pane, '-T', spec.name],
    ...windowCommands(templates, window, { sessions: [spec.session], name: spec.name }, user),
  ]
}

export interface WindowFacts {
  /** Those that it shows, in the order of their panes. */
  sessions: readonly string[]
  /** Its title; undefined: it keeps its own. */
  name: string | undefined
}

/** Makes a window one that shows sessions. */
export async function dressWindow(
  tmux: Tmux,
  templates: string,
  window: string,
  facts: WindowFacts,
): Promise<void> {
  await tmux.run(...windowCommands(templates, window, facts, await readUserStatus(tmux)))
}

/** Makes a window that shows no session any more one of the user's own again. */
export async function undressWindow(tmux: Tmux, window: string): Promise<void> {
  const options = ['@q_holds', '@q_mark', '@q_next', 'automatic-rename', ...tabOptions]
  await tmux.run(...options.map((name) => setOption(window, name, '')))
}

function windowCommands(
  templates: string,
  window: string,
  { sessions, name }: WindowFacts,
  user: UserStatus,
): Command[] {
  return [
    setOption(window, '@q_holds', sessions.join(' ')),
    setOption(window, 'automatic-rename', 'off'),
    ...(name === undefined ? [] : [['rename-window', '-t', window, name]]),
    ...tabCommands(templates, window, user),
  ]
}

async function openAt(
  room: Room,
  wanted: readonly { spec: PaneSpec | KeptWindow; place: readonly string[] }[],
): Promise<Opened[]> {
  if (wanted.length === 0) return []
  const { tmux, writeFile } = room
  const user = await readUserStatus(tmux)
  const opening = wanted.map(
    ({ spec, place }): Command =>
      'window' in spec
        ? ['link-window', '-d', '-s', spec.window, ...place]
        : [
            ...['new-window', '-d', '-P', '-F', openedFormat(spec.session), ...place, '-n', spec.name, '--'],
            ...programOf(spec),
          ],
  )
  const specs = wanted.flatMap(({ spec }) => ('window' in spec ? [] : [spec]))
  const file = await writeFile('windows.conf', fileOf(opening))
  const sessions = specs.map(({ session }) => session)
  const { opened } = await runOpening(tmux, sessions, ['source-file', file])
  const making = opened.flatMap((one, at) => paneCommands(room, one, specs[at] as PaneSpec, user))
  await tmux.run(['source-file', await writeFile('panes.conf', fileOf(making))])
  return opened
}

/** Commands as the text of a file that tmux sources. */
function fileOf(commands: readonly Command[]): string {
  return commands.map((command) => `${command.map(quote).join(' ')}\n`).join('')
}
