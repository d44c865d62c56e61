import { type Binding, bindingLines, readBindings } from './bindings.ts'
import { type Tmux, TmuxError } from './door.ts'
import { fillTemplate } from './templates.ts'

export const keyActions = ['next_waiting', 'back', 'pick', 'new'] as const
export type KeyAction = (typeof keyActions)[number]
/** tmux key names by action; an empty one is off. */
export type Keys = Readonly<Record<KeyAction, string>>

/** Whose the keys were before: kept outside the server's options so that a killed controller loses nothing. */
export interface SavedKeys {
  bindings: Binding[]
}

/** Files and saved state, handed in. */
export interface KeyFiles {
  /** Writes a private file that tmux then sources, and returns its path. */
  writeFile(name: string, text: string): Promise<string>
  load(): Promise<SavedKeys | undefined>
  save(saved: SavedKeys | undefined): Promise<void>
  /** Runs `work` while no other process of any workspace does: the prefix table is the whole server's. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

const marker = '#{@q_workspace}'

/**
 * Binds the workspace's keys around what the user has there. Whatever was ours before is first put back, so it may be
 * called again after the configuration or the user's own tmux configuration changed. Returns the keys that it left
 * alone, because what they do could not be put back later.
 */
export function installKeys(tmux: Tmux, keys: Keys, files: KeyFiles): Promise<string[]> {
  return files.alone(async () => {
    await restore(tmux, files)
    return install(tmux, keys, files)
  })
}

/**
 * Binds the keys anew where the user's configuration, loaded again, took them away; undefined: none is lost. Asked once
 * more while nobody else is at the keys: whoever gives them back in between has the last word.
 */
export async function retakeKeys(tmux: Tmux, keys: Keys, files: KeyFiles): Promise<string[] | undefined> {
  if ((await lostKeys(tmux, keys, files)).length === 0) return undefined
  return files.alone(async () => {
    if ((await lostKeys(tmux, keys, files)).length === 0) return undefined
    await restore(tmux, files)
    return install(tmux, keys, files)
  })
}

/** Gives the keys back to what the user had; a key that the user has bound anew since is left alone. */
export function restoreKeys(tmux: Tmux, files: KeyFiles): Promise<void> {
  return files.alone(() => restore(tmux, files))
}

async function install(tmux: Tmux, keys: Keys, files: KeyFiles): Promise<string[]> {
  const wanted = keyActions.filter((action) => keys[action] !== '')
  const before = await readBindings(
    tmux,
    wanted.map((action) => keys[action]),
  )
  const bindings = new Map<KeyAction, Binding>()
  const left: string[] = []
  for (const [index, action] of wanted.entries()) {
    const binding = before[index]
    if (binding && (await canBePutBack(tmux, files, binding))) bindings.set(action, binding)
    else left.push(keys[action])
  }
  await files.save({ bindings: [...bindings.values()] })
  await tmux.run(['source-file', await files.writeFile('keys.conf', composeKeys(keys, bindings))])
  return left
}

async function restore(tmux: Tmux, files: KeyFiles): Promise<void> {
  const saved = await files.load()
  if (!saved) return
  const now = await readBindings(
    tmux,
    saved.bindings.map((before) => before.key),
  )
  const ours = saved.bindings.filter((_, index) => now[index]?.body.includes(marker))
  const lines = ours.map((before) => bindingLines(before))
  if (lines.length > 0)
    await tmux.run(['source-file', await files.writeFile('keys-before.conf', lines.join(''))])
  await files.save(undefined)
}

/** Not every binding can be read back from what tmux lists of it (`send-keys -- -x`): tried out in a table of its own. */
async function canBePutBack(tmux: Tmux, files: KeyFiles, binding: Binding): Promise<boolean> {
  if (!binding.bound) return true
  if (binding.body.includes(marker)) return false
  const table = 'q-mux-trial'
  try {
    await tmux.run(['source-file', await files.writeFile('keys-trial.conf', bindingLines(binding, table))])
    const [read] = await readBindings(tmux, [binding.key], table)
    await tmux.run(['unbind-key', '-a', '-T', table])
    return read?.body === binding.body
  } catch (error) {
    if (error instanceof TmuxError) return false
    throw error
  }
}

/** Keys that the user's own configuration binds too, for `q mux doctor`. */
export function sharedKeys(saved: SavedKeys | undefined): string[] {
  return (saved?.bindings ?? []).filter((binding) => binding.bound).map((binding) => binding.key)
}

/** Keys that were left to the user, because what they do could not be put back later, for `q mux doctor`. */
export function leftKeys(keys: Keys, saved: SavedKeys | undefined): string[] {
  const taken = saved?.bindings.map(({ key }) => key)
  return wantedKeys(keys).filter((key) => taken && !taken.includes(key))
}

/** Those that are not switched off. */
export function wantedKeys(keys: Keys): string[] {
  return keyActions.map((action) => keys[action]).filter((key) => key !== '')
}

/** Keys that are bound to something else by now: a user who loads their configuration again takes them away. */
export async function lostKeys(tmux: Tmux, keys: Keys, files: KeyFiles): Promise<string[]> {
  const saved = await files.load()
  const taken = (saved?.bindings ?? []).map(({ key }) => key)
  const wanted = wantedKeys(keys).filter((key) => taken.includes(key))
  const now = await readBindings(tmux, wanted)
  return wanted.filter((_, at) => !now[at]?.body.includes(marker))
}

function composeKeys(keys: Keys, bindings: ReadonlyMap<KeyAction, Binding>): string {
  const words: Record<string, string> = {}
  for (const action of keyActions) {
    const old = bindings.get(action)
    words[`key_${action}`] = old ? `'${keys[action]}'` : off
    words[`repeat_${action}`] = old?.repeat ? '-r' : ''
    words[`old_${action}`] = old?.body ? `\n${old.body}\n` : ''
  }
  const blocks = fillTemplate('keys.conf', words).split(/\n(?=bind-ke )/)
  return blocks.filter((block) => !block.includes(`-T prefix ${off} `)).join('\n')
}

/** In place of the key of an action that has none: its block is left out. */
const off = "''"
