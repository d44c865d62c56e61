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
  return (
    secretName.test(name) || secretUrls.some((pattern) => pattern.test(value)) || hasSecretParameter(value)
  )
}

const secretName =
  /^AWS_|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|PRIVATE|TOKEN|COOKIE|(?:^|_|API)(?:KEY|KEYS|PASS|PAT|AUTH|DSN|JWT)$/i

/** A password, a token in a user's place (`https://TOKEN@host`). */
const secretUrls = [/\w:\/\/[^\s/@:]*:[^\s/@]+@/, /\bhttps?:\/\/[^\s/@]+@/i]

/** An address with a key among its parameters. */
function hasSecretParameter(value: string): boolean {
  return value.split(/\s+/).some((word) => {
    const query = word.indexOf('?', word.indexOf('://'))
    if (!word.includes('://') || query === -1) return false
    const [parameters = ''] = word.slice(query + 1).split('#', 1)
    return parameters.split('&').some((parameter) => secretParameter.test(parameter))
  })
}

const secretParameter = /^[\w.-]*(?:key|token|secret|password|signature|sig|auth)=./is

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
