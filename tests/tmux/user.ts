import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../support/lab.ts'

/** The tmux configuration of a user who has much of their own. */
export const userConfiguration = String.raw`
bind a display-message "user's own a"
bind -r A resize-pane -L 5 \; display-message 'user ; A'
bind -N "my 'sessions'" S {
  if-shell -F '#{a}' { display-message one } { display-message two
    display-message "x ;; y" }
  display-message "three $HOME"
}
bind N new-window -n '#(echo x)'
bind -n F7 display-message root
set -g status-right '#(echo from-the-user) #{session_name}-%H'
set -g status-right-length 33
set -g status-left '<#S>'
set -g destroy-unattached on
set -g allow-rename on
set -g automatic-rename on
set -g renumber-windows on
set -g base-index 1
set -g remain-on-exit off
set -g status-interval 0
set -s set-clipboard external
`

/** Starts the user's server with a session of their own, attached so that destroy-unattached leaves it alone. */
export function startUserServer(lab: Lab, configuration = userConfiguration): void {
  writeFileSync(join(lab.home, '.tmux.conf'), configuration)
  const client = lab.start('tmux', [
    '-u',
    '-L',
    lab.socket,
    '-C',
    'new-session',
    '-s',
    'mine',
    '-n',
    'mine',
    'cat',
  ])
  client.stdout?.resume()
}

/** Everything of a server that is not a session's own, to compare with later. */
export function serverState(lab: Lab): string {
  return [
    ['list-keys'],
    ['list-keys', '-N'],
    ['show-options', '-g'],
    ['show-options', '-s'],
    ['show-options', '-gw'],
    ['show-hooks', '-g'],
    ['show-environment', '-g'],
    ['show-options', '-t', '=mine:'],
    ['list-windows', '-t', '=mine:', '-F', '#{window_id} #{window_name} #{window_layout}'],
  ]
    .map((words) => lab.tmux(...words))
    .join('\n')
}
