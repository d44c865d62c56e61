import { type Command, type Tmux, type TmuxDoor, TmuxError } from './door.ts'
import { isQuiet, type SessionPane } from './tmux-view.ts'

/** The server that answers: its process and the path of its socket. */
export async function serverOf(tmux: Tmux): Promise<{ pid: number; socket: string }> {
  const [line = ''] = (await tmux.run(['display-message', '-p', '#{pid}|#{socket_path}'])).split('\n')
  const [pid, ...socket] = line.split('|')
  return { pid: Number(pid), socket: socket.join('|') }
}

/**
 * The variables that the server gives to each program in it, of one line each; none where `place`, a program's `TMUX`, is
 * on another server.
 */
export async function readInherited(tmux: Tmux, place: string | undefined): Promise<Map<string, string>> {
  const here = place?.split(',')[0]
  if (!here) return new Map()
  const output = await tmux.run(['display-message', '-p', '#{socket_path}'], ['show-environment', '-g'])
  const [socket, ...lines] = output.split('\n')
  if (socket !== here) return new Map()
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [[name, value] as const]
    }),
  )
}

/** The titles of a tmux session's windows, in their order. */
export async function readWindowNames(tmux: Tmux, session: string): Promise<string[]> {
  return (await tmux.run(['list-windows', '-t', `${session}:`, '-F', '#{window_name}'])).split('\n')
}

/** `name` is whitelisted: tmux runs commands out of names. @throws TmuxError when another one is called so */
export async function renameTmuxSession(tmux: Tmux, session: string, name: string): Promise<void> {
  await tmux.run(['rename-session', '-t', session, name])
}

/** The window that a pane is in now. @throws TmuxError when the pane is gone */
export async function windowOfPane(tmux: Tmux, pane: string): Promise<string> {
  const [window = ''] = await readFormats(tmux, pane, ['#{window_id}'])
  return window
}

/** The values of formats as a target sees them. */
export async function readFormats(tmux: Tmux, target: string, formats: readonly string[]): Promise<string[]> {
  const asked = formats.map((format) => ['display-message', '-p', '-t', target, `q-mux ${format}`])
  return oursIn(await tmux.run(...asked))
}

/** Of the lines that tmux printed, those that we asked for: a hook of the user's may print others. */
function oursIn(output: string): string[] {
  const mark = 'q-mux '
  return output.split('\n').flatMap((line) => (line.startsWith(mark) ? [line.slice(mark.length)] : []))
}

/** Where something is shown: in a tmux session, a window, and a pane of it; without one, whatever is in front there. */
export interface PanePlace {
  home: string
  window: string
  id: string | undefined
}

/** Makes a place the one that the terminals of its tmux session show. */
export async function showPane(tmux: Tmux, { home, window, id }: PanePlace): Promise<void> {
  await tmux.run(['select-window', '-t', `${home}:${window}`], ...(id ? [['select-pane', '-t', id]] : []))
}

/** Where the last window before this one was. @throws TmuxError when there is none */
export async function showLastWindow(tmux: Tmux, session: string): Promise<void> {
  await tmux.run(['last-window', '-t', `${session}:`])
}

/** The target of just the session of that name: `q` would also be the beginning of another's. */
export function exactly(name: string): string {
  return `=${name}`
}

/** Takes a client to a tmux session or to a pane in it. */
export async function switchClient(tmux: Tmux, target: string, client: string): Promise<void> {
  await tmux.run(['switch-client', '-c', client, '-t', target])
}

/** Sets the title of a session's pane, and of its window where the pane is alone in it. */
export async function nameSession(
  tmux: Tmux,
  pane: SessionPane,
  alone: boolean,
  name: string,
): Promise<void> {
  await tmux.run(...(alone ? [['rename-window', '-t', pane.window, name]] : []), [
    'select-pane',
    '-t',
    pane.id,
    '-T',
    name,
  ])
}

/** Ends a pane; its window goes with its last one. One that is gone already is no error. */
export async function killPane(tmux: Tmux, pane: string): Promise<void> {
  await tmux.run(['kill-pane', '-t', pane]).catch(unlessGone)
}

/** Ends a tmux session; windows that others are linked to stay with them. One that is gone already is no error. */
export async function killSession(tmux: Tmux, session: string): Promise<void> {
  await tmux.run(['kill-session', '-t', session]).catch(unlessGone)
}

/** A line for the status line of a session's clients. tmux runs `#(…)` out of it: `text` has none. */
export async function displayMessage(tmux: Tmux, session: string, text: string): Promise<void> {
  await tmux.run(['display-message', '-t', `${session}:`, text.replaceAll('#', '')])
}

/** Has tmux look at all its children: before 3.6, Debian's misses about every second death until another one dies. */
export async function reapChildren(tmux: Tmux): Promise<void> {
  await tmux.run(['run-shell', '-b', 'true'])
}

/** Puts a text into tmux's buffer, and where tmux may, on the terminal's clipboard. */
export async function setBuffer(tmux: TmuxDoor, text: string): Promise<void> {
  await tmux.feed(text, ['load-buffer', '-w', '-'])
}

/** The titles of windows to which programs give one title after the other. */
export async function readRestlessTitles(tmux: Tmux): Promise<string[]> {
  const lines = await tmux.run(['list-windows', '-a', '-F', '#{?@q_titled,1,0}#{window_name}'])
  return [...new Set(lines.split('\n').flatMap((line) => (line.startsWith('1') ? [line.slice(1)] : [])))]
}

export interface Terminal {
  name: string
  /** The name of the tmux session that it showed before; empty: none. */
  last: string
}

/**
 * The terminal that somebody sits at who typed in `pane`: one that shows its window, else the one used last. tmux itself might
 * take the controller's quiet client. undefined: none shows the server.
 */
export async function terminalOf(tmux: Tmux, pane: string | undefined): Promise<string | undefined> {
  const format = `${isQuiet}|#{client_activity}|#{window_id}|#{client_name}`
  const lines = (await tmux.run(['list-clients', '-F', format])).split('\n')
  const window = pane === undefined ? undefined : await windowOfPane(tmux, pane).catch(() => undefined)
  const terminals = lines.flatMap((line) => {
    const [quiet, activity, shown, ...name] = line.split('|')
    return quiet === '0'
      ? [{ name: name.join('|'), isHere: shown === window, activity: Number(activity) }]
      : []
  })
  return terminals.sort((a, b) => Number(b.isHere) - Number(a.isHere) || b.activity - a.activity)[0]?.name
}

/** The terminals on a session, without quiet control clients. */
export async function readClients(tmux: Tmux, session: string): Promise<Terminal[]> {
  const format = `${isQuiet}|#{client_last_session}|#{client_name}`
  const output = await tmux.run(['list-clients', '-t', `${session}:`, '-F', format])
  return output.split('\n').flatMap((line) => {
    const [quiet, last = '', ...name] = line.split('|')
    return quiet === '0' ? [{ name: name.join('|'), last }] : []
  })
}

/** An option's value as the target has it; empty when it is not set. */
export async function readOption(
  tmux: Tmux,
  scope: 'session' | 'window',
  target: string,
  name: string,
): Promise<string> {
  const flags = scope === 'window' ? '-wAqv' : '-qv'
  const [value = ''] = (await tmux.run(['show-options', flags, '-t', `${target}:`, name])).split('\n')
  return value
}

/** An option of a session (`$3`), a window (`@7`) or a pane (`%12`); an empty value takes it away. */
export function setOption(target: string, name: string, value: string): Command {
  const scope = target.startsWith('@') ? ['-w'] : target.startsWith('%') ? ['-p'] : []
  return value === ''
    ? ['set-option', '-u', ...scope, '-t', target, name]
    : ['set-option', ...scope, '-t', target, name, value]
}

export async function setOptions(
  tmux: Tmux,
  target: string,
  options: Readonly<Record<string, string>>,
): Promise<void> {
  const commands = Object.entries(options).map(([name, value]) => setOption(target, name, value))
  if (commands.length > 0) await tmux.run(...commands)
}

/** What is asked for went away in the last moment, and perhaps the server with it. */
export function unlessGone(error: unknown): void {
  if (!(error instanceof TmuxError && (error.noServer || error.notThere))) throw error
}

/**
 * Pastes a text at the prompt of the program in a pane, as one paste where the program knows of them, and enters it. `text`
 * has no control characters but tabs and newlines.
 */
export async function pasteLine(tmux: TmuxDoor, pane: string, text: string): Promise<void> {
  const buffer = `q-mux-${pane.slice(1)}`
  await tmux.feed(text, ['load-buffer', '-b', buffer, '-'])
  await tmux.run(
    ['paste-buffer', '-d', '-p', '-r', '-b', buffer, '-t', pane],
    ['send-keys', '-t', pane, 'Enter'],
  )
}

/** Whoever has typed within so many seconds may be in the middle of a line. */
export const typingSeconds = 10

/** Whether somebody has typed within the last `seconds` at a terminal that shows the window of a pane. */
export async function isTypedAt(tmux: Tmux, pane: string, seconds: number, now: number): Promise<boolean> {
  const output = await tmux.run(
    ['display-message', '-p', '-t', pane, '#{window_id}'],
    ['list-clients', '-F', `${isQuiet}|#{window_id}|#{client_activity}`],
  )
  const [window = '', ...clients] = output.split('\n')
  return clients.some((line) => {
    const [quiet, shown, activity] = line.split('|')
    return quiet !== '1' && shown === window && now / 1000 - Number(activity) < seconds
  })
}
