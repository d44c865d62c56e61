/** A model id as people call it: `us.anthropic.claude-sonnet-4-20250514-v1:0` → `claude-sonnet-4`. */
export function shortModelName(id: string): string {
  const last = id.split('/').at(-1) ?? id
  const bare = last.replace(/^(?:[a-z]{2,6}(?:-gov)?\.)?(?:[a-z0-9]+\.)(?=[a-z])/, '')
  const short = bare.replace(/(?:-20\d{6})?(?:-v\d+(?::\d+)?)?$/, '')
  return short === '' ? id : short
}
