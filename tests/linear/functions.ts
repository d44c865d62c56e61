import { eventData } from '../../src/base/event-data.ts'
import { readValues } from '../../src/config/checks/config-values.ts'
import { escapedValue, quote } from '../../src/config/file/toml-quote.ts'
import { shortenedText } from '../../src/context/cut.ts'
import { tokensIn } from '../../src/context/token-estimate.ts'
import { enclosed, typedPart } from '../../src/domain/attachment.ts'
import { pathReferences } from '../../src/domain/path-reference.ts'
import { parseName } from '../../src/domain/session-name.ts'
import { sessionReferences } from '../../src/domain/session-reference.ts'
import { lineReader } from '../../src/mcp/json-lines.ts'
import { nameFrom } from '../../src/naming/name-from.ts'
import { typeFrom } from '../../src/naming/type-from.ts'
import { ServerRefused } from '../../src/provider/openai/openai-failures.ts'
import { redact } from '../../src/provider/redact.ts'
import { highlighter } from '../../src/render/highlight.ts'
import { createRenderer } from '../../src/render/renderer.ts'
import { parseStatus } from '../../src/status/status-format.ts'
import { goesOn } from '../../src/terminal/editor/multiline.ts'
import { looksSecret } from '../../src/terminal/editor/secret-lines.ts'
import { unitsOf } from '../../src/terminal/editor/units.ts'
import { decode, nothingRead } from '../../src/terminal/keys/key.ts'
import { createUnseen } from '../../src/terminal/screen/unseen.ts'
import { cellsOf, glyphsOf, graphemes } from '../../src/text/cells.ts'
import { nearest } from '../../src/text/did-you-mean.ts'
import { codeBlocks } from '../../src/text/fences.ts'
import { oneLine, wrapWords } from '../../src/text/plain-text.ts'
import { splitWords } from '../../src/text/quoted-words.ts'
import { sanitize, sanitizer } from '../../src/text/sanitizer.ts'
import { snippetOf } from '../../src/text/snippet.ts'
import { createStyle } from '../../src/text/style.ts'
import { findMatches, parseQuery } from '../../src/text/text-search.ts'
import { wildcard } from '../../src/text/wildcard.ts'
import { parseBinding } from '../../src/tmux/bindings.ts'
import { userStatusIn } from '../../src/tmux/user-status.ts'
import { isSecret } from '../../src/tools/command-environment.ts'
import { shownDiff } from '../../src/tools/files/diff-shown.ts'
import { reveal, revealLines } from '../../src/tools/reveal.ts'
import { parseTranscript } from '../../src/transcript/transcript-format.ts'
import { hideMarks } from '../../src/transcript/transcript-marks.ts'

/**
 * Every function that sees text from a model, a tool, a file, a status, an import, a config or a person: one row each,
 * add yours. What it throws does not matter here, what it costs does.
 */
export const functions: Record<string, (text: string) => unknown> = {
  'cells: cellsOf': cellsOf,
  'cells: glyphsOf': glyphsOf,
  'cells: graphemes': graphemes,
  'sanitizer: whole': sanitize,
  'sanitizer: letter by letter': (text) => letters(text, sanitizer()),
  'text: oneLine': (text) => oneLine(text),
  'text: wrapWords': (text) => wrapWords(text, 80),
  'name: parseName': (text) => parseName(text, 20),
  'did you mean': (text) => nearest(text, ['sessions', 'switch']),
  'code blocks': codeBlocks,
  'shell words': splitWords,
  '@ references': pathReferences,
  '@session references': sessionReferences,
  'attachment: enclosed': (text) => enclosed('file', '', text),
  'attachment: typedPart': (text) =>
    typedPart({
      role: 'user',
      blocks: [
        { type: 'text', text: 'a' },
        { type: 'text', text },
      ],
    }),
  'transcript: Markdown': (text) => parseTranscript(text, 'markdown', 'f.md'),
  'transcript: Markdown behind a mark': (text) =>
    parseTranscript(`<!-- q:transcript {"v":1,"name":"a"} -->\n${text}`, 'markdown', 'f.md'),
  'transcript: JSON': (text) => parseTranscript(text, 'json', 'f.json'),
  'transcript: hidden marks': hideMarks,
  'search: query': parseQuery,
  'search: matches': (text) => findMatches(text, parseQuery('a "b a" x.')),
  'search: snippet': (text) => snippetOf(text, [[text.length - 10, text.length]]),
  'wildcard: pattern': (text) => wildcard(text)?.('src/a.ts'),
  'wildcard: path': (text) => wildcard('**/a*b*/*.ts')?.(text),
  tokens: tokensIn,
  'cut to fit': (text) => shortenedText(text, 1000),
  'name of a session': (text) => nameFrom([text, text]),
  'type of a session': (text) => typeFrom([text, text]),
  'config: TOML': readValues,
  'config: quote': quote,
  'config: escapedValue': escapedValue,
  'render: whole': (text) => rendered([text]),
  'render: lines': (text) => rendered(text.split(/(?<=\n)/)),
  'render: letter by letter': (text) => rendered([...text]),
  highlight: (text) => ['ts', 'py', 'sh', 'json'].map((name) => highlighter(name)?.(text)),
  'status file': (text) => parseStatus(text, '00000000-0000-4000-8000-000000000000'),
  redact: (text) => redact(text, ['secret-value']),
  'server that refuses': (text) => new ServerRefused(500, text),
  'server-sent events': events,
  'environment: isSecret': (text) => isSecret('PLAIN', text),
  'line: looksSecret': looksSecret,
  'line: goesOn': (text) => goesOn(text),
  'line: units': unitsOf,
  'line: keys': (text) => decode(nothingRead, text),
  'answer laid out again': laidOut,
  reveal: (text) => reveal(text),
  'reveal lines': revealLines,
  'diff: against nothing': (text) => shownDiff('a\n', text),
  'diff: against itself, turned round': (text) => shownDiff(text, text.split('\n').reverse().join('\n')),
  'tmux: binding': parseBinding,
  'tmux: user status': userStatusIn,
  'mcp: lines': (text) =>
    lineReader(
      () => undefined,
      () => undefined,
    ).add(Buffer.from(text)),
}

function letters(text: string, write: (letter: string) => unknown): void {
  for (const letter of text) write(letter)
}

function rendered(pieces: readonly string[]): void {
  const renderer = createRenderer({ columns: () => 80, style: createStyle(true) })
  for (const piece of pieces) renderer.write(piece)
  renderer.end()
}

function laidOut(text: string): void {
  const unseen = createUnseen()
  const stream = unseen.stream(undefined)
  stream.write(text)
  stream.printed(`${text}\n`)
  unseen.mark()
  unseen.layOut(80)
}

async function events(text: string): Promise<void> {
  async function* chunks() {
    for (let at = 0; at < text.length; at += 100) yield Buffer.from(text.slice(at, at + 100))
  }
  for await (const _ of eventData(chunks()));
}
