import { isAbsolute, join, resolve } from 'node:path'
import { UserError } from '../../base/errors.ts'
import { attachmentBlock } from '../../domain/attachment.ts'
import type { Block } from '../../domain/message.ts'
import { escapedPath, referencesIn, unescaped } from '../../domain/path-reference.ts'
import type { KeptBack } from '../../domain/sensitive.ts'
import type { Session } from '../../domain/session.ts'
import { sessionReferences } from '../../domain/session-reference.ts'
import { bytes, oneLine } from '../../text/plain-text.ts'
import type { NamedPath } from './path-files.ts'
import {
  listSessionFiles,
  maxAttachmentBytes,
  parseSessionPath,
  readSessionFile,
  resolveSessionPath,
} from './session-files.ts'

const prefix = '@session/'

/** How many files may go with one prompt. */
const most = 10

/** What a worker asks of its session's files. `keptBack` keeps some from what the user did not type. */
export function promptFilesOf(session: Session, home: string | undefined, keptBack?: KeptBack) {
  return { attach, complete, path }

  /** @throws UserError when a file is not there or may not be read, or there are too many: the prompt is not sent then */
  async function attach(prompt: string, by: 'typed' | 'sent') {
    const own = sessionReferences(prompt)
    const named = await pathsIn(prompt, by)
    const number = own.length + named.filter(({ attachment }) => attachment).length
    if (number > most)
      throw new UserError(`the prompt names ${number} files; the most is ${most}`, {
        hint: `each may have ${maxAttachmentBytes / 1000} kB; what is longer is cut`,
      })
    const blocks: Block[] = []
    const notes: string[] = []
    for (const name of own) {
      const file = await readSessionFile(session, name)
      blocks.push(attachmentBlock(file))
      notes.push(`with ${oneLine(file.path)}, ${bytes(file.size)}`)
    }
    for (const { attachment, note } of named) {
      if (attachment) blocks.push(attachmentBlock(attachment))
      notes.push(note)
    }
    return { blocks, notes }
  }

  /** Most prompts name none: what reads them is loaded by the first that may. */
  async function pathsIn(prompt: string, by: 'typed' | 'sent'): Promise<NamedPath[]> {
    if (referencesIn(prompt).next().done) return []
    return (await import('./path-files.ts')).readPaths(prompt, session.cwd, by === 'sent', keptBack)
  }

  /** A completion has nowhere to complain: where it may not look, there is nothing. */
  async function complete(word: string): Promise<string[]> {
    if (!word.startsWith(prefix)) {
      const { completeReference } = await import('./path-files.ts')
      return [
        ...(prefix.startsWith(word) ? [prefix] : []),
        ...(await completeReference(session.cwd, home, word)),
      ]
    }
    const [, directory = '', start = ''] =
      /^(.*\/)?([^/]*)$/s.exec(unescaped(word.slice(prefix.length))) ?? []
    try {
      const names = await listSessionFiles(session, directory === '' ? [] : parseSessionPath(directory))
      return names
        .filter((name) => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
        .map((name) => `${directory}${name}`)
        .filter((path) => sessionReferences(`${prefix}${escapedPath(path)}`)[0] === path)
        .map((path) => `${prefix}${escapedPath(path)}`)
        .sort()
    } catch (error) {
      if (error instanceof UserError) return []
      throw error
    }
  }

  async function path(name: string, purpose: 'read' | 'write'): Promise<string> {
    if (name.startsWith(prefix))
      return resolveSessionPath(session, name.slice(prefix.length), purpose === 'write')
    if (name.includes('\0')) throw new UserError('a file has no NUL in its name')
    if (name === '~' || name.startsWith('~/')) {
      if (!home)
        throw new UserError('HOME is not set, so that ~ means nothing', { hint: 'name the whole path' })
      return join(home, name.slice(1))
    }
    return isAbsolute(name) ? name : resolve(session.cwd, name)
  }
}
