import type { GivenNames } from '../domain/session-name.ts'
import type { Store } from './store.ts'

/** The names that sessions of a workspace have borne, or with null all sessions; `but`: those of this one are free for it. */
export function borneNames(store: Store, workspace: string | null, but = ''): GivenNames {
  const where = workspace === null ? '' : 'AND workspace = @workspace'
  const bearer = store.db.prepare(
    `SELECT 1 FROM names WHERE name = @name ${where} AND conversation_id <> @but LIMIT 1`,
  )
  const highest = store.db.prepare<unknown[], { number: number | null }>(
    `SELECT max(number) AS number FROM names WHERE stem = @stem ${where}`,
  )
  return {
    taken: (name) => bearer.get({ name, workspace, but }) !== undefined,
    highest: (stem) => highest.get({ stem, workspace })?.number ?? 0,
  }
}

/**
 * The id of the session that took a name last in this workspace (null: among the plain chats), or `elsewhere` where none
 * did. That is whom the name means as long as nobody is called so now.
 */
export function lastBearer(
  store: Store,
  name: string,
  workspace: string | null,
  elsewhere = false,
): string | undefined {
  const row = store.read((db) =>
    db
      .prepare<unknown[], { id: string }>(
        `SELECT conversation_id AS id FROM names WHERE name = @name ${elsewhere ? '' : 'AND workspace = @workspace'}
         ORDER BY workspace = @workspace DESC, taken DESC LIMIT 1`,
      )
      .get({ name, workspace: workspace ?? '' }),
  )
  return row?.id
}

/** The names in a workspace that begin so, each with the session that it means as long as nobody else is called so. */
export function namesBegunBy(store: Store, begun: string, workspace: string): { name: string; id: string }[] {
  return store.read((db) =>
    db
      .prepare<unknown[], { name: string; id: string }>(
        // SQLite takes the other columns from the row of the maximum.
        `SELECT name, conversation_id AS id, max(taken) FROM names
         WHERE name >= @begun AND name < @end AND workspace = @workspace GROUP BY name ORDER BY name`,
      )
      .all({ begun, end: endOf(begun), workspace }),
  )
}

/** What comes behind all texts that begin so, in SQLite's order. */
export function endOf(begun: string): string {
  return `${begun}\u{10ffff}`
}
