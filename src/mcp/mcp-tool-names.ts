import { createHash } from 'node:crypto'

/**
 * The name that a model knows a server's tool by: `server___tool`, in the characters and the length that model services
 * take. Where that changes the name, or somebody has it already, a hash of the true name makes it one of its own.
 */
export function modelName(server: string, tool: string, taken: ReadonlySet<string>): string {
  const wanted = `${server}___${tool}`
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(wanted) && !taken.has(wanted)) return wanted
  const hash = createHash('sha256').update(`${server}/${tool}`).digest('hex').slice(0, 8)
  return `${wanted.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64 - 9)}_${hash}`
}
