import { type Tmux, TmuxError } from './door.ts'
import { quote } from './quote.ts'

/** What a key does in tmux's prefix table, so that it can be put back just as it was. */
export interface Binding {
  key: string
  /** Whether anything is bound to it at all: a binding may also do nothing. */
  bound: boolean
  /** The commands, as text for inside braces. */
  body: string
  repeat: boolean
  note: string
}

/** Reads keys of the prefix table, in the order asked for. */
export async function readBindings(tmux: Tmux, keys: readonly string[]): Promise<Binding[]> {
  const fence = '%q-mux%'
  const output = await tmux
    .run(
      ['list-keys', '-T', 'prefix'],
      ['display-message', '-p', fence],
      ['list-keys', '-N', '-P', '', '-T', 'prefix'],
    )
    .catch((error: unknown) => {
      // A user who unbound everything has no such table.
      if (error instanceof TmuxError && error.reason.includes("doesn't exist")) return ''
      throw error
    })
  const [lines = '', notes = ''] = output.split(new RegExp(`^${fence}$`, 'm'))
  const bindings = lines.split('\n').map((line) => parseBinding(line))
  return keys.map((key) => {
    const found = bindings.find((binding) => binding?.key === key)
    return found
      ? { ...found, note: noteOf(notes, key) }
      : { key, bound: false, body: '', repeat: false, note: '' }
  })
}

/** A line of `list-keys`, of whatever table. */
export function parseBinding(line: string): Binding | undefined {
  const found = /^bind-key\s+(-r\s+)?-T\s+\S+\s+(\S+)\s+(\S.*)$/.exec(line)
  if (!found) return undefined
  const [, repeat, key = '', commands = ''] = found
  return {
    key: key.replace(/^\\(.)$/u, '$1'),
    bound: true,
    body: commandsOf(commands),
    repeat: repeat !== undefined,
    note: '',
  }
}

/** The lines of a configuration file that make a binding again. */
export function bindingLines({ key, bound, body, repeat, note }: Binding, table = 'prefix'): string {
  // Shortened, no alias of the user's stands for them.
  if (!bound) return `unbind-ke -T ${table} ${quote(key)}\n`
  const flags = `${repeat ? '-r ' : ''}${note ? `-N ${quote(note)} ` : ''}`
  return `bind-ke ${flags}-T ${table} ${quote(key)} {\n${body}\n}\n`
}

function noteOf(notes: string, key: string): string {
  const line = notes.split('\n').find((candidate) => candidate.split(/\s/, 1)[0] === key)
  return line?.slice(key.length).trim() ?? ''
}

/**
 * list-keys writes a binding of several lines as one, with `\;\;` between its lines at the top and `;;` inside braces,
 * and does not read that back. Outside quotes, both become line ends again, and `\;` becomes `;`.
 */
export function commandsOf(commands: string): string {
  let body = ''
  let quoted = ''
  for (let at = 0; at < commands.length; at += 1) {
    const rest = commands.slice(at)
    const letter = rest[0] ?? ''
    if (quoted === '' && rest.startsWith('\\;\\;')) {
      body += '\n'
      at += 3
    } else if (quoted === '' && rest.startsWith(' ;; ')) {
      body += '\n'
      at += 3
    } else if (quoted === '' && rest.startsWith(' \\; ')) {
      body += ' ; '
      at += 3
    } else if (letter === '\\' && quoted !== "'") {
      body += rest.slice(0, 2)
      at += 1
    } else {
      if (quoted === letter) quoted = ''
      else if (quoted === '' && (letter === '"' || letter === "'")) quoted = letter
      body += letter
    }
  }
  return body
}
