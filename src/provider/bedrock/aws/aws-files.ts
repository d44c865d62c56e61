import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { errorCode } from '../../../base/errors.ts'
import type { Environment } from '../../provider.ts'

export type AwsSection = Readonly<Record<string, string>>

/** The profiles of both AWS files, merged per profile: the credentials file wins, as in the SDK. */
export type AwsProfiles = ReadonlyMap<string, AwsSection>

/** Where the AWS tools keep credentials and configuration for this environment. */
export function awsPaths(env: Environment): { credentials: string; config: string } {
  const home = env.HOME || homedir()
  return {
    credentials: env.AWS_SHARED_CREDENTIALS_FILE || join(home, '.aws', 'credentials'),
    config: env.AWS_CONFIG_FILE || join(home, '.aws', 'config'),
  }
}

/** What both files say. */
export interface AwsConfig {
  profiles: AwsProfiles
  /** What `sso_session` in a profile can name. */
  ssoSessions: AwsProfiles
}

/** Reads both files as they are now. A file that is missing or may not be read has no profiles. */
export function readAwsConfig(env: Environment): AwsConfig {
  const paths = awsPaths(env)
  const profiles = new Map<string, AwsSection>()
  const ssoSessions = new Map<string, AwsSection>()
  for (const [title, section] of parseIni(readOptional(paths.config))) {
    const [, kind, name] = /^(profile|sso-session)\s+(?:["']\s*)?([^\s"'][^"']*)["']?$/.exec(title) ?? []
    if (name !== undefined) (kind === 'profile' ? profiles : ssoSessions).set(name.trim(), section)
    else if (title === 'default') profiles.set(title, section)
  }
  for (const [name, section] of parseIni(readOptional(paths.credentials))) {
    profiles.set(name, { ...profiles.get(name), ...section })
  }
  return { profiles, ssoSessions }
}

function readOptional(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (unreadable.has(errorCode(error) ?? '')) return ''
    throw error
  }
}

const unreadable = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR'])

function parseIni(text: string): Map<string, AwsSection> {
  const sections = new Map<string, Record<string, string>>()
  let section: Record<string, string> | undefined
  for (const line of text.split(/\r?\n/)) {
    const title = /^\s*\[([^\]]+)\]/.exec(line)?.[1]?.trim()
    if (title !== undefined) {
      section = sections.get(title) ?? {}
      sections.set(title, section)
      continue
    }
    const sign = line.indexOf('=')
    const value = line.slice(sign + 1).trim()
    if (section && sign > 0 && /^[^\s#;]/.test(line) && value !== '')
      section[line.slice(0, sign).trimEnd().toLowerCase()] = value
  }
  return sections
}
