import type { Tmux } from './door.ts'

/** A window of the workspace. Its session is found by the option `@q_session`, whatever the user renamed or moved. */
export interface SessionWindow {
  id: string
  index: number
  /** Empty for a window that the user opened for something else. */
  session: string
  /** The pane that the worker was started in; the user may have split the window since. */
  pane: string
  /** Process id of what runs in that pane, or ran there last. */
  pid: number
  /** tmux noticed that the worker is gone and kept the pane. */
  dead: boolean
  /** Opened without a worker: the first look at it, or prompt for it, starts one. */
  asleep: boolean
  /** Exit status or signal of a dead pane, in tmux's words. */
  death: string
  name: string
}

/** A terminal that shows the workspace. */
export interface Client {
  window: string
  /** Cells. */
  width: number
}

/** The workspace as tmux has it, in one round trip. */
export interface TmuxView {
  windows: SessionWindow[]
  clients: Client[]
}

/** An exact target: `-t q` would also match `qq`. */
export function target(workspace: string, window = ''): string {
  return `=${workspace}:${window}`
}

const windowFormat =
  'w|#{window_id}|#{window_index}|#{@q_session}|#{@q_pane}|#{@q_asleep}|#{pane_id}|#{pane_pid}|#{pane_dead}|#{pane_dead_status}|#{pane_dead_signal}|#{window_name}'
const clientFormat = 'c|#{client_control_mode}|#{window_id}|#{client_width}'

/** @throws TmuxError when the workspace's tmux session is not there */
export async function readView(tmux: Tmux, workspace: string): Promise<TmuxView> {
  const output = await tmux.run(
    ['list-panes', '-s', '-t', target(workspace), '-F', windowFormat],
    ['list-clients', '-F', clientFormat],
  )
  return parseView(output)
}

function parseView(output: string): TmuxView {
  const windows = new Map<string, SessionWindow>()
  const clients: Client[] = []
  for (const line of output.split('\n')) {
    const [kind, ...fields] = line.split('|')
    if (kind === 'w') {
      const [
        id = '',
        index = '',
        session = '',
        workerPane = '',
        asleep = '',
        pane = '',
        pid = '',
        dead,
        status = '',
        signal = '',
        ...name
      ] = fields
      if (workerPane !== '' && workerPane !== pane) continue
      const death = signal ? `signal ${signal}` : status ? `exit status ${status}` : ''
      windows.set(id, {
        id,
        index: Number(index),
        session,
        pane,
        pid: Number(pid),
        dead: dead === '1',
        asleep: asleep === '1',
        death,
        name: name.join('|'),
      })
    } else if (kind === 'c') {
      const [control, window = '', width] = fields
      if (control !== '1') clients.push({ window, width: Number(width) })
    }
  }
  return { windows: [...windows.values()].sort((a, b) => a.index - b.index), clients }
}

/**
 * Whether an attached terminal shows the window of `pane`, and has the focus as far as tmux knows: it asks terminals for
 * that only with the user's option `focus-events`.
 */
export async function isLookedAt(tmux: Tmux, pane: string): Promise<boolean> {
  const focused = '#{?focus-events,#{m:*focused*,#{client_flags}},1}'
  const output = await tmux.run(
    ['display-message', '-p', '-t', pane, '#{window_id}'],
    ['list-clients', '-F', `#{client_control_mode}|#{window_id}|${focused}`],
  )
  const [window, ...clients] = output.split('\n')
  return clients.includes(`0|${window}|1`)
}

/** Whether the server has the workspace's tmux session, and whether it is ours or the user's own of that name. */
export async function workspaceState(tmux: Tmux, workspace: string): Promise<'ours' | 'foreign' | 'none'> {
  const names = await tmux.run(['list-sessions', '-F', '#{session_name}|#{@q_workspace}'])
  const line = names.split('\n').find((name) => name.slice(0, name.indexOf('|')) === workspace)
  if (line === undefined) return 'none'
  return line.endsWith(`|${workspace}`) ? 'ours' : 'foreign'
}
