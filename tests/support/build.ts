import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Tests that start real processes start the bundle, as users do: it is made from the present sources first. */
export function setup(): void {
  execFileSync(
    process.execPath,
    [fileURLToPath(new URL('../../scripts/build.ts', import.meta.url)), '--keep'],
    {
      stdio: 'inherit',
    },
  )
}
