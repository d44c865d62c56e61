import { isObject, parseJson } from '../base/json.ts'
import { type WaitingFor, type WorkerState, waitingReasons, workerStates } from '../domain/session.ts'
import { isName } from '../domain/session-name.ts'
import { type Declared, declarations, type WorkerStatus } from '../domain/worker-status.ts'
import { oneLine } from '../text/plain-text.ts'

const statusVersion = 1

/** A status file's session id, which is also its file name; anything else never becomes part of a path. */
export const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export type Parsed = { ok: true; status: WorkerStatus } | { ok: false; problem: string }

/** Reads a status file's text, which anybody may have written. Unknown fields are left out. */
export function parseStatus(text: string, id: string): Parsed {
  const fields = parseJson(text)
  if (fields === undefined) return refuse('it is not JSON')
  if (!isObject(fields)) return refuse('it is not a JSON object')
  if (fields.v !== statusVersion)
    return refuse(
      `its version is ${oneLine(JSON.stringify(fields.v) ?? 'missing', 20)}, not ${statusVersion}`,
    )
  if (fields.session !== id) return refuse('"session" is not the file\'s name')
  const { name, state, since, pid, startTime, window = null } = fields
  if (typeof name !== 'string' || !isName(name)) return refuse('"name" is not a session name')
  if (!isOneOf<WorkerState>(state, workerStates))
    return refuse(`"state" is not one of ${workerStates.join(', ')}`)
  const waitingFor = state === 'waiting' ? (fields.waitingFor ?? 'input') : null
  if (waitingFor !== null && !isOneOf<WaitingFor>(waitingFor, waitingReasons))
    return refuse(`"waitingFor" is not one of ${waitingReasons.join(', ')}`)
  if (typeof since !== 'number' || !Number.isFinite(since)) return refuse('"since" is not a number')
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0)
    return refuse('"pid" is not a process id')
  if (typeof startTime !== 'string' || startTime.length > 100) return refuse('"startTime" is not a text')
  if (window !== null && !(typeof window === 'string' && /^@\d{1,9}$/.test(window)))
    return refuse('"window" is not a tmux window id')
  const detail = typeof fields.detail === 'string' ? oneLine(fields.detail) : ''
  const turn =
    typeof fields.turn === 'number' && Number.isSafeInteger(fields.turn) && fields.turn >= 0 ? fields.turn : 0
  const status = {
    v: 1 as const,
    session: id,
    name,
    state,
    waitingFor,
    since,
    pid,
    startTime,
    window,
    detail,
    turn,
  }
  return {
    ok: true,
    status: {
      ...status,
      ...(isMoment(fields.until) ? { until: fields.until } : {}),
      ...(isWord(fields.agent) ? { agent: fields.agent } : {}),
      ...(isDeclarations(fields.declares) ? { declares: fields.declares } : {}),
    },
  }
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9][a-z0-9_-]{0,31}$/.test(value)
}

function isDeclarations(value: unknown): value is Declared[] {
  return Array.isArray(value) && value.every((word) => isOneOf<Declared>(word, declarations))
}

function isMoment(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}

function refuse(problem: string): Parsed {
  return { ok: false, problem }
}

function isOneOf<T extends string>(value: unknown, words: readonly T[]): value is T {
  return words.some((word) => word === value)
}
