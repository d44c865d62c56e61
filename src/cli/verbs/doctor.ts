import { exitCode } from '../../base/errors.ts'
import { examine } from '../../doctor/examine-all.ts'
import { print } from '../../text/print.ts'
import { createStyle, wantsColour } from '../../text/style.ts'
import { globalArgs } from '../arguments.ts'
import { defineVerb } from '../verb.ts'

const signs = { ok: '✓', note: '!', bad: '✗' } as const

export default defineVerb({
  meta: { name: 'doctor', description: 'Check everything q mux needs, and say what to do' },
  args: {
    probe: { type: 'boolean', description: 'Also ask the model for one token' },
    deep: { type: 'boolean', description: 'Also read every page of the database, which takes a while' },
    ...globalArgs,
  },
  async run({ args }) {
    const style = createStyle(wantsColour(process.stdout, process.env))
    const colours = { ok: style.green, note: style.yellow, bad: style.red }
    let failed = false
    for await (const { level, about, detail, advice } of examine(
      { workspace: args.workspace, socket: args.socket },
      process.env,
      { probe: args.probe === true, deep: args.deep === true },
    )) {
      failed ||= level === 'bad'
      print(`${colours[level](signs[level])} ${about.padEnd(14)} ${detail}\n`)
      if (advice) print(`  ${' '.repeat(14)} ${style.dim(`→ ${advice}`)}\n`)
    }
    return failed ? exitCode.failed : exitCode.done
  },
})
