type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment that a command of the model gets: without what looks like a secret by its name or, in a URL, by its
 * value (except the names in `allowed`), without what makes a shell run something else than its command line, and with
 * nothing that waits for a person: pagers pass through, editors accept.
 */
export function toolEnvironment(env: Environment, allowed: readonly string[] = []): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || changesTheShell.test(name)) continue
    if (isSecret(name, value) && !allowed.includes(name)) continue
    kept[name] = value
  }
  return { ...kept, ...quiet }
}

export function isSecret(name: string, value: string): boolean {
  return secretName.test(name) || urlWithPassword.test(value)
}

const secretName =
  /^AWS_|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|PRIVATE|TOKEN|COOKIE|(?:^|_|API)(?:KEY|KEYS|PASS|PAT|AUTH|DSN|JWT)$/i

const urlWithPassword = /\w:\/\/[^\s/@:]*:[^\s/@]+@/

const changesTheShell =
  /^(BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|PS4|CDPATH|GLOBIGNORE|BASH_FUNC_.*)$/

const quiet = {
  TERM: 'dumb',
  NO_COLOR: '1',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  MANPAGER: 'cat',
  SYSTEMD_PAGER: 'cat',
  EDITOR: 'true',
  VISUAL: 'true',
  GIT_EDITOR: 'true',
  GIT_SEQUENCE_EDITOR: 'true',
  GIT_TERMINAL_PROMPT: '0',
  DEBIAN_FRONTEND: 'noninteractive',
}
