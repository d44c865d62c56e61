const names =
  /^(\.ssh|\.aws|\.gnupg|\.kube|\.netrc|\.pgpass|\.git-credentials|\.docker|\.password-store|id_(rsa|ed25519|ecdsa|dsa))$/

/** Whether a path lies where programs keep credentials: read only after asking, and left out of searches. */
export function isSensitive(path: string): boolean {
  return path.startsWith('/proc/') || path.split('/').some((name) => names.test(name))
}
