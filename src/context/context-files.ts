import { join, relative } from 'node:path'
import { isInside } from '../base/is-inside.ts'
import type { KeptBack } from '../domain/sensitive.ts'
import { wildcard } from '../text/wildcard.ts'
import { type ContextChange, means } from './changes.ts'
import { filesBelow } from './files-below.ts'
import { createFileReader, type ReadText } from './read-context-file.ts'
import { tokensIn } from './token-estimate.ts'

/** A file that a model gets, whole or its beginning. */
export interface ContextFile {
  /** As people and the model see it: relative to the working directory, or absolute outside of it. */
  name: string
  text: string
  /** Bytes of the whole file. */
  size: number
  cut: boolean
  tokens: number
  added: boolean
}

export interface ContextFiles {
  kept: ContextFile[]
  left: { name: string; why: string }[]
}

/** The files that every model gets unless the user says otherwise, the most important first. */
const usualFiles = ['AGENTS.md', 'AmazonQ.md', 'README.md'] as const
const usualRules = '.amazonq/rules'

/** Why a file is left out that the user took out. */
export const removedByUser = 'removed by you'

/** More files than this do not go along. */
const maxFiles = 100

/**
 * Finds and reads a session's context files; those that did not change are not read again. What does not fit `room`
 * tokens is left out: README.md and rules before what the user added, and the last before the first.
 */
export function createContextFiles(cwd: string, keptBack: KeptBack = async () => undefined) {
  const read = createFileReader()

  return async (changes: readonly ContextChange[], room: number): Promise<ContextFiles> => {
    const left: ContextFiles['left'] = []
    const found: ContextFile[] = []
    const seen = new Set<string>()
    for (const { path, inside, added } of await candidates(cwd, changes)) {
      const name = nameOf(cwd, path)
      if (found.length === maxFiles) {
        left.push({ name, why: `more than ${maxFiles} files` })
        continue
      }
      const file = await read(path, inside)
      const removed = lastWord(changes, path) === 'remove'
      if (file.type === 'absent') {
        if (added && !removed) left.push({ name, why: 'is not there' })
      } else if (removed) left.push({ name, why: removedByUser })
      else if (file.type === 'left') left.push({ name, why: file.why })
      else if (!seen.has(file.real)) {
        const why = await keptBack({ ...file, path })
        if (why !== undefined) {
          left.push({ name, why })
          continue
        }
        seen.add(file.real)
        found.push(fileOf(name, file, added))
      }
    }
    return fitting(found, left, room)
  }
}

/** A path as it is shown. */
export function nameOf(cwd: string, path: string): string {
  return isInside(cwd, path) ? relative(cwd, path) : path
}

interface Candidate {
  path: string
  /** What was only found must not lead out of here; what the user named by its path may lead anywhere. */
  inside: string | undefined
  added: boolean
}

async function candidates(cwd: string, changes: readonly ContextChange[]): Promise<Candidate[]> {
  const rules = (await filesBelow(join(cwd, usualRules))).filter((name) => name.endsWith('.md'))
  const usual = [
    ...usualFiles.slice(0, 2),
    ...rules.map((name) => `${usualRules}/${name}`),
    ...usualFiles.slice(2),
  ]
  const paths = new Map<string, Candidate>(
    usual.map((name) => [join(cwd, name), { path: join(cwd, name), inside: cwd, added: false }]),
  )
  for (const change of changes) {
    if (change.action === 'remove') continue
    for (const found of await matching(change))
      if (!paths.has(found.path) || found.inside === undefined) paths.set(found.path, found)
  }
  return [...paths.values()]
}

/** The files that a change means, whatever they are. */
async function matching({ path, glob }: ContextChange): Promise<Candidate[]> {
  if (glob === undefined) return [{ path, inside: undefined, added: true }]
  const names = (await filesBelow(path)).filter(wildcard(glob) ?? (() => false))
  return names.map((name) => ({ path: join(path, name), inside: path, added: true }))
}

function lastWord(changes: readonly ContextChange[], path: string): ContextChange['action'] | undefined {
  return changes.findLast((change) => means(change, path))?.action
}

function fileOf(name: string, { text, size, cut }: ReadText, added: boolean): ContextFile {
  return { name, text, size, cut, tokens: tokensIn(text) + 20, added }
}

function fitting(found: ContextFile[], left: ContextFiles['left'], room: number): ContextFiles {
  const kept = new Set<ContextFile>()
  let used = 0
  for (const file of [...found.filter(({ added }) => added), ...found.filter(({ added }) => !added)]) {
    if (used + file.tokens <= room) {
      used += file.tokens
      kept.add(file)
    } else left.push({ name: file.name, why: 'too long for what is left of the room for files' })
  }
  return { kept: found.filter((file) => kept.has(file)), left }
}
