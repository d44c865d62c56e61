// The least that a corner can cost: DIRECTORY is watched, and the name of a file that is renamed into it is sent to
// tmux over an open connection, as an option that the status line of SESSION shows.
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'

const [directory = '', socket = '', session = ''] = process.argv.slice(2)
const tmux = spawn('tmux', [
  '-u',
  '-L',
  socket,
  '-C',
  'attach-session',
  '-t',
  `=${session}`,
  '-f',
  'no-output',
])
tmux.stdout.resume()
watch(directory, (_, name) => {
  if (name && !name.startsWith('.')) tmux.stdin.write(`set-option -t '=${session}:' @q_floor '${name}'\n`)
})
