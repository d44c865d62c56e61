import { runToEnd } from './cli/end.ts'
import { workerVerb } from './cli/worker-command.ts'

/** `q worker …` as a program of its own: one file instead of twenty, because a window's prompt is to be up at once. */
export const main = (): Promise<void> => runToEnd(() => workerVerb(process.argv.slice(3)))
