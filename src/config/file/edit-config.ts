import { readlink, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describeError, errorCode, exitCode, UserError } from '../../base/errors.ts'
import { replaceFile } from '../../base/replace-file.ts'
import { checkText } from '../checks/check-values.ts'
import { problemsError } from '../checks/config-problems.ts'
import { type FileValues, readValues } from '../checks/config-values.ts'
import { type RuleCheck, ruleProblems } from '../checks/rule-problems.ts'
import { namedSections } from '../checks/servers-and-agents.ts'
import { createDirectories } from '../paths/directories.ts'
import type { SettingKey, Value } from '../settings.ts'
import { type ConfigText, readConfigText } from './config-text.ts'
import { type Parsed, withoutValue, withValue } from './edit-text.ts'
import { parseSettingKey } from './list-settings.ts'
import { mergeValues } from './merge.ts'

/** What an edit did. */
export interface Edited {
  key: SettingKey
  /** What the file says now; undefined if it says nothing, or that the text is not set. */
  value: Value
  /** False if the file said so already; it is not written then. */
  changed: boolean
}

/**
 * `q config set`: puts `text` as the value of `key` into the file, and keeps its comments, order, line ends and mode. A
 * missing file is created 0600, a missing directory 0700. A file that is a link stays one: its target is written.
 * @throws UserError (exit 2), the file untouched, if the key or the value is wrong or the file is not TOML; (exit 1) if
 * it cannot be written.
 */
export async function setValue(file: string, key: string, text: string, check?: RuleCheck): Promise<Edited> {
  const known = editableKey(file, key)
  const checked = checkText(known, text)
  if (!checked.ok) {
    const words = `key "${known}" ${checked.words}`
    throw problemsError(file, [{ line: undefined, words, hint: checked.hint, keys: [known] }])
  }
  const { value } = checked
  const wrong = check
    ? await ruleProblems(new Map([[known, { value, line: 0, itemLines: [] }]]), new Map(), check)
    : []
  if (wrong.length > 0)
    throw problemsError(
      file,
      wrong.map((one) => ({ ...one, line: undefined })),
    )
  return edit(file, known, value, (parsed) => withValue(parsed, known, literal(value)))
}

/**
 * Takes a key out of the file, so that its default is in force again.
 * @throws UserError as `setValue` does.
 */
export async function unsetValue(file: string, key: string): Promise<Edited> {
  const known = editableKey(file, key)
  return edit(file, known, undefined, (parsed) => withoutValue(parsed, known))
}

function editableKey(file: string, key: string): SettingKey {
  const named = namedSections.find(({ section }) => key.startsWith(`${section}.`))
  if (!named) return parseSettingKey(key)
  throw new UserError(`${named.title}s are not changed from here`, {
    hint: `Write [${named.section}.NAME] in ${file}.`,
    exit: exitCode.usage,
  })
}

async function edit(
  file: string,
  key: SettingKey,
  value: Value,
  change: (parsed: Parsed) => string | undefined,
): Promise<Edited> {
  const before: ConfigText = (await readConfigText(file)) ?? { text: '', mark: '', mode: 0o600 }
  const found = await readValues(before.text)
  if (found.document === undefined) throw problemsError(file, found.problems)
  const after = change({ text: before.text, document: found.document })
  if (after === before.text) return { key, value, changed: false }
  if (after === undefined || !says(await readValues(after), file, key, value)) {
    throw new UserError(`${file} cannot be edited without disturbing what else it says`, {
      hint: `Open it in an editor and change "${key}" there.`,
    })
  }
  await write(file, before, after)
  return { key, value, changed: true }
}

/** Whether the new text says what was asked; throws if that clashes with something else, as two actions on one key do. */
function says(found: FileValues, file: string, key: SettingKey, value: Value): boolean {
  const clashes = mergeValues({ file: found.values, environment: new Map() }).problems.filter(({ keys }) =>
    keys.includes(key),
  )
  // A line of the new text would mislead: the file on the disk has no such line.
  if (clashes.length > 0)
    throw problemsError(
      file,
      clashes.map((clash) => ({ ...clash, line: undefined })),
    )
  return found.document !== undefined && isDeepStrictEqual(found.values.get(key)?.value, value)
}

async function write(file: string, before: ConfigText, text: string): Promise<void> {
  try {
    const target = await targetOf(file)
    await createDirectories(dirname(target))
    replaceFile(target, before.mark + text, before.mode)
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError(`${file} cannot be written: ${describeError(cause)}`, {
      hint: 'It is as it was. Mend the permissions of its directory, or make room on the disk.',
      cause,
    })
  }
}

/** Where links lead, also where the last one leads to a file that does not exist yet. */
async function targetOf(file: string): Promise<string> {
  try {
    return await realpath(file)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  try {
    const link = await readlink(file)
    return await targetOf(resolve(await realpath(dirname(file)), link))
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EINVAL') return file
    throw error
  }
}

/** A value in TOML. JSON writes the same, because no setting takes control characters. */
function literal(value: Value): string {
  return JSON.stringify(value ?? '')
}
