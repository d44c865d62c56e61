/**
 * Text from a file or the environment as it may stand in a message: in double quotes, at most 80 characters, with
 * control characters, direction marks and other invisible ones as `\u…`.
 */
export function quote(text: string): string {
  return `"${escapedValue(JSON.stringify(shorten(text)).slice(1, -1))}"`
}

/** The same without the quotes, for what is a piece of a file already. */
export function escapedValue(text: string): string {
  return shorten(text).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escapeCharacter)
}

const maxLength = 80

function shorten(text: string): string {
  const characters = [...text.slice(0, maxLength * 2 + 2)]
  return characters.length > maxLength ? `${characters.slice(0, maxLength).join('')}…` : text
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
