// The long form of kills.test.ts: `npm run test:faults`, some minutes.
import { setup } from '../support/build.ts'
import { killAtRandom } from './kills.ts'

const stopper = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => stopper.abort(new Error(`ended by ${signal}`)))

setup()
const toll = await killAtRandom(500, 50, (line) => console.log(line), stopper.signal)
console.log(toll)
process.exitCode =
  toll.lost.length + toll.doubled.length + toll.strays.length === 0 && toll.integrity === 'ok' ? 0 : 1
