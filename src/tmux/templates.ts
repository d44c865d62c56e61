import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFiles } from '../base/package-files.ts'
import type { Command } from './door.ts'
import { unaliasedText } from './tmux-quote.ts'

export type Words = Readonly<Record<string, string>>

/** Reads one of the tmux files of `tmux/` and fills in its words in double braces; they are inserted as they are. */
export function fillTemplate(name: string, words: Words): string {
  return fill(unaliasedText(read(name).join('\n')), name, words)
}

/**
 * The same for a file of plain commands, one a line: each word of a line stays one word whatever is filled in, so
 * nothing needs to be quoted.
 */
export function templateCommands(name: string, words: Words): Command[] {
  return read(name)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(' ').map((word) => fill(word.replace(/^'(.*)'$/, '$1'), name, words)))
}

function read(name: string): string[] {
  return readFileSync(join(packageFiles.templates, name), 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
}

function fill(text: string, name: string, words: Words): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, word: string) => {
    const value = words[word]
    if (value === undefined) throw new Error(`tmux/${name}: {{${word}}} has no value`)
    return value
  })
}
