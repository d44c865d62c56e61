// Writes the parts of the user guide that repeat what the program says of itself: everything below the heading
// `## Reference` of docs/commands.md, docs/configuration.md and docs/agents.md. With --check it only says whether they are up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { agentsReference } from './reference/agents.ts'
import { commandReference } from './reference/commands.ts'
import { configurationReference } from './reference/configuration.ts'

const pages = {
  'commands.md': commandReference,
  'configuration.md': configurationReference,
  'agents.md': agentsReference,
}
const heading = '\n## Reference\n'

let stale = false
for (const [name, make] of Object.entries(pages)) {
  const file = fileURLToPath(new URL(`../docs/${name}`, import.meta.url))
  const before = readFileSync(file, 'utf8')
  const at = before.indexOf(heading)
  if (at === -1) throw new Error(`${file} has no heading "## Reference"`)
  const after = `${before.slice(0, at)}${heading}\n${await make()}`
  if (after === before) continue
  stale = true
  if (process.argv.includes('--check')) process.stderr.write(`${file} is not up to date: npm run reference\n`)
  else writeFileSync(file, after)
}
if (stale && process.argv.includes('--check')) process.exitCode = 1
