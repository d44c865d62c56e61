import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Lab } from '../support/lab.ts'
import { endProcess } from '../support/lab.ts'

/** What somebody at the keyboard does to the workspace's sessions, windows and panes, by tmux's own commands. */
const moves = {
  'rename-session': ({ lab, member }) => lab.tmux('rename-session', '-t', member(), `work-${word()}`),
  'rename-window': ({ lab, pane }) => lab.tmux('rename-window', '-t', pane(), `task-${word()}`),
  'break-pane': ({ lab, pane }) => lab.tmux('break-pane', '-d', '-s', pane()),
  'join-pane': ({ lab, pane }) => lab.tmux('join-pane', '-d', '-s', pane(), '-t', pane()),
  'swap-pane': ({ lab, pane }) => lab.tmux('swap-pane', '-d', '-s', pane(), '-t', pane()),
  'swap-window': ({ lab, pane }) => lab.tmux('swap-window', '-d', '-s', pane(), '-t', pane()),
  'split-window': ({ lab, pane }) => lab.tmux('split-window', '-d', '-t', pane(), 'sleep', '3'),
  'move-window away': ({ lab, pane, member }) => {
    // The last window of a tmux session takes that along.
    if (lab.tmux('list-windows', '-t', `${member()}:`).split('\n').length < 2) return
    lab.tmux('move-window', '-d', '-s', pane(), '-t', 'mine:')
  },
  'move-window back': ({ lab, pane, member }) => {
    const at = pane()
    if (lab.tmux('display-message', '-p', '-t', at, '#{@q_workspace}') === '')
      lab.tmux('move-window', '-d', '-s', at, '-t', `${member()}:`)
  },
  'link-window': ({ lab, pane }) => lab.tmux('link-window', '-d', '-s', pane(), '-t', 'mine:'),
  'unlink-window': ({ lab, pane }) => lab.tmux('unlink-window', '-t', pane()),
  group: ({ lab, member }) => lab.tmux('new-session', '-d', '-t', member(), '-s', `group-${word()}`),
  'kill of a group’s first': ({ lab, members }) => {
    const all = members()
    if (all.length > 1) lab.tmux('kill-session', '-t', all[0] ?? '')
  },
  'marks taken away': ({ lab, pane, member }) => {
    lab.tmux('set-option', '-pu', '-t', pane(), '@q_session')
    lab.tmux('set-option', '-u', '-t', `${member()}:`, '@q_workspace')
  },
  'looked at': ({ lab, pane }) => lab.tmux('select-window', '-t', pane()),
  'told that nobody needs it': ({ lab }) => {
    const directory = join(lab.runtimeDir, 'w')
    const socket = connect(join(directory, oneOf(readdirSync(directory))), () => socket.end('s'))
    socket.on('error', () => {})
  },
  'controller killed': ({ controller }) => {
    const pid = controller()
    if (pid !== undefined) endProcess(pid)
  },
} satisfies Record<string, (hand: Hand) => unknown>

interface Hand {
  lab: Lab
  /** A pane of a session, by chance. */
  pane(): string
  /** A tmux session of the workspace, by chance. */
  member(): string
  /** All of them, the oldest first. */
  members(): string[]
  controller(): number | undefined
}

/** Does one of the moves, by chance; what tmux refuses is not done. Returns its name. */
export function moveAtRandom(lab: Lab, controller: () => number | undefined): string {
  const [name, move] = oneOf(Object.entries(moves))
  const hand: Hand = {
    lab,
    pane: () => oneOf(panesOf(lab)).pane,
    member: () => oneOf(hand.members()),
    members: () => listed(lab, 'list-sessions', '#{session_id} #{@q_runtime}').map(([id]) => id),
    controller,
  }
  try {
    if (!lab.tmux('list-sessions', '-F', '#{session_name}').split('\n').includes('mine'))
      lab.tmux('new-session', '-d', '-s', 'mine', 'cat')
    move(hand)
  } catch {
    return `${name}, refused`
  }
  return name
}

/** The panes that carry a session's id, each once. */
export function panesOf(lab: Lab): { pane: string; session: string }[] {
  const found = new Map(listed(lab, 'list-panes', '#{pane_id} #{@q_session}', '-a'))
  return [...found].map(([pane, session]) => ({ pane, session }))
}

/** Lines of two words that have both. */
function listed(lab: Lab, command: string, format: string, ...flags: string[]): [string, string][] {
  return lab
    .tmux(command, ...flags, '-F', format)
    .split('\n')
    .flatMap((line): [string, string][] => {
      const [first = '', second = ''] = line.split(' ')
      return second === '' ? [] : [[first, second]]
    })
}

function oneOf<T>(all: readonly T[]): T {
  const found = all[Math.floor(Math.random() * all.length)]
  if (found === undefined) throw new Error('there is none')
  return found
}

const word = (): string => Math.random().toString(36).slice(2, 8)
