#!/usr/bin/env node
// Only what the oldest Node can read stands here: the native SQLite module crashes an old Node, so nothing else
// is imported before the version is known.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
const here = new URL('.', import.meta.url)

if (major > 22 || (major === 22 && minor >= 22)) {
  const { main } = await import('../dist/main.js')
  await main()
} else {
  const own = fileURLToPath(new URL('../node_modules/node/bin/node', here))
  if (existsSync(own)) {
    const child = spawnSync(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
    })
    process.exitCode = child.status ?? 1
  } else {
    process.stderr.write(
      `q: needs Node 22.22 or newer; this is ${process.versions.node} (${process.execPath})\n`,
    )
    process.exitCode = 1
  }
}
