import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { commands } from '../../src/worker/commands/all-commands.ts'
import { readCommandLine } from '../../src/worker/commands/command-line.ts'

/** `/name [word|word]`, `prompt`, `unknown /word`, or the words of the refusal. */
const cases: [line: string, read: string][] = [
  ['/quit', '/quit []'],
  ['  /QUIT  ', '/quit []'],
  ['/sess', '/sess is the beginning of /sessions, /session-name'],
  ['/ses', '/ses is the beginning of /sessions, /session-name'],
  ['/swi api', '/switch [api]'],
  ['/his 4', '/history [4]'],
  ['/hi', 'unknown /hi'],
  ['/s api', '/switch [api]'],
  ['/x', 'unknown /x'],
  ['/qui', '/qui is the beginning of /quit'],
  ['/exi', '/exi is the beginning of /exit'],
  ['/clo', '/clo is the beginning of /close'],
  ['/cle', '/cle is the beginning of /clear'],
  ['/sav notes.md', '/sav is the beginning of /save'],
  ['/sesions', 'there is no command /sesions'],
  ['/quit, please', 'there is no command /quit,'],
  ['/qiut', 'there is no command /qiut'],
  ['/tmp is full, what now?', 'unknown /tmp'],
  ['/tmp', 'unknown /tmp'],
  ['/etc/hosts has a bad line', 'prompt'],
  ['/quit/', 'prompt'],
  ['/', 'prompt'],
  ['// a comment', 'prompt'],
  ['what does /quit do', 'prompt'],
  ['/quit\nnow', 'prompt'],
  ['/quit\u2028now', 'prompt'],
  ['/quit handler in app.ts: it throws', 'usage: /quit'],
  ['/close the modal', 'usage: /close [name]'],
  ['/clear the cache', 'usage: /clear'],
  ['/save button handler is broken', 'usage: /save FILE'],
  ['/save', 'usage: /save FILE'],
  ['/save "my notes.md"', '/save [my notes.md]'],
  ['/save my\\ notes.md', '/save [my notes.md]'],
  ["/rename it's", "/rename [it's]"],
  ['/help me with this', 'usage: /help'],
  ['/new debug the login page', '/new [debug|the|login|page]'],
  ['/compact only the plan', '/compact [only|the|plan]'],
]

describe('a typed line is read as what was meant:', () => {
  for (const [line, read] of cases) test(JSON.stringify(line), () => expect(reading(line)).toBe(read))
})

test('no command is done that is given more words than it takes, and those that end or write something are named whole', () => {
  for (const { names, takes } of commands) {
    if (takes[1] === Number.POSITIVE_INFINITY) continue
    expect(() => readCommandLine(`${names[0]} ${'word '.repeat(takes[1] + 1)}`)).toThrow(UserError)
  }
  expect(commands.flatMap(({ names, inFull }) => (inFull ? names : []))).toEqual([
    '/close',
    '/save',
    '/clear',
    '/quit',
    '/exit',
  ])
})

function reading(line: string): string {
  try {
    const read = readCommandLine(line)
    if (read.type === 'command') return `${read.command.names[0]} [${read.words.join('|')}]`
    return read.type === 'unknown' ? `unknown ${read.word}` : read.type
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}
