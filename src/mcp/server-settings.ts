/** What a session hands to its servers. */
export interface McpDeps {
  /** Their working directory, and the root that they are told of. */
  cwd(): string
  /** Without the user's secrets. */
  environment(): Record<string, string>
  lists: KeptLists
  /** One line for people, safe for a terminal. */
  say(line: string): void
  /** In ms. */
  timeouts?: Partial<McpTimeouts> | undefined
}

export interface McpTimeouts {
  /** From the start of a process to the end of the handshake; `npx` may fetch the server first. */
  start: number
  /** For the list of its tools. */
  list: number
  /** How long a turn waits for servers that nobody has ever asked for their tools. */
  turn: number
  /** Without a call: then the process ends. */
  idle: number
}

export const usualTimeouts: McpTimeouts = { start: 60_000, list: 15_000, turn: 5000, idle: 300_000 }

/** Where lists of tools are kept from session to session, each as a text by a key of hex digits. */
export interface KeptLists {
  /** What `isKept` says yes to, as it was written; undefined: there is none. */
  read(key: string): Promise<unknown>
  write(key: string, text: string): Promise<void>
  /** Runs `work` while no other session runs work for that key. @throws when it has to wait for very long */
  alone(key: string, work: () => Promise<void>): Promise<void>
}
