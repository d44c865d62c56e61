import { existsSync } from 'node:fs'
import { readInvocation } from '../../app/invocation.ts'
import { setValue, unsetValue } from '../../config/file/edit-config.ts'
import { getValue, listSettings } from '../../config/file/list-settings.ts'
import { examineRules } from '../../doctor/examine-rules.ts'
import { print } from '../../text/print.ts'
import { checkRule } from '../../worker/tools/check-rule.ts'
import { talk } from '../talk.ts'
import { defineVerb } from '../verb.ts'

const invocation = () => readInvocation({ workspace: undefined, socket: undefined }, process.env)

export const path = defineVerb({
  meta: { name: 'path', description: 'Where the configuration file is, or would be' },
  run: async () => void print(`${(await invocation()).paths.configFile}\n`),
})

export const list = defineVerb({
  meta: { name: 'list', description: 'Every key, its value and where that comes from' },
  async run() {
    const rows = listSettings((await invocation()).config)
    const width = Math.max(...rows.map((row) => row.key.length))
    // A narrow terminal shows of each row what fits; a pipe gets all of it.
    const room = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY
    for (const row of rows) {
      const value = String(row.value ?? '').padEnd(12)
      const line = `${row.key.padEnd(width)}  ${value}  ${row.origin.padEnd(11)}  ${row.description}`
      print(`${line.length > room ? `${line.slice(0, room - 1)}…` : line}\n`)
    }
  },
})

export const get = defineVerb({
  meta: { name: 'get', description: "One key's value" },
  args: {
    key: {
      type: 'positional',
      completes: 'setting',
      required: true,
      description: 'Such as ui.indicator_position',
    },
  },
  run: async ({ args }) => void print(`${getValue((await invocation()).config, args.key) ?? ''}\n`),
})

export const set = defineVerb({
  meta: { name: 'set', description: 'Change a key in the file; comments are kept' },
  args: {
    key: {
      type: 'positional',
      completes: 'setting',
      required: true,
      description: 'Such as ui.indicator_position',
    },
    value: { type: 'positional', required: true, description: 'Its new value' },
  },
  async run({ args }) {
    const { paths } = await invocation()
    const { key, value, changed } = await setValue(paths.configFile, args.key, args.value, checkRule)
    ;(await talk()).log(
      changed ? `${key} is now ${value} in ${paths.configFile}` : `${key} was ${value} already`,
    )
  },
})

export const unset = defineVerb({
  meta: { name: 'unset', description: 'Take a key out of the file: its default counts again' },
  args: {
    key: {
      type: 'positional',
      completes: 'setting',
      required: true,
      description: 'Such as ui.indicator_position',
    },
  },
  async run({ args }) {
    const { paths } = await invocation()
    const { key, changed } = await unsetValue(paths.configFile, args.key)
    const words = changed ? 'is no longer' : 'was not'
    ;(await talk()).log(`${key} ${words} set in ${paths.configFile}`)
  },
})

export const check = defineVerb({
  meta: { name: 'check', description: 'Check the file, and show by examples what each tool rule covers' },
  async run() {
    const found = await invocation()
    const { file } = found.config
    print(existsSync(file) ? `${file}: nothing is wrong\n` : `${file}: not there, which is fine\n`)
    for (const { list, text, from, matching, other, note } of await examineRules(found, process.cwd())) {
      const examples = matching.map((example) => `  ${list === 'deny' ? 'refused' : 'trusted'}  ${example}\n`)
      const notes = note === undefined ? '' : `  note     ${note}\n`
      const origin = from === file ? '' : `  (${from})`
      print(`\n${list} ${text}${origin}\n${examples.join('')}  not      ${other}\n${notes}`)
    }
  },
})
