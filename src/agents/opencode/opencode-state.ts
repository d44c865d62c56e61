import { isObject, type JsonObject } from '../../base/json.ts'
import type { OpencodeEvents } from './opencode-events.ts'
import type { OpencodeServer } from './opencode-server.ts'

/** Messages of a conversation that are looked at, its last ones. */
const maxMessages = 8

/**
 * What was missed while nobody heard its events, before it was found or while it was away: as if they had come.
 * @throws NotThere
 */
export async function catchUp(server: OpencodeServer, events: OpencodeEvents): Promise<void> {
  const [statuses, permissions, questions, servers] = await Promise.all(
    ['/session/status', '/permission', '/question', '/mcp'].map((path) => server.get(path)),
  )
  if (isObject(servers)) for (const name of Object.keys(servers)) hear('mcp.tools.changed', { server: name })
  const busy = isObject(statuses) ? statuses : {}
  if (events.conversation() === undefined) await findConversation(Object.keys(busy))
  const asked = [...objects(permissions), ...objects(questions)].map(({ id }) => id)
  events.settleOthers(asked)
  const id = events.conversation()
  if (id !== undefined) await hearMessages(id)
  for (const permission of objects(permissions)) hear('permission.asked', permission)
  for (const question of objects(questions)) hear('question.asked', question)

  /** Only what works tells that it is this program's: what rests may be of any that ever ran in this directory. */
  async function findConversation(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const info = await server.get(`/session/${encodeURIComponent(id)}`)
      if (isObject(info)) hear('session.created', { info })
    }
  }

  async function hearMessages(id: string): Promise<void> {
    const status = busy[id]
    if (isObject(status)) hear('session.status', { sessionID: id, status })
    const path = `/session/${encodeURIComponent(id)}`
    const messages = objects(await server.get(`${path}/message?limit=${maxMessages}`))
    for (const { info, parts } of messages) {
      hear('message.updated', { info })
      for (const part of objects(parts)) hear('message.part.updated', { part })
    }
    if (isObject(status)) return
    events.missedWork()
    const last = messages.at(-1)?.info
    if (isObject(last) && isObject(last.error)) hear('session.error', { sessionID: id, error: last.error })
    hear('session.idle', { sessionID: id })
  }

  function hear(type: string, properties: JsonObject): void {
    events.hear({ type, properties })
  }
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
