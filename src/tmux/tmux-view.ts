import { basename } from 'node:path'
import type { Tmux } from './door.ts'

/**
 * A tmux session that carries `@q_workspace`: the workspace, or one grouped with it. Whatever it is called, and whoever
 * moved its windows, it is addressed by its id.
 */
export interface Member {
  /** `$3`. */
  id: string
  /** tmux's own name for it now, which the user may have changed. */
  name: string
  /** The runtime directory of the workspace; empty where an earlier version of q mux started it. */
  runtime: string
  /** The sessions that share its windows; empty for none. */
  group: string
  /** It carries all of its marks; where the user took one away, or who made it was killed, it is known by another. */
  sound: boolean
}

/**
 * A session's pane, in whatever window and tmux session it is now: the one that carries its id as the pane option
 * `@q_session`, while it runs the session's worker; else the one that runs it.
 */
export interface SessionPane {
  /** `%12`. */
  id: string
  session: string
  /** `@7`. */
  window: string
  /** The tmux session through which it is reached: one of the workspace where the window is linked there. */
  home: string
  /** Its window is in the workspace. */
  inside: boolean
  /** Process id of what runs in it, or ran there last; undefined where nothing runs and tmux (3.8) does not say what did. */
  pid: number | undefined
  /** tmux noticed that the worker is gone and kept the pane. */
  dead: boolean
  /** Opened without a worker, or left by one that nobody needed: the next look at it, or prompt for it, starts one. */
  asleep: boolean
  /** It tells that its worker died, and asks whether to go on: the worker of before does not run. */
  asks: boolean
  /** Exit status or signal of a dead pane, in tmux's words. */
  death: string
  /** Another pane of its window is zoomed over it. */
  hidden: boolean
  /** It carries the session's id. It does not where who opened it was killed, or the user took the option away. */
  marked: boolean
}

/** A window of the workspace, or one that a session's pane was taken to. One that another workspace's session leads is that one's. */
export interface Window {
  id: string
  /** In a tmux session of the workspace. */
  inside: boolean
  /** How many it has, the user's own among them. */
  panes: number
  /** tmux or a program may give it another title (`automatic-rename`, `allow-rename`). */
  namesItself: boolean
  /** Its place in the workspace; after all of them for one elsewhere. */
  index: number
  name: string
  /** The sessions that it was last made to show, as `@q_holds` has them: ids with blanks between; empty for none. */
  holds: string
}

/** A terminal that shows the workspace, or a window with a session's pane elsewhere. */
export interface Client {
  window: string
  /** Cells. */
  width: number
  /** Of the window that it shows, as tmux's option default-size has it: `100x23`. */
  windowSize: string
}

/** The workspace as tmux has it, in one round trip. */
export interface TmuxView {
  /** Empty: the workspace does not run. */
  members: Member[]
  /** Ids of tmux sessions that share the members' windows and carry no mark. */
  grouped: string[]
  /** In their order. */
  windows: Window[]
  /** In the order of their windows, then of their places in them. */
  panes: SessionPane[]
  /** Ids of panes that carry a session's id and run something else by now, by the user's `respawn-pane`. */
  left: string[]
  clients: Client[]
}

export const emptyView: TmuxView = { members: [], grouped: [], windows: [], panes: [], left: [], clients: [] }

/** A word of the program that a pane without a worker was started with. */
export const sleeper = 'q-mux-asleep'

/** The quiet control client of the controller: it looks at nothing. Other control clients (iTerm2) are terminals. */
export const isQuiet = '#{&&:#{client_control_mode},#{m:*no-output*,#{client_flags}}}'

const sessionFormat =
  's|#{session_id}|#{@q_workspace}|#{?@q_command,1,0}|#{session_group}:#{session_name}:#{@q_runtime}'
const paneFormat =
  'p|#{pane_id}|#{window_id}|#{session_id}|#{window_index}|#{@q_session}|#{@q_home}|#{@q_asleep}|#{@q_pane}|#{pane_pid}|#{pane_dead}|#{pane_dead_status}|#{pane_dead_signal}|#{pane_active}|#{window_zoomed_flag}|#{@q_holds}|#{window_panes}|#{||:#{automatic-rename},#{allow-rename}}|#{s/[^ -z]/ /:pane_start_command}|#{window_name}'
const clientFormat = `c|${isQuiet}|#{window_id}|#{client_width}|#{window_width}x#{window_height}`

/** @throws TmuxError when the server does not answer */
export async function readView(tmux: Tmux, workspace: string): Promise<TmuxView> {
  const output = await tmux.run(
    ['list-sessions', '-F', sessionFormat],
    ['list-panes', '-a', '-F', paneFormat],
    ['list-clients', '-F', clientFormat],
  )
  return parseView(output.split('\n'), workspace)
}

/** The session's pane, wherever it is. */
export function paneOf({ panes }: Pick<TmuxView, 'panes'>, session: string): SessionPane | undefined {
  let found = bySession.get(panes)
  if (!found) {
    // Of several the first one.
    found = new Map(panes.toReversed().map((pane) => [pane.session, pane]))
    bySession.set(panes, found)
  }
  return found.get(session)
}

/** The panes of each view by their sessions: with a hundred of them they are asked for a hundred times at each change. */
const bySession = new WeakMap<readonly SessionPane[], Map<string, SessionPane>>()

/** Whether some terminal shows the pane right now. */
export function isDisplayed(
  { clients }: Pick<TmuxView, 'clients'>,
  { window, hidden }: SessionPane,
): boolean {
  return !hidden && clients.some((client) => client.window === window)
}

/** The tmux sessions that carry the workspace's name, the oldest first. */
export async function readMembers(tmux: Tmux, workspace: string): Promise<Member[]> {
  return membersIn((await tmux.run(['list-sessions', '-F', sessionFormat])).split('\n'), workspace)
}

/**
 * The runtime directory of a workspace, empty where none is known: its tmux sessions carry it, and so do its panes, which may
 * outlive them in others.
 */
export async function readRuntime(
  tmux: Tmux,
  workspace: string,
): Promise<{ runtime: string; running: boolean }> {
  const [member] = await readMembers(tmux, workspace)
  if (member) return { runtime: member.runtime, running: true }
  const lines = (await tmux.run(['list-panes', '-a', '-F', '#{@q_home}|#{@q_home_runtime}'])).split('\n')
  const line = lines.find((one) => one.startsWith(`${workspace}|`))
  return { runtime: line?.slice(workspace.length + 1) ?? '', running: false }
}

/** A tmux session, whosever it is. */
export interface TmuxSession {
  /** `$3`. */
  id: string
  name: string
  /** The workspace that it carries; empty: it is the user's own. */
  workspace: string
}

/** All tmux sessions of the server, as they are now. */
export async function readTmuxSessions(tmux: Tmux): Promise<TmuxSession[]> {
  const lines = (await tmux.run(['list-sessions', '-F', sessionFormat])).split('\n')
  return sessionsIn(lines).map(({ id, name, workspace = '' }) => ({ id, name, workspace }))
}

/** The workspaces that run on the server. */
export async function readWorkspaces(tmux: Tmux): Promise<string[]> {
  const sessions = sessionsIn((await tmux.run(['list-sessions', '-F', sessionFormat])).split('\n'))
  return [...new Set(sessions.flatMap(({ workspace }) => workspace ?? []))]
}

/** Whether an attached terminal shows `pane`, and has the focus as far as tmux knows: it asks terminals for that only
 * with the user's option `focus-events`. */
export async function isLookedAt(tmux: Tmux, pane: string): Promise<boolean> {
  const focused = '#{?focus-events,#{m:*focused*,#{client_flags}},1}'
  const hidden = '#{&&:#{window_zoomed_flag},#{!=:#{pane_active},1}}'
  const output = await tmux.run(
    ['display-message', '-p', '-t', pane, `#{window_id}|${hidden}`],
    ['list-clients', '-F', `${isQuiet}|#{window_id}|${focused}`],
  )
  const [where = '', ...clients] = output.split('\n')
  const [window, covered] = where.split('|')
  return covered !== '1' && clients.includes(`0|${window}|1`)
}

function membersIn(lines: readonly string[], workspace: string): Member[] {
  return sessionsIn(lines)
    .flatMap(({ workspace: of, ...member }) => (of === workspace ? [member] : []))
    .sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
}

function groupedWith(lines: readonly string[], members: readonly Member[]): string[] {
  const groups = new Set(members.map(({ group }) => group).filter((group) => group !== ''))
  return sessionsIn(lines).flatMap(({ id, group, workspace }) =>
    workspace === undefined && groups.has(group) ? [id] : [],
  )
}

interface ListedSession extends Member {
  /** undefined: one of the user's own. */
  workspace: string | undefined
}

/** The runtime directory is called after the workspace: a mark that was set for all sessions alone makes none ours. */
function sessionsIn(lines: readonly string[]): ListedSession[] {
  return lines.flatMap((line) => {
    const [kind, id = '', mark = '', whole, ...rest] = line.split('|')
    if (kind !== 's') return []
    const [group = '', name = '', ...path] = rest.join('|').split(':')
    const runtime = path.join(':')
    const isOld = runtime === '' && name === mark
    const workspace = runtime === '' ? (isOld && mark ? mark : undefined) : mark || basename(runtime)
    return [{ id, group, name, runtime, workspace, sound: mark !== '' && runtime !== '' && whole === '1' }]
  })
}

function parseView(lines: readonly string[], workspace: string): TmuxView {
  const members = membersIn(lines, workspace)
  // A window that several tmux sessions share is listed for each: the workspace's own comes first.
  const ranks = new Map(members.map(({ id }, at) => [id, at]))
  const rankOf = (session: string): number => ranks.get(session) ?? members.length
  const listed = lines
    .flatMap((line): Listed[] => (line.startsWith('p|') ? [fieldsOf(line)] : []))
    .sort((a, b) => rankOf(a.tmuxSession) - rankOf(b.tmuxSession))
  const windows = new Map<string, Window>()
  const panes = new Map<string, SessionPane>()
  const left = new Set<string>()
  const leaders = new Map<string, boolean>()
  const marked = new Set(listed.flatMap(({ marked, session }) => (marked ? [session] : [])))
  for (const line of listed) {
    const inside = ranks.has(line.tmuxSession)
    const { id, window, session, home } = line
    const isOurs = session !== '' && (home === workspace || (home === '' && inside))
    if (line.left && home === workspace) left.add(id)
    if (session !== '' && !leaders.has(window)) leaders.set(window, isOurs)
    if (!inside && !isOurs && line.holds === '') continue
    if (!windows.has(window)) windows.set(window, windowOf(line, inside))
    // A copy that the user made of a worker's pane is none.
    if (!isOurs || panes.has(id) || (!line.marked && marked.has(session))) continue
    panes.set(id, paneOfLine(line, inside))
  }
  const ordered = [...windows.values()]
    .filter(({ id }) => leaders.get(id) !== false)
    .sort((a, b) => Number(b.inside) - Number(a.inside) || a.index - b.index || (a.id < b.id ? -1 : 1))
  const place = new Map(ordered.map(({ id }, at) => [id, at]))
  const placeOf = ({ window }: SessionPane): number => place.get(window) ?? ordered.length
  return {
    members,
    grouped: groupedWith(lines, members),
    windows: ordered,
    panes: [...panes.values()].sort((a, b) => placeOf(a) - placeOf(b)),
    left: [...left],
    clients: clientsIn(lines),
  }
}

function windowOf(line: Listed, inside: boolean): Window {
  const { window: id, windowIndex, windowName: name, windowPanes: panes, namesItself, holds } = line
  return {
    id,
    inside,
    panes,
    namesItself,
    index: inside ? windowIndex : Number.POSITIVE_INFINITY,
    name,
    holds,
  }
}

function paneOfLine(line: Listed, inside: boolean): SessionPane {
  const { id, session, window, tmuxSession: home, pid, dead, asleep, asks, death, hidden, marked } = line
  return { id, session, window, home, inside, pid, dead, asleep, asks, death, hidden, marked }
}

function clientsIn(lines: readonly string[]): Client[] {
  return lines.flatMap((line) => {
    const [kind, quiet, window = '', width, windowSize = ''] = line.split('|')
    return kind === 'c' && quiet !== '1' ? [{ window, width: Number(width), windowSize }] : []
  })
}

interface Listed extends Omit<SessionPane, 'home' | 'inside'> {
  tmuxSession: string
  windowIndex: number
  windowName: string
  windowPanes: number
  namesItself: boolean
  holds: string
  /** The workspace that the pane was made for. */
  home: string
  /** It carries a session's id and runs something else. */
  left: boolean
}

function fieldsOf(line: string): Listed {
  const [
    ,
    id = '',
    window = '',
    tmuxSession = '',
    index,
    session = '',
    home = '',
    asleep = '',
    marked = '',
    ...rest
  ] = line.split('|')
  const [
    pid,
    dead,
    status = '',
    signal = '',
    active,
    zoomed,
    holds = '',
    panes,
    renames,
    program = '',
    ...name
  ] = rest
  const runs = workerIn(program)
  // What a window or all of them carry is passed on to their panes: only its own id makes a mark a pane's.
  const isMarked = session !== '' && marked === id
  // The mark is the pane's own where it names the pane: what a worker left behind, or what never had one.
  const sleeps = program.includes(sleeper) ? asleep !== '' : asleep === id && runs?.session === session
  const left = isMarked && runs?.session !== session && !sleeps
  return {
    id,
    window,
    tmuxSession,
    windowIndex: Number(index),
    windowPanes: Number(panes),
    namesItself: renames === '1',
    session: isMarked && !left ? session : (runs?.session ?? ''),
    home: (isMarked && home) || (runs?.workspace ?? ''),
    marked: isMarked && home !== '' && !left,
    left,
    asleep: sleeps,
    asks: / --died \w+['"]?$/.test(program),
    pid: Number(pid) || undefined,
    dead: dead === '1',
    death: signal ? `signal ${signal}` : status ? `exit status ${status}` : '',
    hidden: zoomed === '1' && active !== '1',
    holds,
    windowName: name.join('|'),
  }
}

/** The worker that a pane was started with, by its command line as tmux shows it. */
function workerIn(program: string): { session: string; workspace: string } | undefined {
  const [, session, workspace] =
    /\bq\.js['"]? worker ([0-9a-f-]{36}) --workspace ([\w-]+)/.exec(program) ?? []
  return session === undefined || workspace === undefined ? undefined : { session, workspace }
}
