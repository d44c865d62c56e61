import { globalArgs } from './arguments.ts'
import { version } from './package-version.ts'
import { defineVerb } from './verb.ts'

/** All commands; each verb's file is loaded when it is asked for. */
export const q = defineVerb({
  meta: { name: 'q', version, description: 'AI chat sessions side by side in tmux' },
  subCommands: {
    mux: async () => mux,
    chat: () => import('./verbs/chat.ts').then((file) => file.default),
    config: async () => config,
    name: () => import('./verbs/name.ts').then((file) => file.default),
    completion: () => import('./verbs/completion.ts').then((file) => file.default),
    complete: () => import('./verbs/complete.ts').then((file) => file.default),
  },
})

const mux = defineVerb({
  meta: { name: 'mux', description: 'Start the workspace, or attach to it; restores what was open' },
  args: {
    ...globalArgs,
    'take-over': {
      type: 'boolean',
      description: 'Rename a tmux session that is in the way, as a plugin restores it, and start',
    },
    detach: { type: 'boolean', alias: 'd', description: 'Start without attaching: for scripts and ssh' },
  },
  subCommands: {
    new: () => import('./verbs/new.ts').then((file) => file.default),
    open: () => import('./verbs/open.ts').then((file) => file.default),
    list: () => import('./verbs/list.ts').then((file) => file.default),
    switch: () => import('./verbs/switch.ts').then((file) => file.default),
    next: () => import('./verbs/next.ts').then((file) => file.default),
    back: () => import('./verbs/back.ts').then((file) => file.default),
    rename: () => import('./verbs/rename.ts').then((file) => file.default),
    close: () => import('./verbs/close.ts').then((file) => file.default),
    search: () => import('./verbs/search.ts').then((file) => file.default),
    send: () => import('./verbs/send.ts').then((file) => file.default),
    approve: () => import('./verbs/approve.ts').then((file) => file.default),
    deny: () => import('./verbs/deny.ts').then((file) => file.default),
    wait: () => import('./verbs/wait.ts').then((file) => file.default),
    watch: () => import('./verbs/watch.ts').then((file) => file.default),
    pick: () => import('./verbs/pick.ts').then((file) => file.default),
    hooks: () => import('./verbs/hooks.ts').then((file) => file.default),
    status: () => import('./verbs/status.ts').then((file) => file.default),
    stop: () => import('./verbs/stop.ts').then((file) => file.default),
    cleanup: () => import('./verbs/cleanup.ts').then((file) => file.default),
    doctor: () => import('./verbs/doctor.ts').then((file) => file.default),
    import: () => import('./verbs/import.ts').then((file) => file.default),
  },
  run: async ({ args }) => (await import('./verbs/mux.ts')).start(args),
})

const config = defineVerb({
  meta: { name: 'config', description: 'Show, change and check the configuration' },
  subCommands: {
    path: () => import('./verbs/config.ts').then((file) => file.path),
    list: () => import('./verbs/config.ts').then((file) => file.list),
    get: () => import('./verbs/config.ts').then((file) => file.get),
    set: () => import('./verbs/config.ts').then((file) => file.set),
    unset: () => import('./verbs/config.ts').then((file) => file.unset),
    check: () => import('./verbs/config.ts').then((file) => file.check),
  },
})
