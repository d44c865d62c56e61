import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { entry, type Lab, openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'
import { logOf, startProgram } from './program.ts'

let lab: Lab
beforeEach(() => {
  lab = openLab()
})
afterEach(() => lab.dispose())

/** A user namespace has inotify limits of its own: setting them there harms nobody. */
const limit = 'echo 0 > /proc/sys/user/max_inotify_watches && exec "$@"'
const possible =
  process.platform === 'linux' && spawnSync('unshare', ['-Ur', 'sh', '-c', limit, 'sh', 'true']).status === 0

test.skipIf(!possible)(
  'without inotify watches the directory is polled, which the log says, and the corner is right',
  async () => {
    const script = join(lab.home, 'start.sh')
    writeFileSync(script, limit)
    const child = lab.start('unshare', ['-Ur', 'sh', script, process.execPath, entry, 'mux', '--detach'])
    await until(() => child.exitCode !== null)
    expect(child.exitCode).toBe(0)
    await until(() => logOf(lab).includes('no watches are left'))
    const program = startProgram(lab, 1)
    await until(() => lab.corner() === '[s1]')
    program.says({ state: 'processing', waitingFor: null })
    await until(() => lab.corner() === '')
  },
)
