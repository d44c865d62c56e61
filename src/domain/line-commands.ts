/**
 * What the line editor can do, by the names that `[keys.line]` takes, with the keys that do it unless the user says
 * otherwise, in tmux's notation. Enter, Ctrl-C, Ctrl-Z and Esc are nobody's: they send, interrupt, suspend and leave.
 */
export const lineCommands = {
  'char-left': { keys: ['C-b', 'Left'], description: 'One character to the left' },
  'char-right': { keys: ['C-f', 'Right'], description: 'One character to the right' },
  'word-left': { keys: ['M-b', 'C-Left', 'M-Left'], description: 'To the beginning of the word' },
  'word-right': { keys: ['M-f', 'C-Right', 'M-Right'], description: 'To the end of the word' },
  'line-start': { keys: ['C-a', 'Home'], description: 'To the beginning of the line' },
  'line-end': { keys: ['C-e', 'End'], description: 'To the end of the line' },
  'text-start': { keys: ['M-<'], description: 'To the beginning of all that is typed' },
  'text-end': { keys: ['M->'], description: 'To the end of all that is typed' },
  up: { keys: ['C-p', 'Up'], description: 'To the line above, or to the entry before in the history' },
  down: { keys: ['C-n', 'Down'], description: 'To the line below, or to the next entry of the history' },
  'history-search': { keys: ['C-r'], description: 'Search the history; again for the match before' },
  'delete-char-left': { keys: ['BSpace'], description: 'Delete the character to the left' },
  'delete-char-right': { keys: ['DC'], description: 'Delete the character to the right' },
  'delete-or-exit': {
    keys: ['C-d'],
    description: 'Delete the character to the right; on an empty line, leave',
  },
  'kill-word-left': { keys: ['M-BSpace', 'C-BSpace'], description: 'Cut to the beginning of the word' },
  'kill-word-right': { keys: ['M-d', 'C-DC'], description: 'Cut to the end of the word' },
  'kill-blank-word-left': { keys: ['C-w'], description: 'Cut back to the blank before the word' },
  'kill-to-line-start': { keys: ['C-u'], description: 'Cut to the beginning of the line' },
  'kill-to-line-end': { keys: ['C-k'], description: 'Cut to the end of the line' },
  yank: { keys: ['C-y'], description: 'Paste what was cut last' },
  'transpose-chars': { keys: ['C-t'], description: 'Swap the characters around the cursor' },
  undo: { keys: ['C-_'], description: 'Undo the last change' },
  newline: { keys: ['C-j', 'M-Enter'], description: 'Begin a new line without sending' },
  complete: { keys: ['Tab'], description: 'Complete the word; again for a list of what fits' },
  'clear-screen': { keys: ['C-l'], description: 'Clear the screen, keep the line' },
} as const satisfies Record<string, { keys: readonly string[]; description: string }>

export type LineCommand = keyof typeof lineCommands

/** The keys of each command, in tmux's notation. */
export type LineKeys = Readonly<Record<LineCommand, readonly string[]>>

export const defaultLineKeys = Object.fromEntries(
  Object.entries(lineCommands).map(([command, { keys }]) => [command, keys]),
) as unknown as LineKeys

/**
 * The name under which the line editor hears of a key in tmux's notation, as `canonicalTmuxKey` writes it; undefined for
 * one that it cannot hear, that types a letter, or that always does the same.
 */
export function pressedName(key: string): string | undefined {
  const [, modifiers = '', base = ''] = /^((?:[CMS]-)*)(.+)$/su.exec(key) ?? []
  if (['', 'S-'].includes(modifiers) && base.length === 1) return undefined
  if (key === 'BTab') return 'S-Tab'
  if (key === 'C-h') return 'Backspace'
  if (key === 'C-Space') return 'C-@'
  // The terminal tells of no other Shift.
  if (modifiers.includes('S-') || base === 'Space' || base === 'BTab') return undefined
  const name = modifiers + (terminalNames[base] ?? base)
  return fixed.includes(name) ? undefined : name
}

const terminalNames: Readonly<Record<string, string>> = {
  BSpace: 'Backspace',
  DC: 'Delete',
  IC: 'Insert',
  PPage: 'PageUp',
  NPage: 'PageDown',
}

const fixed = ['Enter', 'Escape', 'C-c', 'C-z']
