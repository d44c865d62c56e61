import { expect } from 'vitest'
import type { Agent, AgentQuestion, AgentRun, PreparedAgent, Told } from '../../src/agents/agent.ts'
import { until } from '../support/until.ts'

/** An agent that is prepared, and what it told. */
export interface Prepared {
  agent: PreparedAgent
  told: Told[]
  /** What went wrong in what nobody waits for. */
  wrong: unknown[]
  hears(...told: unknown[]): Promise<void>
  question(): Promise<AgentQuestion>
}

const open: PreparedAgent[] = []

/** Prepares a run; it is closed by `closeAgents`. */
export async function prepareAgent(agent: Agent, run: Partial<AgentRun>): Promise<Prepared> {
  const told: Told[] = []
  const wrong: unknown[] = []
  const prepared = await agent.prepare(
    {
      session: '00000001-0000-4000-8000-000000000000',
      program: agent.program,
      args: [],
      env: {},
      cwd: '/',
      directory: '/',
      conversation: undefined,
      prompt: undefined,
      watch: async () => ({ close: async () => {} }),
      parentOf: () => undefined,
      now: Date.now,
      beside: (work) => void work.catch((error: unknown) => wrong.push(error)),
      ...run,
    },
    (one) => told.push(one),
  )
  open.push(prepared)
  return {
    agent: prepared,
    told,
    wrong,
    async hears(...more) {
      await until(() => told.length >= more.length, { what: `${more.length} facts` })
      expect(told.splice(0)).toEqual(more)
    },
    async question() {
      const asks = await until(() => told.find((one) => one.type === 'asks'))
      return asks.question
    },
  }
}

export async function closeAgents(): Promise<void> {
  for (const one of open.splice(0)) await one.close()
}
