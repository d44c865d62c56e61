import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { loadConfig } from '../../config/file/load-config.ts'
import { pathsFor } from '../../config/paths/paths.ts'
import { numberedName } from '../../domain/session-name.ts'
import { sayWhenSilent } from '../../terminal/standard-input.ts'
import { print } from '../../text/print.ts'
import { defineVerb } from '../verb.ts'

/** Where nothing was named yet. */
const noNames = { taken: () => false, highest: () => 0 }

export default defineVerb({
  meta: { name: 'name', description: 'The name and type that a conversation beginning so would get' },
  args: {
    text: {
      type: 'positional',
      rest: true,
      required: true,
      description: 'What is said first; - reads one text a line',
    },
  },
  async run({ args }) {
    const { configFile } = pathsFor(process.env, 'q', { uid: process.getuid?.() ?? 0, tmpdir: tmpdir() })
    const { name_max_length: maxLength } = (await loadConfig(configFile, process.env)).settings.sessions
    const [{ nameFrom }, { typeFrom }] = await Promise.all([
      import('../../naming/name-from.ts'),
      import('../../naming/type-from.ts'),
    ])
    const row = (text: string): string => {
      const type = typeFrom([text])
      return `${nameFrom([text], { maxLength }) ?? numberedName(type, noNames)}\t${type}\n`
    }
    if (args._.length !== 1 || args._[0] !== '-') {
      print(row(args._.join(' ')))
      return
    }
    const callOff = sayWhenSilent()
    for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
      callOff()
      if (!print(row(line))) await new Promise((resolve) => process.stdout.once('drain', resolve))
    }
    callOff()
  },
})
