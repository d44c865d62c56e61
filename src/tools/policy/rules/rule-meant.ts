import { nearest } from '../../../text/did-you-mean.ts'

/** Names that other programs give to the same tools, without `_`, `-` and capitals. */
const others: Readonly<Record<string, readonly string[]>> = {
  execute_bash: [
    'bash',
    'sh',
    'shell',
    'exec',
    'command',
    'terminal',
    'runcommand',
    'runshellcommand',
    'executecommand',
  ],
  fs_write: [
    'edit',
    'write',
    'multiedit',
    'notebookedit',
    'writefile',
    'editfile',
    'replace',
    'applypatch',
    'create',
  ],
  fs_read: ['read', 'readfile', 'view', 'cat', 'ls', 'list', 'listdirectory', 'notebookread'],
  glob: ['find', 'findfiles'],
  grep: ['search', 'ripgrep', 'rg', 'searchfilecontent'],
}

/** The rule that a text was probably meant to be, which is none because of its tool's name. */
export function ruleMeant(text: string, known: readonly string[]): string | undefined {
  const written = text.trim()
  const bracket = written.indexOf('(')
  const name = bracket < 0 ? written : written.slice(0, bracket)
  const pattern = bracket < 0 ? '' : written.slice(bracket)
  const server = serverRule(name)
  if (server !== undefined) return server
  const plain = name.toLowerCase().replaceAll(/[-_\s]/g, '')
  const [foreign] = Object.entries(others).find(([, names]) => names.includes(plain)) ?? []
  const tool = foreign ?? nearest(name, known)
  if (tool === undefined) return undefined
  if (/^\(\**\)?$/.test(pattern)) return tool
  const prefix = tool === 'execute_bash' && pattern.endsWith(':*)')
  return tool + (prefix ? `${pattern.slice(0, -3).trimEnd()} *)` : pattern)
}

/** `server___tool`, as a model calls it. */
function called(name: string): [string, string, string] | undefined {
  const at = name.indexOf('___', 1)
  const [server, tool] = [name.slice(0, at), name.slice(at + 3)]
  return at === -1 || server.includes('@') || tool === '' ? undefined : [name, server, tool]
}

/** `server___tool`, `mcp__server__tool`, `@server/*`. */
function serverRule(name: string): string | undefined {
  const [, server, tool] =
    /^mcp__([a-z0-9-]+?)(?:__(.+))?$/.exec(name) ?? called(name) ?? /^@([\w-]+)\/?\*?()$/.exec(name) ?? []
  if (server === undefined) return undefined
  return tool === undefined || tool === '' || tool === '*' ? `@${server.toLowerCase()}` : `@${server}/${tool}`
}
