import { type Command, type Tmux, TmuxError } from './door.ts'
import { tabCommands, tabOptions } from './status-line.ts'
import { lineOf } from './tmux-quote.ts'
import { sleeper, type Window } from './tmux-view.ts'
import { readUserStatus, type UserStatus } from './user-status.ts'
import { setOption, unlessGone } from './verbs.ts'

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

/** Runs a worker in a pane whose worker is gone. */
export async function respawnPane(tmux: Tmux, pane: string, argv: readonly string[]): Promise<void> {
  await tmux.run(...respawning(pane, argv))
}

/** Runs a worker in a pane that sleeps. Of several that wake one at the same time, one does. */
export async function wakePane(tmux: Tmux, pane: string, argv: readonly string[]): Promise<void> {
  await tmux.run(whereAsleep(pane, respawning(pane, argv)))
}

/** The worker in a pane is about to end, and its session sleeps there from now on: the pane stays as it is. */
export async function sleepPane(tmux: Tmux, pane: string): Promise<void> {
  await tmux.run(setOption(pane, '@q_asleep', pane), setOption(pane, 'remain-on-exit', 'on'), [
    'set-option',
    '-p',
    '-q',
    '-t',
    pane,
    'remain-on-exit-format',
    '',
  ])
}

/** The worker stays after all. Resolves false when somebody has woken the session, and this worker is at its end. */
export async function keepAwake(tmux: Tmux, pane: string): Promise<boolean> {
  const output = await tmux.run(
    whereAsleep(pane, [...notAsleep(pane), ['display-message', '-p', '-t', pane, 'q-mux stays']]),
  )
  return output.includes('q-mux stays')
}

function respawning(pane: string, argv: readonly string[]): Command[] {
  return [['respawn-pane', '-k', '-t', pane, '--', ...argv], ...notAsleep(pane)]
}

function notAsleep(pane: string): Command[] {
  return [
    ['set-option', '-p', '-u', '-t', pane, '@q_asleep'],
    setOption(pane, 'remain-on-exit', 'failed'),
    ['set-option', '-p', '-q', '-u', '-t', pane, 'remain-on-exit-format'],
  ]
}

/** Looking at the mark and acting on it are one command: tmux does nothing between them. */
function whereAsleep(pane: string, commands: readonly Command[]): Command {
  return ['if-shell', '-F', '-t', pane, '#{@q_asleep}', lineOf(commands)]
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
  return argv ?? ['sh', '-c', 'sleep 10; exit 1', sleeper]
}

/** The commands that make a new pane a session's, and its window one that shows it. */
export function paneCommands(
  { workspace, runtime }: Pick<Room, 'workspace' | 'runtime'>,
  { window, pane }: Opened,
  spec: PaneSpec,
  user: UserStatus,
): Command[] {
  return [
    ...ownCommands({ workspace, runtime }, pane, spec),
    ...windowCommands(window, { sessions: [spec.session], title: spec.name }, user),
  ]
}

/** What is the pane's own, whatever window it is in. */
function ownCommands(home: Home, pane: string, spec: PaneSpec): Command[] {
  return [
    ...markCommands(home, pane, spec.session),
    ...(spec.argv === undefined
      ? [
          setOption(pane, '@q_asleep', pane),
          ['set-option', '-p', '-q', '-t', pane, 'remain-on-exit-format', ''],
        ]
      : []),
    ['select-pane', '-t', pane, '-T', spec.name],
  ]
}

/** Makes a pane that runs a session's worker the session's, where it does not carry its marks. */
export async function markPane(tmux: Tmux, home: Home, pane: string, session: string): Promise<void> {
  await tmux.run(...markCommands(home, pane, session))
}

/** What a pane was made for. */
type Home = Pick<Room, 'workspace' | 'runtime'>

function markCommands({ workspace, runtime }: Home, pane: string, session: string): Command[] {
  return [
    setOption(pane, '@q_session', session),
    setOption(pane, '@q_pane', pane),
    setOption(pane, '@q_home', workspace),
    setOption(pane, '@q_home_runtime', runtime),
    // A program inside the pane cannot rename it, and a dead worker's pane stays until it is dealt with.
    setOption(pane, 'allow-rename', 'off'),
    setOption(pane, 'remain-on-exit', 'failed'),
    // A user's hook that runs dead panes again would run a sleeping one for ever.
    ['set-hook', '-p', '-t', pane, 'pane-died', ''],
  ]
}

/** Makes a pane that runs a program of the user's own one of theirs. */
export async function unmarkPane(tmux: Tmux, pane: string): Promise<void> {
  const options = [
    '@q_session',
    '@q_pane',
    '@q_home',
    '@q_asleep',
    '@q_next',
    'allow-rename',
    'remain-on-exit',
  ]
  await tmux.run(
    ...options.map((name) => setOption(pane, name, '')),
    ['set-hook', '-p', '-u', '-t', pane, 'pane-died'],
    ['set-option', '-p', '-q', '-u', '-t', pane, 'remain-on-exit-format'],
  )
}

export interface WindowFacts {
  /** Those that it shows, in the order of their panes. */
  sessions: readonly string[]
  /** undefined: it keeps its own. `theirs`: it is a window of the user's own, and names itself as they have it. */
  title: string | undefined | typeof theirs
}

export const theirs = Symbol("the user's")

/** Makes a window one that shows sessions. */
export async function dressWindow(tmux: Tmux, window: string, facts: WindowFacts): Promise<void> {
  await tmux.run(...windowCommands(window, facts, await readUserStatus(tmux)))
}

/** Makes a window that shows no session any more one of the user's own again. One that is gone is no error. */
export async function undressWindow(
  tmux: Tmux,
  { id, inside }: Pick<Window, 'id' | 'inside'>,
): Promise<void> {
  // Elsewhere the title is the user's, or was given as long ago as the window is there.
  const naming = inside ? ['automatic-rename'] : []
  const options = ['@q_holds', '@q_mark', '@q_next', '@q_titled', ...naming, ...tabOptions]
  await tmux.run(...options.map((name) => setOption(id, name, ''))).catch(unlessGone)
}

function windowCommands(window: string, { sessions, title }: WindowFacts, user: UserStatus): Command[] {
  return [
    setOption(window, '@q_holds', sessions.join(' ')),
    ...(title === theirs ? [] : [setOption(window, 'automatic-rename', 'off')]),
    ...(typeof title === 'string' ? [['rename-window', '-t', window, title]] : []),
    ...tabCommands(window, user),
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
  const dressing = opened.flatMap((one, at) => {
    const spec = specs[at] as PaneSpec
    const marks = [...ownCommands(room, one.pane, spec), sayMarked(one)]
    // A hook of the user's may have taken the pane to another window: that one is dressed by the controller.
    return [marks, windowCommands(one.window, { sessions: [spec.session], title: spec.name }, user)]
  })
  const output = await tmux.run(['source-file', await writeFile('panes.conf', fileOf(...dressing))])
  const marked = output.split('\n')
  if (!opened.every((one) => marked.includes(markedAs(one))))
    throw new TmuxError('new-window', "can't find the pane that was just made")
  return opened
}

const markedAs = ({ pane }: Opened): string => `q-mux marked ${pane}`

/** tmux takes a `%3` in what it displays for a part of the time. */
function sayMarked({ pane }: Opened): Command {
  return ['display-message', '-p', '-t', pane, 'q-mux marked #{pane_id}']
}

/** The text of a file that tmux sources: of commands in one line, those behind one that fails are left out. */
function fileOf(...lines: (readonly Command[])[]): string {
  return lines.map((commands) => `${lineOf(commands)}\n`).join('')
}
