import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:http2'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface BedrockProcess {
  /** What AWS_ENDPOINT_URL_BEDROCK_RUNTIME takes. */
  url: string
  /** Lets every prompt that said `hold` go on. */
  release(): Promise<void>
  close(): Promise<void>
}

/** The server in a process of its own, so that what it costs is not counted in the caller's. */
export async function spawnBedrockServer(): Promise<BedrockProcess> {
  const { url, close } = await spawnServer('bedrock-server.ts')
  return { url, release: () => releaseHeld(url), close }
}

/** A server of this folder that says its address first, in a process of its own. */
export async function spawnServer(file: string): Promise<{ url: string; close(): Promise<void> }> {
  const script = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [script, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  return { url: await firstLine(child), close: () => end(child) }
}

/** `POST /control/release` in the HTTP/2 that the server speaks. */
export async function releaseHeld(url: string): Promise<void> {
  const session = connect(url)
  const stream = session.request({ ':method': 'POST', ':path': '/control/release' }).resume()
  stream.end()
  await once(stream, 'close')
  session.close()
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('Expected a pipe from the server')
  for await (const line of createInterface({ input: child.stdout })) return line
  throw new Error(`The server ended before it said its address (exit ${child.exitCode})`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}
