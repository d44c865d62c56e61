import type { Agent } from './agent.ts'

/** The user's own shell, which tells of nothing but its end. */
export const shell: Agent = {
  kind: 'shell',
  title: 'The shell',
  program: '',
  install: undefined,
  oldest: undefined,
  declares: ['starting', 'exited'],
  variables: /^$/,
  begins: {},
  ends: 'always-left',
  async prepare({ program, args, env }, tell) {
    return {
      argv: [program || env.SHELL || '/bin/sh', ...args],
      env: {},
      started: () => tell({ type: 'ready' }),
      async close() {},
    }
  },
}
