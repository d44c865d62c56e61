import { proxyUrl } from './http/proxy.ts'
import type { Environment } from './provider.ts'

/**
 * Words from an SDK, a service or a proxy made fit to show: no access key, token, signature or password in them, one
 * line, no control characters, at most 600 characters. `known` are values that are secret whatever they look like.
 */
export function redact(text: string, known: readonly string[] = []): string {
  let clean = text
  for (const secret of known) clean = clean.replaceAll(secret, mask)
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement)
  clean = clean.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return clean.length > 600 ? `${clean.slice(0, 599)}…` : clean
}

/** The values in `env` that must not be shown. */
export function secretsOf(env: Environment): string[] {
  const named = secretNames.flatMap((name) => env[name] ?? [])
  const passwords = proxyNames.flatMap((name) => {
    const url = proxyUrl(env[name] ?? '')
    return url?.password ? [url.password, decodeURIComponent(url.password)] : []
  })
  return [...named, ...passwords].filter((secret) => secret.length > 3)
}

const mask = '[hidden]'

const proxyNames = ['https_proxy', 'http_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()])

const secretNames = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_BEARER_TOKEN_BEDROCK',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
]

const patterns: readonly [RegExp, string][] = [
  [/\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{12,}\b/g, mask],
  [/\bAWS4-HMAC-SHA256\b[^\n]*/g, mask],
  [/\b(authorization\s*(?:["']\s*)?[:=]\s*)[^\n]+/gi, `$1${mask}`],
  [/\b(Bearer\s+)[\w.~+/=-]{8,}/g, `$1${mask}`],
  [
    /\b((?:x-amz-)?(?:security-token|signature|credential)\s*(?:["']\s*)?[:=]\s*["']?)[^\s"'&,]+/gi,
    `$1${mask}`,
  ],
  [
    /((?:secret_?access_?key|session_?token|access_?token)\s*(?:["']\s*)?[:=]\s*["']?)[^\s"'&,]+/gi,
    `$1${mask}`,
  ],
  [/(\s-(?=[\w-]*(?:password|secret|token|key))[\w-]+[= ])\S+/gi, `$1${mask}`],
  [/\b(pass(?:word|wd|phrase)\s*(?:["']\s*)?[:=]\s*["']?)[^\s"'&,]+/gi, `$1${mask}`],
  [/(\w:\/\/)[^\s/@]+@/g, `$1${mask}@`],
  [/\bbedrock-api-key-[\w+/=-]+/g, mask],
  [/\bABSK[\w+/=]{20,}/g, mask],
]
