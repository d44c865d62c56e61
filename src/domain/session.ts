export const sessionTypes = ['Debug', 'Planning', 'Development', 'CodeReview'] as const
export type SessionType = (typeof sessionTypes)[number]

/** The words of the store, of `--json` and of `/sessions`. */
export const sessionStatuses = ['Active', 'WaitingForInput', 'Processing', 'Paused', 'Completed'] as const
export type SessionStatus = (typeof sessionStatuses)[number]

/** What a live worker says of itself in its status file. */
export const workerStates = ['starting', 'waiting', 'processing', 'exited'] as const
export type WorkerState = (typeof workerStates)[number]

/** `input`: your turn. `approval`: a tool wants a yes. `error`: the turn failed and wants a decision. */
export const waitingReasons = ['input', 'approval', 'error'] as const
export type WaitingFor = (typeof waitingReasons)[number]

/** How soon somebody is needed, 0 for at once: a question stops work, a failure wants a decision, an answer can be read later. */
export function urgencyOf(waitingFor: WaitingFor | null): number {
  return { approval: 0, error: 1, input: 2 }[waitingFor ?? 'input']
}

/** Whose choice a name or a type was: what a user chose, no automatic naming changes. */
export type ChoiceSource = 'auto' | 'user'

/** A process, told apart from a later one with the same pid by when it started (the kernel's own words). */
export interface ProcessId {
  pid: number
  startTime: string
}

/** Another agent whose own program runs in a session. */
export interface SessionAgent {
  /** `claude`, or what the user calls one of theirs. */
  name: string
  /** The user's own arguments for it. */
  args: readonly string[]
  /** Its own id of the conversation; null until it told one. */
  conversation: string | null
}

/** A conversation as the store has it. */
export interface Session {
  id: string
  /** What `isName` takes, checked before it was kept: it is shown as it is. */
  name: string
  nameSource: ChoiceSource
  type: SessionType
  typeSource: ChoiceSource
  status: SessionStatus
  /** Why it waited when last heard of; null if it did not. */
  waitingFor: WaitingFor | null
  /** ms since the epoch of the last change of `status`. */
  since: number
  /** What it waits for, in words: one line for people. */
  detail: string
  /** When what was used up is there again, in ms since the epoch; null where that is not known. */
  until: number | null
  /** null for a conversation of a plain `q chat`. */
  workspace: string | null
  /** Order among the workspace's windows. */
  position: number
  cwd: string
  /** The model that was chosen for it; null: the one of the configuration. */
  model: string | null
  /** null: our own chat. */
  agent: SessionAgent | null
  /** ms since the epoch. */
  lastActive: number
  messages: number
  /** How many of the messages are prompts. */
  turns: number
  /** The process that has the conversation open, if it did not end without saying so. */
  owner: ProcessId | null
}

/** `debug`, `Debug`, `codereview`, `code-review`, `review` → the type; undefined if it is none. */
export function parseSessionType(word: string): SessionType | undefined {
  const plain = word.toLowerCase().replaceAll(/[-_\s]/g, '')
  return plain === ''
    ? undefined
    : sessionTypes.find((type) => type.toLowerCase() === plain || shortTypes[type] === plain)
}

/** The word that starts a name nobody has chosen yet: `dev-1`, `debug-2`. */
export const shortTypes: Record<SessionType, string> = {
  Debug: 'debug',
  Planning: 'plan',
  Development: 'dev',
  CodeReview: 'review',
}
