import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorCode } from '../../base/errors.ts'
import { isObject, parseJson } from '../../base/json.ts'
import type { Operations } from './operations.ts'

/** Where what a file held stands while it is written, for as long as the process that writes it may be killed. */
export interface Copies {
  directory: string
  /** Begins the names of this process's copies, without a `/`: who finds one later can tell that it is gone. */
  owner: string
  /** Puts back what killed processes left half written; a line for people for each. */
  mend(): Promise<string[]>
}

/** For a program that leaves its copies to the person who finds them. */
export function temporaryCopies(): Copies {
  return { directory: tmpdir(), owner: 'q-mux-write', mend: async () => [] }
}

export interface Change {
  /** Absolute, without links. */
  path: string
  before: Buffer
  after: Buffer
}

/** A copy on the disk; `path` is what the file held, byte for byte. */
export interface Copy {
  path: string
  drop(): Promise<void>
}

type Files = Operations['fs']

/** A directory of its own, with what the file held, what it will hold, and last of all its path. */
export async function keepCopy(
  fs: Files,
  { directory, owner }: Copies,
  { path, before, after }: Change,
): Promise<Copy> {
  await fs.mkdir(directory, { recursive: true, mode: 0o700 })
  const place = await fs.mkdtemp(join(directory, `${owner}.`))
  const drop = () => fs.rm(place, { recursive: true, force: true })
  try {
    await Promise.all([put(fs, join(place, 'before'), before), put(fs, join(place, 'after'), after)])
    await put(fs, join(place, 'about.json'), Buffer.from(JSON.stringify({ path })))
  } catch (error) {
    await drop()
    throw error
  }
  return { path: join(place, 'before'), drop }
}

/** undefined: the copy was not whole yet, so that the file had not been touched. */
export async function readCopy(fs: Files, place: string): Promise<Change | undefined> {
  const text = await fs.readFile(join(place, 'about.json'), 'utf8').catch(nothing)
  const about = parseJson(text)
  if (!isObject(about) || typeof about.path !== 'string') return undefined
  const [before, after] = await Promise.all([
    fs.readFile(join(place, 'before')),
    fs.readFile(join(place, 'after')),
  ])
  return { path: about.path, before, after }
}

function nothing(error: unknown): string {
  if (errorCode(error) === 'ENOENT') return ''
  throw error
}

async function put(fs: Files, path: string, content: Buffer): Promise<void> {
  const file = await fs.open(path, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}
