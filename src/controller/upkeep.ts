import type { SessionPane, TmuxView, Window } from '../tmux/tmux-view.ts'

/** What tmux needs after somebody moved panes, split windows or grouped sessions. */
export interface Upkeep {
  /** tmux sessions that share the workspace's windows, or are the workspace, and do not carry its marks. */
  adopt: string[]
  /** Panes that run a session's worker and do not carry its mark. */
  mark: SessionPane[]
  /** Panes that carry one and run a program of the user's own. */
  unmark: string[]
  /** Windows that show sessions: their tab is to have a mark. */
  dress: { window: Window; sessions: readonly string[] }[]
  /** Windows that show none any more. */
  undress: Window[]
}

/** What a window shows follows from the panes in it. Pure. */
export function upkeepOf(view: TmuxView): Upkeep {
  const dress: Upkeep['dress'] = []
  const undress: Window[] = []
  for (const window of view.windows) {
    const { id, holds } = window
    const sessions = view.panes.filter((pane) => pane.window === id).map(({ session }) => session)
    if (sessions.join(' ') === holds) continue
    if (sessions.length === 0) undress.push(window)
    else dress.push({ window, sessions })
  }
  const damaged = view.members.filter(({ sound }) => !sound).map(({ id }) => id)
  return {
    adopt: [...view.grouped, ...damaged],
    mark: view.panes.filter(({ marked }) => !marked),
    unmark: view.left,
    dress,
    undress,
  }
}

/** Whether a window that shows so many sessions is one of the user's own, which they were taken to. */
export function isTheirs({ inside, panes }: Window, sessions: number): boolean {
  return !inside && panes > sessions
}

/** Windows of one session each whose titles changed between two views. Pure. */
export function titlesGiven(before: TmuxView, now: TmuxView): { session: string; title: string }[] {
  const titles = new Map(before.windows.map(({ id, name }) => [id, name]))
  return now.windows.flatMap((window) => {
    const { id, name, holds } = window
    if (window.namesItself || isTheirs(window, 1)) return []
    const panes = now.panes.filter((pane) => pane.window === id)
    const [only] = panes
    const known = titles.get(id)
    // One that was just broken out or joined gets its title from us.
    if (known === undefined || known === name || panes.length !== 1 || holds !== only?.session) return []
    return [{ session: only.session, title: name }]
  })
}
