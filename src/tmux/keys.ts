import { type Binding, bindingLines, readBinding } from './bindings.ts'
import type { Tmux } from './door.ts'
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
  /** The directory of `keys.conf`. */
  templates: string
  /** Writes a private file that tmux then sources, and returns its path. */
  stage(name: string, text: string): Promise<string>
  load(): Promise<SavedKeys | undefined>
  save(saved: SavedKeys | undefined): Promise<void>
}

const marker = '#{@q_workspace}'

/**
 * Binds the workspace's keys around what the user has there. Whatever was ours before is first put back, so it may be
 * called again after the configuration or the user's own tmux configuration changed.
 */
export async function installKeys(tmux: Tmux, keys: Keys, files: KeyFiles): Promise<void> {
  await restoreKeys(tmux, files)
  const wanted = keyActions.filter((action) => keys[action] !== '')
  const bindings = new Map<KeyAction, Binding>()
  for (const action of wanted) bindings.set(action, await readBinding(tmux, keys[action]))
  await files.save({ bindings: [...bindings.values()] })
  await tmux.run([
    'source-file',
    await files.stage('keys.conf', composeKeys(files.templates, keys, bindings)),
  ])
}

/** Gives the keys back to what the user had; a key that the user has bound anew since is left alone. */
export async function restoreKeys(tmux: Tmux, files: KeyFiles): Promise<void> {
  const saved = await files.load()
  if (!saved) return
  const lines: string[] = []
  for (const before of saved.bindings) {
    const now = await readBinding(tmux, before.key)
    if (now.body.includes(marker)) lines.push(bindingLines(before))
  }
  if (lines.length > 0) await tmux.run(['source-file', await files.stage('keys-before.conf', lines.join(''))])
  await files.save(undefined)
}

/** Keys that the user's own configuration binds too, for `q mux doctor`. */
export function sharedKeys(saved: SavedKeys | undefined): string[] {
  return (saved?.bindings ?? []).filter((binding) => binding.body !== '').map((binding) => binding.key)
}

/** Whether our binding is on the key: a user who loads their configuration again takes it away. */
export async function isOurs(tmux: Tmux, key: string): Promise<boolean> {
  return (await readBinding(tmux, key)).body.includes(marker)
}

function composeKeys(templates: string, keys: Keys, bindings: ReadonlyMap<KeyAction, Binding>): string {
  const words: Record<string, string> = {}
  for (const action of keyActions) {
    const old = bindings.get(action)
    words[`key_${action}`] = `'${keys[action]}'`
    words[`repeat_${action}`] = old?.repeat ? '-r' : ''
    words[`old_${action}`] = old?.body ? `\n${old.body}\n` : ''
  }
  const blocks = fillTemplate(templates, 'keys.conf', words).split(/\n(?=bind-key )/)
  return blocks.filter((block) => !block.includes("-T prefix '' ")).join('\n')
}
