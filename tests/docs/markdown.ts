import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Page {
  /** Relative to the root. */
  path: string
  text: string
}

/** The user guide and the pages at the root. */
export function pages(): Page[] {
  const guide = readdirSync(`${root}docs`).filter((name) => name.endsWith('.md'))
  const paths = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...guide.map((name) => `docs/${name}`)]
  return paths.map((path) => ({ path, text: readFileSync(root + path, 'utf8') }))
}

/** The lines of code blocks, without those that show output. */
export function codeLines(text: string): string[] {
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
  return blocks.flatMap(([, kind, body]) => (kind === 'text' ? [] : (body ?? '').split('\n')))
}

/** What stands in backticks in running text. */
export function inlineCode(text: string): string[] {
  return [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '')
}

/** The `q` commands of a shell line, each as its words. */
export function qCommands(line: string): string[][] {
  const words = shellWords(line)
  const commands: string[][] = []
  let current: string[] | undefined
  let fresh = true
  for (const word of words) {
    if (word === 'q' && fresh) {
      current = []
      commands.push(current)
    } else if (separators.has(word)) current = undefined
    else current?.push(word)
    fresh = separators.has(word) || keywords.has(word) || /^\w+=/.test(word)
  }
  return commands
}

const separators = new Set(['|', '&&', ';', '(', ')', '>', '<'])
const keywords = new Set(['until', 'do', 'then', 'if', 'host'])

/** Quotes and comments as in a shell; `$(`, `<(`, `|`, `&&`, `;`, `>` and `<` end a command. */
function shellWords(line: string): string[] {
  const tokens = line
    .replaceAll(/\s#.*$/g, '')
    .replaceAll(/(\w+)="?\$\(/g, '( ')
    .matchAll(/"(?:\$\([^)]*\)|[^"])*"|'[^']*'|&&|>\/dev\/null|\$\(|<\(|[|;()<>]|[^\s"'|;()<>]+/g)
  return [...tokens].map(([token]) =>
    token === '$(' || token === '<('
      ? '('
      : token.startsWith('>')
        ? '>'
        : token.replaceAll(/^["']|["']$/g, ''),
  )
}
