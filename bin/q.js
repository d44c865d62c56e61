#!/usr/bin/env node
// Only what the oldest Node can read stands here: the native SQLite module crashes an old Node, so nothing else
// is imported before the version is known.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 22)) {
  keepCompiled(process.env.XDG_CACHE_HOME || `${process.env.HOME}/.cache`)
  const { main } = await import(process.argv[2] === 'worker' ? '../dist/worker-main.js' : '../dist/main.js')
  await main()
} else {
  const { spawnSync } = await import('node:child_process')
  const { existsSync } = await import('node:fs')
  const { fileURLToPath } = await import('node:url')
  const own = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
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

// What V8 made of our files is kept for the next start, which takes a tenth less. It is code: where others could write
// it, it is left alone. A home that cannot be written, as in a container, does no harm.
function keepCompiled(caches) {
  if (!caches.startsWith('/')) return
  const folder = `${caches}/q-mux`
  const found = look(folder)
  if (found === 'unseen') return
  if (found && (!found.isDirectory() || found.uid !== process.getuid() || (found.mode & 0o022) !== 0)) return
  const before = process.umask(0o077)
  process.getBuiltinModule('node:module').enableCompileCache(folder)
  process.umask(before)
}

// A directory that may not be looked into, or a file in its way, is no reason not to start.
function look(folder) {
  try {
    return process.getBuiltinModule('node:fs').lstatSync(folder, { throwIfNoEntry: false })
  } catch {
    return 'unseen'
  }
}
