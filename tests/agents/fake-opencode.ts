// Stands in for opencode in tests of its adapter: the server alone, for the password of its environment. What it is to say
// stands on its standard input, a line each: `event JSON`, `answer "GET /path" STATUS JSON`, `drop` (its event streams end). On its
// standard output it says what it is asked.
import { createServer, type ServerResponse } from 'node:http'
import { createInterface } from 'node:readline'

const flag = (name: string): string => process.argv[process.argv.indexOf(name) + 1] ?? ''
const { OPENCODE_SERVER_USERNAME: user, OPENCODE_SERVER_PASSWORD: password } = process.env
const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
const streams = new Set<ServerResponse>()
const answers = new Map<string, { status: number; body: string }>(
  Object.entries({
    'GET /session/status': '{}',
    'GET /permission': '[]',
    'GET /question': '[]',
    'GET /mcp': '{"files":{"status":"connected"},"my.files":{"status":"connected"}}',
    'POST /tui/select-session': 'true',
  }).map(([asked, body]) => [asked, { status: 200, body }]),
)

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const asked = `${request.method} ${request.url?.replace(/\?.*/, '')}`
  if (request.headers.authorization !== expected) return respond(response, 401, '{}')
  if (asked === 'GET /event') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(eventOf({ type: 'server.connected', properties: {} }))
    streams.add(response)
    response.on('close', () => streams.delete(response))
    return
  }
  console.log(`${asked} ${body}`.trim())
  const { status, body: text } = answers.get(asked) ?? { status: 404, body: '{}' }
  respond(response, status, text)
})

function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(status === 204 ? undefined : body)
}

function eventOf(event: unknown): string {
  return `data: ${JSON.stringify(event)}\n\n`
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const [, what = '', rest = ''] = /^(\w+) ?(.*)$/s.exec(line) ?? []
  if (what === 'event') for (const stream of streams) stream.write(eventOf(JSON.parse(rest)))
  if (what === 'drop') for (const stream of streams) stream.destroy()
  if (what === 'answer') {
    const [, asked = '', status, body = ''] = /^"([^"]+)" (\d+) ?(.*)$/s.exec(rest) ?? []
    answers.set(asked, { status: Number(status), body })
    console.log('set')
  }
})

server.listen(Number(flag('--port')), flag('--hostname'), () => console.log('listens'))
