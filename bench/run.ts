// npm run bench [-- NAME…] [--json]: measures what docs promise, each figure beside its floor in the same run. Always
// ends with 0: the machine decides too much for a figure to fail anything. Linux only (proc, util-linux's script).
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { setup as build } from '../tests/support/build.ts'
import { describeMachine } from './machine.ts'
import type { Row } from './measure.ts'
import { heading, type Result, resultOf, tableLine } from './report.ts'
import { disposeAll } from './workspace.ts'

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => void disposeAll().finally(() => process.exit(130)))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, 'no-build': { type: 'boolean', default: false } },
})
const known = readdirSync(new URL('rows/', import.meta.url)).map((file) => file.replace(/\.ts$/, ''))
const unknown = positionals.find((name) => !known.includes(name))
if (unknown !== undefined) {
  process.stderr.write(`bench: there is no row ${unknown}; there are: ${known.join(', ')}\n`)
  process.exit(2)
}
if (!values['no-build']) build()

const machine = describeMachine()
const say = (line: string): void => void (values.json || process.stdout.write(`${line}\n`))
say(machine)
say(heading)
const results: Result[] = []
for (const name of known.filter((each) => positionals.length === 0 || positionals.includes(each))) {
  try {
    const { row }: { row: Row } = await import(`./rows/${name}.ts`)
    if (row.onlyNamed && positionals.length === 0) {
      say(`${name.padEnd(8)}  only when it is named: npm run bench -- ${name}`)
      continue
    }
    for (const line of await row.run()) {
      const result = resultOf(name, line)
      results.push(result)
      say(tableLine(result))
    }
  } catch (error) {
    const failed = { row: name, failed: error instanceof Error ? error.message : String(error) }
    results.push(failed)
    say(tableLine(failed))
  }
}
if (values.json) process.stdout.write(`${JSON.stringify({ machine, results }, null, 2)}\n`)
process.exit(0)
