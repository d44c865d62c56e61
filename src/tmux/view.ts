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
}

/** A session's pane. It is found by the pane option `@q_session`, in whatever window and tmux session it is now. */
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
  /** Opened without a worker: the first look at it, or prompt for it, starts one. */
  asleep: boolean
  /** Exit status or signal of a dead pane, in tmux's words. */
  death: string
  /** Another pane of its window is zoomed over it. */
  hidden: boolean
}

/** A window of the workspace, or one that a session's pane was taken to. */
export interface Window {
  id: string
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
  clients: Client[]
}

export const emptyView: TmuxView = { members: [], grouped: [], windows: [], panes: [], clients: [] }

/** The quiet control client of the controller: it looks at nothing. Other control clients (iTerm2) are terminals. */
export const isQuiet = '#{&&:#{client_control_mode},#{m:*no-output*,#{client_flags}}}'

const sessionFormat = 's|#{session_id}|#{@q_workspace}|#{session_group}:#{session_name}:#{@q_runtime}'
const paneFormat =
  'p|#{pane_id}|#{window_id}|#{session_id}|#{window_index}|#{@q_session}|#{@q_home}|#{@q_asleep}|#{@q_pane}|#{pane_pid}|#{pane_dead}|#{pane_dead_status}|#{pane_dead_signal}|#{pane_active}|#{window_zoomed_flag}|#{@q_holds}|#{window_name}'
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
export function paneOf(view: Pick<TmuxView, 'panes'>, session: string): SessionPane | undefined {
  return view.panes.find((pane) => pane.session === session)
}

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
  return lines
    .flatMap((line): Member[] => {
      const [kind, id = '', of, ...rest] = line.split('|')
      if (kind !== 's' || of !== workspace) return []
      const [group = '', name = '', ...runtime] = rest.join('|').split(':')
      return [{ id, group, name, runtime: runtime.join(':') }]
    })
    .sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))
}

function groupedWith(lines: readonly string[], members: readonly Member[]): string[] {
  const groups = new Set(members.map(({ group }) => group).filter((group) => group !== ''))
  return lines.flatMap((line) => {
    const [kind, id = '', of, ...rest] = line.split('|')
    const [group = ''] = rest.join('|').split(':')
    return kind === 's' && of === '' && groups.has(group) ? [id] : []
  })
}

function parseView(lines: readonly string[], workspace: string): TmuxView {
  const members = membersIn(lines, workspace)
  const windows = new Map<string, Window & { inside: boolean }>()
  const panes = new Map<string, SessionPane>()
  const clients: Client[] = []
  // A window that several tmux sessions share is listed for each: the workspace's own comes first.
  const ranks = new Map(members.map(({ id }, at) => [id, at]))
  const rankOf = (session: string): number => ranks.get(session) ?? members.length
  const listed = lines
    .flatMap((line): Listed[] => (line.startsWith('p|') ? [fieldsOf(line)] : []))
    .sort((a, b) => rankOf(a.tmuxSession) - rankOf(b.tmuxSession))
  for (const line of listed) {
    const inside = ranks.has(line.tmuxSession)
    const isOurs = line.session !== '' && (line.home === workspace || (line.home === '' && inside))
    if (!inside && !isOurs) continue
    const { window, windowIndex, windowName, holds } = line
    if (!windows.has(window))
      windows.set(window, { id: window, index: windowIndex, name: windowName, holds, inside })
    if (!isOurs || panes.has(line.id)) continue
    const { id, session, tmuxSession: home, pid, dead, asleep, death, hidden } = line
    panes.set(id, { id, session, window, home, inside, pid, dead, asleep, death, hidden })
  }
  for (const line of lines) {
    const [kind, quiet, window = '', width, windowSize = ''] = line.split('|')
    if (kind === 'c' && quiet !== '1') clients.push({ window, width: Number(width), windowSize })
  }
  const ordered = [...windows.values()].sort(
    (a, b) => Number(b.inside) - Number(a.inside) || a.index - b.index || (a.id < b.id ? -1 : 1),
  )
  const place = new Map(ordered.map(({ id }, at) => [id, at]))
  return {
    members,
    grouped: groupedWith(lines, members),
    windows: ordered.map(({ inside, index, ...window }) => ({
      ...window,
      index: inside ? index : Number.POSITIVE_INFINITY,
    })),
    panes: [...panes.values()].sort((a, b) => (place.get(a.window) ?? 0) - (place.get(b.window) ?? 0)),
    clients,
  }
}

interface Listed extends Omit<SessionPane, 'home' | 'inside'> {
  tmuxSession: string
  windowIndex: number
  windowName: string
  holds: string
  /** The workspace that the pane was made for. */
  home: string
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
    asleep,
    marked = '',
    ...rest
  ] = line.split('|')
  const [pid, dead, status = '', signal = '', active, zoomed, holds = '', ...name] = rest
  return {
    id,
    window,
    tmuxSession,
    windowIndex: Number(index),
    // An earlier version marked windows, and in them the one pane.
    session: marked !== '' && marked !== id ? '' : session,
    home,
    asleep: asleep === '1',
    pid: Number(pid) || undefined,
    dead: dead === '1',
    death: signal ? `signal ${signal}` : status ? `exit status ${status}` : '',
    hidden: zoomed === '1' && active !== '1',
    holds,
    windowName: name.join('|'),
  }
}
