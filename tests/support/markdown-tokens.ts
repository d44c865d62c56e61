/** What a model says of some code, token by token. */
export const markdownTokens: readonly string[] =
  [
    '## What happens\n\nThe function `parse` reads **each line** once and keeps what it found in a _map_; see [the guide](docs/guide.md).\n\n',
    '- first, it looks for the `key`\n- then it takes the value, up to the end of the line\n  - which may be empty\n\n',
    "```ts\nexport function parse(text: string): Map<string, string> {\n  const found = new Map()\n  for (const line of text.split('\\n')) found.set(line.slice(0, 3), line) // one each\n  return found\n}\n```\n\n",
    '| name | takes | costs |\n|---|---|---|\n| parse | a text | 12 ms |\n| print | a map | 3 ms |\n\n',
    '1. Run it.\n2. Look at what it says.\n\n',
  ]
    .join('')
    .match(/\s?\w{1,6}|\s+|\W/g) ?? []

/** So many tokens a second for so many seconds, in pieces of what is due every 20 ms. */
export function paced(
  perSecond: number,
  seconds: number,
  tokens: readonly string[],
): { every: number; pieces: string[][] } {
  const every = Math.max(20, 1000 / perSecond)
  const perPiece = Math.max(1, Math.round((perSecond * every) / 1000))
  const pieces = Array.from({ length: Math.round((seconds * 1000) / every) }, (_, piece) =>
    Array.from({ length: perPiece }, (_, at) => tokens[(piece * perPiece + at) % tokens.length] ?? ''),
  )
  return { every, pieces }
}
