import type { Tmux } from './door.ts'
import { quote } from './quote.ts'

/** What a key does in tmux's prefix table, so that it can be put back just as it was. */
export interface Binding {
  key: string
  /** The commands, as text for inside braces; empty when the key is free. */
  body: string
  repeat: boolean
  note: string
}

/** Reads a key of the prefix table; `body` is empty when nothing is bound. */
export async function readBinding(tmux: Tmux, key: string): Promise<Binding> {
  const lines = (await tmux.run(['list-keys', '-T', 'prefix'])).split('\n')
  for (const line of lines) {
    const binding = parseBinding(line)
    if (binding?.key === key) return { ...binding, note: await readNote(tmux, key) }
  }
  return { key, body: '', repeat: false, note: '' }
}

/** A line of `list-keys -T prefix`. */
export function parseBinding(line: string): Binding | undefined {
  const found = /^bind-key\s+(-r\s+)?-T\s+prefix\s+(\S+)\s+(.*)$/.exec(line)
  if (!found) return undefined
  const [, repeat, key = '', commands = ''] = found
  return { key: key.replace(/^\\(.)$/, '$1'), body: bodyOf(commands), repeat: repeat !== undefined, note: '' }
}

/** The line of a configuration file that makes a binding again. */
export function bindingLines({ key, body, repeat, note }: Binding): string {
  if (body === '') return `unbind-key -T prefix ${quote(key)}\n`
  const flags = `${repeat ? '-r ' : ''}${note ? `-N ${doubleQuote(note)} ` : ''}`
  return `bind-key ${flags}-T prefix ${quote(key)} {\n${body}\n}\n`
}

async function readNote(tmux: Tmux, key: string): Promise<string> {
  const listed = await tmux.run(['list-keys', '-N', '-P', '', '-T', 'prefix'])
  const line = listed.split('\n').find((candidate) => candidate.split(/\s/, 1)[0] === key)
  return line?.slice(key.length).trim() ?? ''
}

/**
 * list-keys writes a binding of several lines as one, with `\;\;` between its lines at the top and `;;` inside braces,
 * and does not read that back. Outside quotes, both become line ends again, and `\;` becomes `;`.
 */
function bodyOf(commands: string): string {
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

function doubleQuote(text: string): string {
  return `"${text.replaceAll(/["\\$]/g, '\\$&')}"`
}
