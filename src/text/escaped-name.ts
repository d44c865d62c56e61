/**
 * A file's name so that it is one line and no two names look the same: as it is, or in quotes with escapes as in JSON
 * where it has line breaks, control characters or what nobody can see, or begins with quotes itself.
 */
export function escapedName(name: string): string {
  if (!/^"|[\p{C}\p{Zl}\p{Zp}]/u.test(name)) return name
  return JSON.stringify(name).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (letter) =>
    [...Array(letter.length).keys()]
      .map((at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
