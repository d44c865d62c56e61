import { isObject } from '../../base/json.ts'
import type { Servers, ServerTool } from '../../mcp/servers.ts'
import type { Style } from '../../text/style.ts'
import { headAndTail } from '../../tools/cap.ts'
import { Refusal } from '../../tools/refusal.ts'
import { revealLines, type ShownLine } from '../../tools/reveal.ts'
import type { Shape } from '../../tools/shape.ts'
import { defineTool, type Tool } from '../../tools/tool.ts'

/** UTF-16 units: of an input that is sent, and of a result that goes to the model. */
const caps = { input: 1_000_000, result: 64_000 }

/**
 * A tool of an MCP server as one of the session's: what is shown is the input as JSON, and rules name it
 * `@server/tool`. What the server says of it, such as that it only reads, is not believed.
 */
export function mcpTool({ name, server, tool }: ServerTool): Tool {
  return defineTool({
    name,
    description: tool.description,
    shape: anyObject(tool.schema),
    claims: 'call',
    async prepare(input) {
      const sent = JSON.stringify(input)
      if (sent.length > caps.input)
        throw new Refusal(`Expected an input of at most ${caps.input} characters, got ${sent.length}`)
      return {
        lines: shown(input, sent),
        claim: { type: 'call', tool: `@${server.name}/${tool.name}`, input: sent },
        async run({ signal }) {
          const { content, status } = await server.call(tool.name, JSON.parse(sent), signal)
          const kept = headAndTail(caps.result)
          kept.add(content)
          return { content: kept.text(), status }
        },
      }
    },
  })
}

/** For `/tools`. */
export async function serverLines(servers: Servers, style: Style): Promise<string[]> {
  const described = await servers.describe()
  return described.flatMap(({ name, state, tools, leftOut }) => [
    `  ${style.bold(`@${name}`)}  ${state}`,
    ...(tools.length > 0 ? [`    ${tools.join(', ')}`] : []),
    ...(leftOut === '' ? [] : [style.dim(`    ${leftOut}`)]),
  ])
}

/** The server checks it, not we: it may know more than the schema says. */
function anyObject(schema: Record<string, unknown>): Shape<Record<string, unknown>> {
  return {
    schema,
    read(value) {
      if (isObject(value)) return value
      throw new Refusal('Expected the input to be an object')
    },
  }
}

/** The very text that is sent, or where it is long the same JSON with a line for each thing. */
function shown(input: Record<string, unknown>, sent: string): ShownLine[] {
  return revealLines(sent.length <= 160 ? sent : JSON.stringify(input, null, 2))
}
