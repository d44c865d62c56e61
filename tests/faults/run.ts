// The long form of kills.test.ts: `npm run test:faults`, some minutes.
import { setup } from '../support/build.ts'
import { killAtRandom } from './kills.ts'

setup()
const toll = await killAtRandom(500, 50, (line) => console.log(line))
console.log(toll)
process.exitCode = toll.lost.length + toll.doubled.length === 0 && toll.integrity === 'ok' ? 0 : 1
