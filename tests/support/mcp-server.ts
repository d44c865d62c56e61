// An MCP server for tests, in plain JSON-RPC on standard input and output. `node mcp-server.ts [MODE …]`; the file
// MCP_LOG gets a line for each thing that happens to it.
import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

type Json = Record<string, unknown>

const modes = process.argv.slice(2)
const has = (mode: string): boolean => modes.includes(mode)
const log = (line: string): void => {
  if (process.env.MCP_LOG) appendFileSync(process.env.MCP_LOG, `${line}\n`)
}
const send = (message: Json): void =>
  void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message }).replace('"DEEP"', deep)}\n`)
const text = (words: string): Json => ({ content: [{ type: 'text', text: words }] })

const object = { type: 'object', properties: { text: { type: 'string' } } }
const names = ['echo', 'env', 'roots', 'sampling', 'hang', 'die', 'fail', 'big', 'pictures', 'refuse', 'grow']
const plain = names.map((name) => ({ name, description: `Does ${name}`, inputSchema: object }))
let grown = 0
let asked = 0
const answers = new Map<unknown, (answer: Json) => void>()

/** One good tool among those that would make a model's service refuse everything. */
const levels = 20_000
const deep = `${'{"type":"object","properties":{"a":'.repeat(levels)}{}${'}}'.repeat(levels)}`
const hostile = [
  {
    name: 'good',
    description: 'Reads\u001b]0;x\u0007 \u202ethings',
    inputSchema: object,
    annotations: { readOnlyHint: true },
  },
  { name: 'execute_bash\u0007', inputSchema: object },
  { name: '../../etc', inputSchema: { type: 'string' } },
  { name: 'x'.repeat(10_000), inputSchema: object },
  { name: 'deep', inputSchema: 'DEEP' },
  { name: 'odd', inputSchema: { type: 'object', required: 'text' } },
  { name: 'keys', inputSchema: { type: 'object', properties: { 'a b': {} } } },
  {
    name: 'top',
    inputSchema: { type: 'object', anyOf: [{ required: ['text'] }], properties: object.properties },
  },
  { name: 'good', inputSchema: object },
  { name: 'none' },
  'text',
  null,
]

log(`start ${process.pid}`)
if (has('die-at-start')) {
  process.stderr.write('\u001b]0;title\u0007cannot find the config\n')
  process.exit(3)
}
if (has('deaf')) {
  process.on('SIGTERM', () => log('TERM'))
  const child = spawn(process.execPath, ['-e', "process.on('SIGTERM',()=>{});setInterval(()=>{},1e6)"], {
    stdio: 'ignore',
  })
  log(`child ${child.pid}`)
  setInterval(() => {}, 1e6)
}
if (has('garbage')) process.stdout.write('Welcome!\n{"not": "rpc"}\n\n[1,2\n\u001b]52;c;eA==\u0007\n')
if (has('flood')) setInterval(() => process.stdout.write(`${'x'.repeat(50_000)}\n`.repeat(10)), 1)

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as {
    id?: unknown
    method?: string
    params?: Json
    result?: Json
    error?: Json
  }
  if (message.method === undefined) answers.get(message.id)?.(message.error ?? message.result ?? {})
  else void handle(message.id, message.method, message.params ?? {})
}
log('end of input')

async function handle(id: unknown, method: string, params: Json): Promise<void> {
  if (method !== 'tools/call') log(method)
  if (method === 'initialize') {
    if (has('hang-at-start')) return
    const capabilities = has('no-tools') ? {} : { tools: { listChanged: true } }
    const serverInfo = { name: 'scripted', version: '1' }
    send({ id, result: { protocolVersion: params.protocolVersion, capabilities, serverInfo } })
  } else if (method === 'tools/list') {
    if (has('slow-list')) await new Promise((resolve) => setTimeout(resolve, 1500))
    if (has('hang-list')) return
    send({ id, result: listed(params.cursor) })
  } else if (method === 'tools/call') {
    log(`tools/call ${params.name}`)
    const answer = await call(String(params.name), (params.arguments ?? {}) as Json)
    if (answer?.code) send({ id, error: answer })
    else if (answer) send({ id, result: answer })
  } else if (id !== undefined) send({ id, error: { code: -32601, message: 'unknown method' } })
}

function listed(cursor: unknown): Json {
  if (has('hostile')) return { tools: hostile }
  if (has('thousands')) {
    const tools = Array.from({ length: 5000 }, (_, at) => ({ name: `t${at}`, inputSchema: object }))
    return { tools }
  }
  if (has('huge')) {
    const long = 'long '.repeat(20_000)
    const many = Array.from({ length: 100 }, (_, at) => ({
      name: `h${at}`,
      description: long,
      inputSchema: object,
    }))
    return { tools: [...plain, ...many] }
  }
  const more = Array.from({ length: grown }, (_, at) => ({ name: `grown_${at}`, inputSchema: object }))
  if (!has('pages')) return { tools: [...plain, ...more] }
  return cursor === 'two' ? { tools: plain.slice(6) } : { tools: plain.slice(0, 6), nextCursor: 'two' }
}

async function call(name: string, input: Json): Promise<Json | undefined> {
  switch (name) {
    case 'env':
      return text(JSON.stringify(process.env))
    case 'roots':
    case 'sampling': {
      asked += 1
      const id = `mine-${asked}`
      const answer = new Promise<Json>((resolve) => answers.set(id, resolve))
      if (name === 'roots') send({ id, method: 'roots/list' })
      else send({ id, method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } })
      return text(JSON.stringify(await answer))
    }
    case 'hang':
      return undefined
    case 'die':
      process.stderr.write('out of cheese\n')
      process.exit(7)
      break
    case 'fail':
      return { ...text('it did not work'), isError: true }
    case 'big':
      return text('x'.repeat(1_000_000))
    case 'refuse':
      return { code: -32602, message: 'no such \u001b]52;c;eA==\u0007 thing' }
    case 'pictures':
      return {
        content: [
          { type: 'text', text: 'look:' },
          { type: 'image', data: 'A'.repeat(4000), mimeType: 'image/png' },
          { type: 'resource_link', uri: 'file:///a', name: 'a' },
          { type: 'resource', resource: { uri: 'file:///b', text: 'inside b' } },
          { type: 'hologram' },
        ],
      }
    case 'grow':
      grown += 1
      send({ method: 'notifications/tools/list_changed' })
      return text('grown')
    default:
      return text(`${name}: ${JSON.stringify(input)}`)
  }
  return undefined
}
