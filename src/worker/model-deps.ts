import type { Terminal } from '../terminal/terminal.ts'
import type { ModelContext } from './context/model-context.ts'
import type { Approvals } from './tools/ask-approval.ts'
import type { WorkerTools } from './tools/worker-tools.ts'
import type { WorkerDeps } from './worker-deps.ts'

/** What only a model needs, made when it is first asked for: the prompt does not wait for it. */
export interface ModelDeps {
  /** As the settings are now. @throws UserError for a rule that is none */
  tools(): Promise<WorkerTools>
  context(): Promise<ModelContext>
  /** Ends what the tools keep running. */
  close(): Promise<void>
}

export function createModelDeps(deps: WorkerDeps, terminal: Terminal, approvals: Approvals): ModelDeps {
  let tools: Promise<WorkerTools> | undefined
  let context: Promise<ModelContext> | undefined
  return {
    async tools() {
      tools ??= import('./tools/worker-tools.ts').then(({ createTools }) =>
        createTools({ ...deps, terminal, approvals, settings: deps.tools }),
      )
      const ready = await tools
      await ready.refresh()
      return ready
    },
    context() {
      context ??= import('./context/model-context.ts').then(({ createModelContext }) =>
        createModelContext({
          session: deps.session,
          trouble: deps.directory.trouble,
          store: deps.store,
          limits: deps.contextLimits,
          keptBack: deps.keptBack,
        }),
      )
      return context
    },
    async close() {
      await tools?.then((ready) => ready.close(), ignore)
    },
  }
}

/** Tools that could not be made were complained about, and have nothing to close. */
function ignore(): void {}
