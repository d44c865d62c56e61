// The one door to the MCP SDK, only ever loaded with import(): it is 0.4 MB, and most sessions start no server.

export type { StandardSchemaV1, Transport } from '@modelcontextprotocol/client'
export { Client, deserializeMessage, serializeMessage } from '@modelcontextprotocol/client'
export { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv'
