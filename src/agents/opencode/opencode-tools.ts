import { isObject, type JsonObject } from '../../base/json.ts'

/** A tool of opencode's in our words. */
export interface OurCall {
  tool: string
  input: unknown
}

/** `servers`: the MCP servers that it has, whose tools are called `SERVER_TOOL` there. */
export function ourCall(name: string, input: unknown, servers: Iterable<string>): OurCall {
  const own = tools[name]
  if (own !== undefined) return { tool: own, input: withOurNames(input) }
  return { tool: ofServer(name, servers) ?? `@opencode/${name}`, input }
}

/**
 * What a question is about: the call itself where the permission is for the tool that is called, else what it wants to do
 * besides, with the call.
 */
export function askedCall(
  { permission, patterns, metadata }: JsonObject,
  call: { name: string; input: unknown } | undefined,
  servers: Iterable<string>,
): OurCall {
  const name = typeof permission === 'string' ? permission : 'unknown'
  const details = isObject(metadata) ? metadata : {}
  if (call !== undefined && tools[name] !== undefined && tools[name] === tools[call.name])
    return ourCall(call.name, call.input, servers)
  if (tools[name] === 'execute_bash' && typeof details.command === 'string')
    return { tool: 'execute_bash', input: { command: details.command } }
  if (tools[name] !== undefined && typeof details.filepath === 'string') {
    const { filepath, ...rest } = details
    return { tool: tools[name], input: { file_path: filepath, ...rest } }
  }
  if (call?.name === name) return ourCall(name, call.input, servers)
  const about = { patterns, ...details, ...(call === undefined ? {} : { call }) }
  return { tool: ofServer(name, servers) ?? `@opencode/${name}`, input: about }
}

const tools: Readonly<Record<string, string | undefined>> = {
  // No name of a tool is one of an object's own.
  __proto__: null as never,
  bash: 'execute_bash',
  read: 'fs_read',
  edit: 'fs_write',
  write: 'fs_write',
  multiedit: 'fs_write',
  patch: 'fs_write',
  apply_patch: 'fs_write',
}

const names: ReadonlyMap<string, string> = new Map([
  ['filePath', 'file_path'],
  ['oldString', 'old_string'],
  ['newString', 'new_string'],
])

function withOurNames(input: unknown): unknown {
  if (!isObject(input)) return input
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [names.get(name) ?? name, value]))
}

/** `@SERVER/TOOL`, where one of its servers can be told from the name: the longest that it begins with. */
function ofServer(name: string, servers: Iterable<string>): string | undefined {
  const [server] = [...servers]
    .filter((one) => name.startsWith(`${prefix(one)}_`) && name.length > one.length + 1)
    .sort((one, other) => other.length - one.length)
  return server === undefined ? undefined : `@${server}/${name.slice(server.length + 1)}`
}

function prefix(server: string): string {
  return server.replaceAll(/[^a-zA-Z0-9_-]/g, '_')
}
