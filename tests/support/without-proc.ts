import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entry, type Lab, type Result } from './lab.ts'
import { until } from './until.ts'

/** Whether a mount namespace may be made here, in which /proc can be hidden. */
export function mayHideProc(): boolean {
  return spawnSync('unshare', ['-m', 'true']).status === 0
}

/** A machine like a lab's in which there is no /proc: processes are told of by ps alone, as on macOS. */
export interface WithoutProc {
  /** `q WORDS…` there. */
  q(words: string[]): Promise<Result>
  /** The words that run a program there. */
  inside: string[]
  /** What ps was asked, one line a call. */
  asked(): string[]
}

/**
 * Hides /proc for what runs in a mount namespace of the lab's own. `ps` there takes flags as BSD's does, and sees the real
 * /proc, which stands at a place that only it knows.
 */
export async function hideProc(lab: Lab): Promise<WithoutProc> {
  const at = join(lab.home, 'no-proc')
  const [kept, realPs, ps, log] = ['kept', 'real-ps', 'ps', 'asked'].map((name) => join(at, name)) as [
    string,
    string,
    string,
    string,
  ]
  mkdirSync(kept, { recursive: true })
  copyFileSync('/usr/bin/ps', realPs)
  writeFileSync(log, '')
  writeFileSync(
    ps,
    `#!/bin/sh
echo "$*" >>'${log}'
case "$*" in *=,*) echo 'a heading may hold commas' >&2; exit 1 ;; esac
exec unshare -m sh -c 'mount --bind "$0" /proc && exec "$@"' '${kept}' '${realPs}' "$@"
`,
  )
  chmodSync(ps, 0o755)
  const script = `mount --bind /proc '${kept}' && mount --bind '${ps}' /usr/bin/ps && mount -t tmpfs none /proc && echo hidden && exec sleep 1000`
  const keeper = lab.start('unshare', ['-m', 'sh', '-c', script])
  let said = ''
  keeper.stdout?.on('data', (data) => {
    said += data
  })
  await until(() => said === 'hidden\n', { what: 'a namespace without /proc' })
  const inside = ['nsenter', '-m', '-t', String(keeper.pid), `--wd=${lab.home}`, '--']
  return {
    inside,
    asked: () => readFileSync(log, 'utf8').split('\n').slice(0, -1),
    q: (words) =>
      new Promise((resolve) => {
        const [program = '', ...before] = [...inside, process.execPath, entry, ...words]
        execFile(program, before, { env: lab.env, timeout: 150_000 }, (error, stdout, stderr) =>
          resolve({ code: error ? (typeof error.code === 'number' ? error.code : -1) : 0, stdout, stderr }),
        )
      }),
  }
}
