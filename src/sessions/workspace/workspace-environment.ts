import { agents } from '../../agents/agents.ts'
import { record, text } from '../../base/checked-json.ts'
import { readOwn, writeOwn } from '../../config/paths/own-file.ts'

type Variables = Record<string, string>

const matters =
  /^(AWS_\w+|XDG_\w+|Q_(?!RUNTIME$)\w+|OPENAI_\w+|OLLAMA_\w+|LC_\w+|LANG|LANGUAGE|PATH|HOME|NO_COLOR|FORCE_COLOR|COLORTERM|EDITOR|VISUAL|PAGER|SSH_AUTH_SOCK|NODE_EXTRA_CA_CERTS|https?_proxy|all_proxy|no_proxy|HTTPS?_PROXY|ALL_PROXY|NO_PROXY)$/

/** What workers go by, and the agents whose programs some of them run. */
function isKept(name: string): boolean {
  return matters.test(name) || agents.some(({ variables }) => variables.test(name))
}

/** The part of an environment that reaches the workers of a workspace. */
function environmentThatMatters(env: NodeJS.ProcessEnv): Variables {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => isKept(entry[0]) && entry[1] !== undefined,
    ),
  )
}

/**
 * Keeps the caller's environment for the workspace's workers, as a private file: an argument list or tmux's own
 * environment would show secrets to others.
 */
export async function saveEnvironment(file: string, env: NodeJS.ProcessEnv): Promise<void> {
  writeOwn(file, `${JSON.stringify(environmentThatMatters(env))}\n`)
}

/**
 * `env` as the last `q mux` call had it: what matters is replaced, a variable that was not set there is unset. `say`: hears of
 * a file that cannot be read.
 */
export async function savedEnvironment(
  file: string,
  env: NodeJS.ProcessEnv,
  say?: (line: string) => void,
): Promise<NodeJS.ProcessEnv> {
  const saved = read(file, say)
  if (!saved) return env
  const rest = Object.entries(env).filter(([name]) => !isKept(name))
  return { ...Object.fromEntries(rest), ...saved }
}

/** What a command about a workspace that runs brings along. */
export interface CallerEnvironment {
  env: NodeJS.ProcessEnv
  /** What a shell in a pane of the workspace has of its tmux server: nobody chose that in this shell. */
  inherited: ReadonlyMap<string, string>
  /** The workspace's variables are forgotten, and those of the caller take their place. */
  replaces: boolean
}

/**
 * The environment of a command about a workspace that runs: its data lies where the workspace's own XDG_* say. Other
 * variables of the workspace are beneath the caller's own.
 */
export async function workspaceEnvironment(
  file: string,
  { env, inherited, replaces }: CallerEnvironment,
): Promise<NodeJS.ProcessEnv> {
  const saved = read(file)
  if (!saved) return env
  const isOwn = ([name, value]: [string, string | undefined]): boolean =>
    replaces || !isKept(name) || inherited.get(name) !== value
  const isPlace = ([name]: [string, unknown]): boolean => /^XDG_\w+_(HOME|DIR)$/.test(name)
  const entries = Object.entries(saved)
  return {
    ...Object.fromEntries(replaces ? [] : entries),
    ...Object.fromEntries(Object.entries(env).filter((entry) => !isPlace(entry) && isOwn(entry))),
    ...Object.fromEntries(entries.filter(isPlace)),
  }
}

function read(file: string, say?: (line: string) => void): Variables | undefined {
  return readOwn(file, record(text), 'q mux writes it again', say)
}

/** Makes an environment this process's own: libraries read it there. */
export function becomeEnvironment(env: NodeJS.ProcessEnv, own: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(own)) if (env[name] === undefined) delete own[name]
  for (const [name, value] of Object.entries(env)) if (value !== undefined) own[name] = value
}
