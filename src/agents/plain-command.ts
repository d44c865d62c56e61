import type { Agent } from './agent.ts'

/** Any command: it works while it runs, and its end is its answer. It is run again only when somebody says so. */
export const plain: Agent = {
  kind: 'plain',
  title: 'The command',
  program: '',
  install: undefined,
  oldest: undefined,
  declares: ['input', 'error', 'processing', 'exited'],
  variables: /^$/,
  begins: {},
  ends: 'as-result',
  async prepare({ program, args }, tell) {
    const argv = program === '' ? args : [program, ...args]
    return {
      argv,
      env: {},
      started: () => tell({ type: 'prompt', text: argv.join(' ') }),
      async close() {},
    }
  },
}
