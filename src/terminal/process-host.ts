import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../base/clock.ts'
import type { Host } from './terminal.ts'

export const processClock: Clock = { now: () => performance.now(), sleep: (ms) => sleep(ms) }

/** This process, as a terminal needs it. `hasShell`: Ctrl-Z goes back to one; a window of the workspace has none. */
export function processHost(hasShell: boolean): Host {
  return {
    clock: processClock,
    onExit: (listener) => void process.once('exit', listener),
    onInterrupt(listener) {
      process.on('SIGINT', listener)
      return () => process.off('SIGINT', listener)
    },
    jobs: hasShell
      ? {
          // The whole group, as the terminal does it: whoever started us stops with us.
          stop: () => void process.kill(0, 'SIGTSTP'),
          onContinue: (listener) => void process.on('SIGCONT', listener),
        }
      : undefined,
  }
}
