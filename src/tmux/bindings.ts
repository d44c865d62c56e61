import type { Tmux } from './door.ts'
import { betweenFences, fence } from './printed.ts'
import { quote } from './tmux-quote.ts'

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

/** Reads keys of a table, in the order asked for. */
export async function readBindings(
  tmux: Tmux,
  keys: readonly string[],
  table = 'prefix',
): Promise<Binding[]> {
  const output = await tmux.run(
    ...company.map((key) => ['bind-key', '-N', 'q mux', '-T', table, key, 'start-server']),
    ['list-keys', '-T', table],
    fence,
    ['list-keys', '-N', '-P', '', '-T', table],
    fence,
    ...company.map((key) => ['unbind-key', '-T', table, key]),
  )
  const [lines = '', notes = ''] = betweenFences(output)
  const bindings = lines.split('\n').map((line) => parseBinding(line))
  return keys.map((key) => {
    const found = bindings.find((binding) => binding?.key === key)
    return found
      ? { ...found, note: noteOf(notes, key) }
      : { key, bound: false, body: '', repeat: false, note: '' }
  })
}

/**
 * Keys that no keyboard has, bound only while tmux lists the others: 3.7 shows a list of a single key to somebody on the status
 * line and prints nothing, and a table without keys is none.
 */
const company = ['User998', 'User999']

/** A line of `list-keys`, of whatever table. */
export function parseBinding(line: string): Binding | undefined {
  const found = /^bind-key\s+(-r\s+)?-T\s+\S+\s+(\S+)\s(.*)$/.exec(line)
  if (!found) return undefined
  const [, repeat, key = '', commands = ''] = found
  return {
    key: key.replace(/^\\(.)$/u, '$1'),
    bound: true,
    body: commandsOf(commands.trim()),
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

/** From 3.7 on the lines begin with a blank. */
function noteOf(notes: string, key: string): string {
  const lines = notes.split('\n').map((line) => line.trimStart())
  const line = lines.find((candidate) => candidate.split(/\s/, 1)[0] === key)
  return line?.slice(key.length).trim() ?? ''
}

/**
 * list-keys writes a binding of several lines as one, with `\;\;` between its lines at the top and `;;` inside braces,
 * and does not read that back. Outside quotes, both become line ends again, and `\;` becomes `;`. Before 3.3 it also writes
 * `%if` and `A=b` without their quotes, and does not read that back either.
 */
export function commandsOf(commands: string): string {
  let body = ''
  let quoted = ''
  for (let at = 0; at < commands.length; at += 1) {
    const rest = commands.slice(at)
    const letter = rest[0] ?? ''
    const [bare = ''] =
      quoted === '' && /^\s?$/.test(commands[at - 1] ?? '') ? (bareWord.exec(rest) ?? []) : []
    if (quoted === '' && rest.startsWith('\\;\\;')) {
      body += '\n'
      at += 3
    } else if (quoted === '' && rest.startsWith(' ;; ')) {
      body += '\n'
      at += 3
    } else if (quoted === '' && rest.startsWith(' \\; ')) {
      body += ' ; '
      at += 3
    } else if (bare !== '') {
      body += `"${bare}"`
      at += bare.length - 1
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

/** A word that tmux takes for a condition or an assignment where it is not quoted. */
const bareWord = /^(?:%\w|[A-Za-z_]\w*=)[^\s"'\\;{}$~]*(?=\s|$)/
