import { stat } from 'node:fs/promises'
import { errorCode, UserError } from '../../base/errors.ts'
import { absolute, means, parsePattern } from '../../context/changes.ts'
import { type ContextFile, type ContextFiles, nameOf } from '../../context/context-files.ts'
import { createFileReader, type ReadFile, type ReadText } from '../../context/read-context-file.ts'
import type { ContextChangeRecord } from '../../store/model-memory.ts'
import { sanitize } from '../../text/sanitizer.ts'
import { reveal } from '../../tools/reveal.ts'
import { numbers } from '../context/usage-lines.ts'
import type { CommandContext } from './command.ts'

/** How many of those that are left out are listed. */
const shownLeft = 20

/** `/context show` */
export async function show(context: CommandContext): Promise<void> {
  const { style } = context
  const { context: seen, answerer } = await context.modelContext()
  const { kept, left, room } = await seen.files(answerer)
  const used = kept.reduce((sum, { tokens }) => sum + tokens, 0)
  if (kept.length === 0) context.say(style.dim('no files go to the model; add some: /context add PATH'))
  else
    context.say(
      `with each prompt go about ${numbers(used)} tokens of files; there is room for ${numbers(room)}:`,
    )
  for (const line of fileLines(kept)) context.say(line)
  if (left.length > 0) context.say('left out:')
  for (const { name, why } of left.slice(0, shownLeft)) context.say(`  ${reveal(name)}  ${style.dim(why)}`)
  if (left.length > shownLeft) context.say(`  … and ${left.length - shownLeft} more`)
}

/** `/context summary` */
export async function showSummary({ modelContext, say, style }: CommandContext): Promise<void> {
  const summary = (await modelContext()).context.summary()
  if (summary === undefined)
    say(style.dim('there is no summary: the model gets the conversation as it was said'))
  else say(sanitize(summary))
}

/** `/context add` @throws UserError for what is no file or matches none: nothing is changed then */
export async function add(context: CommandContext, paths: readonly string[]): Promise<void> {
  const { context: seen, answerer } = await context.modelContext()
  const changes: ContextChangeRecord[] = []
  for (const typed of paths) changes.push({ action: 'add', ...(await existing(context, typed)) })
  await seen.change(changes)
  const { cwd } = context.directory
  const files = await seen.files(answerer)
  const about = ({ name }: { name: string }) =>
    changes.some((change) => means(change, absolute(cwd, undefined, name)))
  const kept = files.kept.filter(about)
  if (kept.length > 0) context.say('added, for each prompt from now on:')
  for (const line of fileLines(kept.slice(0, 20))) context.say(line)
  if (kept.length > 20) context.say(`  … and ${kept.length - 20} more`)
  tellLeft(context, { ...files, left: files.left.filter(about) })
}

/** `/context remove` @throws UserError for what no file of the context matches: nothing is changed then */
export async function remove(context: CommandContext, paths: readonly string[]): Promise<void> {
  const { context: seen, answerer } = await context.modelContext()
  const { cwd } = context.directory
  const { kept, left } = await seen.files(answerer)
  const all = [...kept, ...left]
  const changes = await Promise.all(
    paths.map(async (typed) => {
      const meant = await parse(context, typed)
      if (all.some(({ name }) => means(meant, absolute(cwd, undefined, name))))
        return { action: 'remove' as const, ...meant }
      throw new UserError(`no context file is ${reveal(typed)}`, {
        hint: 'see which there are: /context show',
      })
    }),
  )
  await seen.change(changes)
  const gone = kept.filter(({ name }) =>
    changes.some((change) => means(change, absolute(cwd, undefined, name))),
  )
  const names = gone.map(({ name }) => reveal(name)).join(', ')
  context.say(context.style.dim(gone.length === 0 ? 'it did not go along' : `not sent any more: ${names}`))
}

async function existing(context: CommandContext, typed: string) {
  const meant = await parse(context, typed)
  const { cwd } = context.directory
  if (meant.glob === undefined) {
    const file = await createFileReader()(meant.path)
    const { context: seen } = await context.modelContext()
    const why = file.type === 'text' ? await seen.keptBack({ ...file, path: meant.path }) : whyLeft(file)
    if (why === undefined) return meant
    const what = file.type === 'absent' ? why : `cannot go along: ${why}`
    const hint =
      file.type === 'left' && file.why === 'a directory' ? `say which files: ${reveal(typed)}/**/*.md` : ''
    throw new UserError(`${reveal(nameOf(cwd, meant.path))} ${what}`, hint === '' ? {} : { hint })
  }
  const { filesBelow } = await import('../../context/files-below.ts')
  const names = await filesBelow(meant.path)
  if (names.some((name) => means(meant, `${meant.path}/${name}`))) return meant
  throw new UserError(`no file matches ${reveal(typed)}`, { hint: '** spans directories: docs/**/*.md' })
}

function whyLeft(file: Exclude<ReadFile, ReadText>): string {
  return file.type === 'absent' ? 'is not there' : file.why
}

/** A file whose name looks like a pattern is meant itself. */
async function parse({ directory: { cwd, home }, files }: CommandContext, typed: string) {
  const path = await files.path(typed, 'read')
  const there = await stat(path).catch((error: unknown) => {
    if (errorCode(error) === undefined) throw error
  })
  return there ? { path: absolute(cwd, home, path), glob: undefined } : parsePattern(cwd, home, typed)
}

function fileLines(files: readonly ContextFile[]): string[] {
  const names = files.map(({ name }) => reveal(name))
  const width = Math.min(48, Math.max(0, ...names.map((name) => name.length)))
  return files.map(({ tokens, added, cut, size }, at) => {
    const notes = [
      ...(added ? ['added by you'] : []),
      ...(cut ? [`the beginning of ${numbers(size)} bytes`] : []),
    ]
    return `  ${(names[at] ?? '').padEnd(width)}  ${numbers(tokens).padStart(7)}  ${notes.join(', ')}`.trimEnd()
  })
}

function tellLeft({ say, style }: CommandContext, { left }: ContextFiles): void {
  for (const { name, why } of left.slice(0, shownLeft)) say(style.dim(`left out: ${reveal(name)}: ${why}`))
}
