import { errorCode } from './errors.ts'

/**
 * Sends a signal to a process group; 0 only asks whether it is there. Returns whether anybody was there to hear it.
 * undefined: there is no group, as of a program that did not start.
 */
export function signalGroup(group: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (group === undefined) return false
  try {
    return process.kill(-group, signal)
  } catch (error) {
    // EPERM: on macOS a group of zombies only.
    if (errorCode(error) === 'ESRCH' || errorCode(error) === 'EPERM') return false
    throw error
  }
}
