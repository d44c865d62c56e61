/** Whether a text looks as if it held a secret: then the history does not keep it. Rather one line too few. */
export function looksSecret(text: string): boolean {
  return patterns.some((pattern) => pattern.test(text))
}

const patterns = [
  /\b(AKIA|ASIA)[0-9A-Z]{12,}/,
  /aws_?(secret|session_token)/i,
  /-----BEGIN/,
  /\bsk-[\w-]{8,}/,
  /\bbearer\s+[\w.~+/=-]{8,}/i,
  /\b(gh[pousr]_|github_pat_|glpat-|xox[abeprs]-)\w{8,}/,
  /\b(password|passwd|secret|token|api[_-]?key)\s*[=:]\s*\S/i,
]
