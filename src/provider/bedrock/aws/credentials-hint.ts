import type { AwsFacts } from './aws-facts.ts'

/** The command that brings working credentials, by where they come from now. */
export function credentialsHint(facts: AwsFacts): string {
  const { source, profile } = facts
  switch (source?.kind) {
    case 'bearer':
      return 'Set a valid Bedrock API key: export AWS_BEARER_TOKEN_BEDROCK=…'
    case 'keys':
      return 'Set fresh keys: export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… AWS_SESSION_TOKEN=…'
    case 'profile':
      return `${renewal[source.by]}${option(profile)}`
    case 'missing profile':
      return `Set it up, or choose another: ${anotherProfile(facts)}`
    case 'missing session':
      return 'Set it up: aws configure sso-session. Or correct it in ~/.aws/config'
    case 'web identity':
    case 'container':
    case 'ec2':
      return 'Check the role that this machine was given.'
    case undefined:
      return facts.otherProfiles.length > 0
        ? `Choose a profile: ${anotherProfile(facts)}`
        : 'Run: aws configure'
  }
}

const renewal = {
  keys: 'Run: aws configure',
  sso: 'Run: aws sso login',
  login: 'Run: aws login',
  other: 'See what the AWS CLI says: aws sts get-caller-identity',
}

/** `export AWS_PROFILE=…` with the profiles there are, or the command that makes one. */
function anotherProfile({ otherProfiles, profile }: AwsFacts): string {
  const [first, ...more] = otherProfiles
  if (first === undefined) return `aws configure${option(profile)}`
  return `export AWS_PROFILE=${first}${more.length > 0 ? ` (or ${more.slice(0, 4).join(', ')})` : ''}`
}

function option(profile: string): string {
  return profile === 'default' ? '' : ` --profile ${profile}`
}
