import { hostProcesses } from '../../src/app/processes.ts'

/** The processes of the machine that the tests run on. */
export const processes = hostProcesses(process.env)
export const { livenessOf, processOf, thisProcess } = processes
