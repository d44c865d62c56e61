import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CallPlace } from '../../src/tools/files/call-place.ts'
import type { Prepared, RunContext, Tool } from '../../src/tools/tool.ts'

/** A directory with these files, gone after the test. `base`: below it; the tests' own is closed to other users where HOME is. */
export function project(files: Record<string, string | Uint8Array> = {}, base = tmpdir()): string {
  const directory = realpathSync(mkdtempSync(join(base, 'q-tools-')))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), content)
  }
  return directory
}

export function context(changes: Partial<RunContext> = {}): RunContext {
  return { signal: new AbortController().signal, onOutput: () => {}, env: process.env, ...changes }
}

export async function ready(tool: Tool, input: unknown, place: CallPlace) {
  const prepared = await tool.prepare(input, place)
  if (prepared.type === 'refused') throw new Error(`Expected it to be ready, got: ${prepared.content}`)
  return prepared
}

export async function refusal(tool: Tool, input: unknown, place: CallPlace): Promise<string> {
  const prepared: Prepared = await tool.prepare(input, place)
  if (prepared.type === 'ready') throw new Error('Expected a refusal')
  return prepared.content
}

export async function run(tool: Tool, input: unknown, place: CallPlace, changes: Partial<RunContext> = {}) {
  return (await ready(tool, input, place)).run(context(changes))
}

export const shown = ({ lines }: { lines: { text: string }[] }) => lines.map(({ text }) => text).join('\n')
