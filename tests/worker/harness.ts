import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { type BedrockServer, startBedrockServer } from '../support/bedrock-server.ts'
import { entry, type Lab, openLab, type Terminal } from '../support/lab.ts'
import { until } from '../support/until.ts'

export const fakeKeys = {
  AWS_ACCESS_KEY_ID: 'AKIAQMUXTESTSECRET01',
  AWS_SECRET_ACCESS_KEY: 'hVerySecretAccessKeyOfATestOnly000000001',
  AWS_REGION: 'us-east-1',
}

export interface BedrockLab extends Lab {
  server: BedrockServer
}

/** A lab whose workers talk to a local server in Bedrock's protocol; `dispose` ends both. */
export async function openBedrockLab(env: NodeJS.ProcessEnv = {}): Promise<BedrockLab> {
  const server = await startBedrockServer()
  const lab = openLab({
    ...fakeKeys,
    Q_MODEL_PROVIDER: 'bedrock',
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: server.url,
    ...env,
  })
  const dispose = async (): Promise<void> => {
    try {
      await lab.dispose()
    } finally {
      await server.close()
    }
  }
  return { ...lab, server, dispose }
}

export interface Said {
  role: string
  text: string
  partial: boolean
}

/** What the store holds of a session, by its name. */
export function said(lab: Lab, name: string): Said[] {
  return query<{ role: string; content: string; partial: number }>(
    lab,
    `SELECT role, content, partial FROM messages JOIN conversations USING (conversation_id)
     WHERE session_name = ? ORDER BY seq`,
    name,
  ).map(({ role, content, partial }) => ({
    role,
    text: JSON.parse(content)
      .map((block: { text?: string }) => block.text ?? '')
      .join(''),
    partial: partial === 1,
  }))
}

export function query<T>(lab: Lab, sql: string, ...values: unknown[]): T[] {
  const db = new Database(lab.database, { readonly: true })
  try {
    return db.prepare<unknown[], T>(sql).all(...values)
  } finally {
    db.close()
  }
}

/** One session as `q mux list --json` has it. */
export async function session(lab: Lab, name: string) {
  const found = (await lab.list('--all')).sessions.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`Expected a session ${name}`)
  return found
}

/** Starts the workspace and waits until its first session, `dev-1`, reads lines. */
export async function startWorkspace(lab: Lab): Promise<void> {
  const started = await lab.q(['mux', '--detach'])
  if (started.code !== 0) throw new Error(started.stderr)
  await promptUp(lab, 'dev-1')
}

/** The names of the workspace's windows. */
export function windowNames(lab: Lab): string[] {
  return lab.tmux('list-windows', '-t', '=q', '-F', '#{window_name}').split('\n')
}

/** The last line on a session's screen is its prompt, with `typed` behind it. */
export async function promptUp(lab: Lab, name: string, typed = '', window = name): Promise<void> {
  await until(
    () =>
      lab
        .screen(`=q:${window}`)
        .trimEnd()
        .endsWith(`[${name}] q>${typed && ` ${typed}`}`),
    {
      what: `the prompt of ${name}`,
    },
  )
}

/** Types a line into a window that shows nothing of it yet, and waits until it was read: lines that are read at once are a paste. */
export async function typeAhead(lab: Lab, name: string, text: string): Promise<void> {
  const { pid } = await session(lab, name)
  const read = (): number => Number(/^rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1])
  const before = read()
  lab.type(`=q:${name}`, text)
  await until(() => read() >= before + text.length + 1, { what: `${text} to be read` })
}

/** The shell words that run this `q`. */
export const q = `${process.execPath} ${entry}`

let shells = 0

/** A shell line in a real terminal of its own. */
export function openShell(lab: Lab, line: string): Terminal {
  shells += 1
  const name = `shell-${shells}`
  const tmux = (...words: string[]): string =>
    execFileSync('tmux', ['-u', '-L', `${lab.socket}-outer`, ...words], {
      env: lab.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const size = ['-x', '100', '-y', '24']
  tmux('-f', '/dev/null', 'new-session', '-d', '-s', name, ...size, '--', 'sh', '-c', `${line}; exec cat`)
  tmux('set-option', '-t', name, 'status', 'off')
  const pane = `=${name}:`
  const keys = (...words: string[]): void => void tmux('send-keys', '-t', pane, ...words)
  return {
    tmux,
    screen: (colours = false) => tmux('capture-pane', '-p', ...(colours ? ['-e'] : []), '-t', pane),
    keys,
    type(text) {
      keys('-l', '--', text)
      keys('Enter')
    },
    resize: (columns, rows) =>
      void tmux('resize-window', '-t', pane, '-x', String(columns), '-y', String(rows)),
  }
}
